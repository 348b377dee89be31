/** content/sources.yaml: the places posts come from, each checked by the options of its kind (rule: files). */
import type { z } from 'zod';
import type { Problem } from '../domain/errors.js';
import { checkSettings } from '../written/check-settings.js';
import { didYouMean } from '../written/closest-name.js';
import { isGroup, readYaml } from '../written/read-yaml.js';

/** A kind of source as the registry of sources lists it: its options are a strict object with `kind`. */
export interface SourceKind {
  readonly kind: string;
  readonly options: z.ZodType;
}

export interface ReadSources<Options> {
  /** `undefined` when the file could not be read at all: then no name can be called unknown. */
  readonly names: readonly string[] | undefined;
  readonly options: ReadonlyMap<string, Options>;
  readonly problems: readonly Problem[];
}

/** Reads the file; absent bytes are a problem like any other. @param file as people should see it */
export function readSources<Kind extends SourceKind>(
  bytes: Uint8Array | undefined,
  file: string,
  kinds: readonly Kind[],
): ReadSources<z.output<Kind['options']>> {
  const options = new Map<string, z.output<Kind['options']>>();
  const none = (problems: readonly Problem[]) => ({ names: undefined, options, problems });
  if (bytes === undefined)
    return none([{ where: file, message: 'The file is missing; it names where posts come from.' }]);
  const text = readYaml(bytes, file);
  if (text.problems.length > 0) return none(text.problems);
  if (!isGroup(text.value))
    return none([{ where: text.whereOf([]), message: 'Must hold a name and a group of settings for each source.' }]);

  const problems: Problem[] = [];
  for (const [name, entry] of Object.entries(text.value)) {
    const kind = kindOf(entry, kinds);
    if (!/^[\p{L}\p{N}][\p{L}\p{N}_.-]*$/u.test(name))
      problems.push({
        where: text.whereOfKey([name]),
        message: `${name}: A source's name holds letters, digits, “.”, “-” and “_” only.`,
      });
    if ('message' in kind) {
      problems.push({ where: text.whereOf([name, 'kind']), message: `${name}${kind.message}` });
      continue;
    }
    const checked = checkSettings(kind.options, text, entry, [name]);
    if (checked.kind === 'right') options.set(name, checked.settings as z.output<Kind['options']>);
    else problems.push(...checked.problems);
  }
  return { names: Object.keys(text.value), options, problems };
}

function kindOf<Kind extends SourceKind>(entry: unknown, kinds: readonly Kind[]): Kind | { readonly message: string } {
  const names = kinds.map(({ kind }) => kind);
  if (!isGroup(entry)) return { message: `: Must be a group of settings, beginning with kind: ${names.join(' or ')}.` };
  const written = entry.kind;
  if (typeof written !== 'string') return { message: `.kind: Is missing; must be ${names.join(' or ')}.` };
  const found = kinds.find(({ kind }) => kind === written);
  const meant = didYouMean(written, names) || ` Known kinds: ${names.join(', ')}.`;
  return found ?? { message: `.kind: There is no kind of source “${written}”.${meant}` };
}
