/**
 * The messages of mails and pages by language, from templates/messages/<language>.yaml (rule: files).
 * A workspace's catalogue goes before the package's, key by key, so that one word can be changed alone.
 */
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { directionOfLanguage, isolated } from '../domain/direction.js';
import { GazetteError } from '../domain/errors.js';
import { languageTags } from '../domain/language.js';
import type { Messages } from '../domain/ports/content.js';
import type { TemplateState } from './template-files.js';
import { dataFromYaml } from './yaml-file.js';

const PLURALS = ['zero', 'one', 'two', 'few', 'many', 'other'] as const;
type Plural = Partial<Record<(typeof PLURALS)[number], string>> & { other: string };
interface Tree {
  [key: string]: string | Tree;
}

const treeSchema: z.ZodType<Tree> = z.lazy(() => z.record(z.string(), z.union([z.string(), treeSchema])));

/** A message and where it was read. */
interface Message {
  readonly text: string | Plural;
  readonly shown: string;
}
type Catalogue = ReadonlyMap<string, Message>;

/** The messages of a language or its base language. Throws `theme.missing` when there are none. */
export async function messagesIn(state: TemplateState, language: string): Promise<Messages> {
  const tag = tagOf(state, language);
  if (tag !== undefined)
    return state.parsed(`messages ${language}`, async () => messagesOf(language, tag, await catalogueOf(state, tag)));
  throw new GazetteError('theme.missing', `There are no messages for the language “${language}”.`, {
    hint: `Copy templates/messages/en.yaml to templates/messages/${language}.yaml and translate it.`,
  });
}

export function hasMessages(state: TemplateState, language: string): boolean {
  return tagOf(state, language) !== undefined;
}

/** A hash over the messages of an issue's mails, in all languages; those of pages and confirmations are not part of it. */
export function mailMessagesHash(state: TemplateState): Promise<string> {
  return state.parsed('messages hash', async () => {
    const hash = createHash('sha256');
    for (const tag of languagesIn(state)) {
      const mails = [...(await catalogueOf(state, tag))].filter(([key]) => !/^(?:page|confirm|frequency)\./.test(key));
      hash.update(JSON.stringify([tag, mails.map(([key, { text }]) => [key, text])]));
    }
    return hash.digest('hex');
  });
}

/** The catalogue that a language uses. */
function tagOf(state: TemplateState, language: string): string | undefined {
  return languageTags(language).find((tag) => placesOf(state, tag).length > 0);
}

/** The files of a catalogue; what a later one says replaces what an earlier one says. */
function placesOf({ folders, text }: TemplateState, tag: string): readonly string[] {
  const paths = folders.map((folder) => join(folder, 'messages', `${tag}.yaml`));
  return paths.filter((path) => text(path) !== undefined).toReversed();
}

function catalogueOf(state: TemplateState, tag: string): Promise<Catalogue> {
  return state.parsed(`catalogue ${tag}`, () => {
    const merged = new Map<string, Message>();
    for (const path of placesOf(state, tag)) {
      const shown = state.shown(path);
      gather(dataFromYaml(treeSchema, state.text(path) ?? '', shown), '', shown, merged);
    }
    return merged;
  });
}

function languagesIn({ folders, list }: TemplateState): readonly string[] {
  const paths = folders.flatMap((folder) => list(join(folder, 'messages')));
  const names = paths.filter((path) => path.endsWith('.yaml')).map((path) => basename(path, '.yaml'));
  return [...new Set(names)].sort();
}

function gather(tree: Tree, prefix: string, shown: string, into: Map<string, Message>): void {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') {
      into.set(prefix + key, { text: value, shown });
      continue;
    }
    if (isPlural(value)) into.set(prefix + key, { text: value, shown });
    // Its forms also one by one: a file that changes `section.other` alone looks like a plural.
    gather(value, `${prefix}${key}.`, shown, into);
  }
}

function isPlural(tree: Tree): tree is Tree & Plural {
  const names: readonly string[] = PLURALS;
  return (
    'other' in tree && Object.entries(tree).every(([key, text]) => names.includes(key) && typeof text === 'string')
  );
}

function messagesOf(language: string, tag: string, catalogue: Catalogue): Messages {
  const direction = directionOfLanguage(language);
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return {
    language,
    catalogue: tag,
    direction,
    say(key, values = {}) {
      const message = catalogue.get(key);
      if (message === undefined) {
        throw new GazetteError('theme.invalid', `There is no message “${key}” in the language “${language}”.`, {
          hint: `Add it to templates/messages/${language}.yaml.`,
        });
      }
      const pattern = patternOf(message.text, values, plurals);
      return pattern.replace(/\{([A-Za-z]\w*)\}/g, (tag, name: string) => {
        const value = values[name];
        if (value === undefined) {
          throw new GazetteError('theme.invalid', `The message “${key}” asks for {${name}}, which is not given here.`, {
            where: message.shown,
          });
        }
        if (typeof value === 'number') return numbers.format(value);
        return pattern === tag ? value : isolated(value, direction);
      });
    },
  };
}

/** The form that goes with the first number among the values. */
function patternOf(
  text: string | Plural,
  values: { readonly [name: string]: string | number },
  plurals: Intl.PluralRules,
): string {
  if (typeof text === 'string') return text;
  const count = Object.values(values).find((value) => typeof value === 'number');
  return text[typeof count === 'number' ? plurals.select(count) : 'other'] ?? text.other;
}
