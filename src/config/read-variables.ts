/** The variables as an operator set them: environment before .env, and secrets also from files. */
import { isAbsolute, join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Problem } from '../domain/errors.js';
import type { Files } from '../domain/ports/host.js';
import { didYouMean } from '../written/closest-name.js';
import { VARIABLES, type Variable } from './environment.js';

export interface EnvironmentSources {
  readonly env: { readonly [name: string]: string | undefined };
  /** The text of .env in the workspace; empty when there is none. */
  readonly dotenv: string;
  readonly files: Pick<Files, 'read'>;
  /** What a relative `_FILE` path is relative to: absolute. */
  readonly root: string;
}

/** A value with the place it was set at: `environment`, `.env:3`, or the file it was read from. */
export interface SetVariable {
  readonly value: string;
  readonly where: string;
}

/** How the variable that holds the credentials of a source is called: `GAZETTE_SOURCE_MY_BLOG`. */
export function sourceVariableName(source: string): string {
  return `${SOURCE_PREFIX}${source.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

const SOURCE_PREFIX = 'GAZETTE_SOURCE_';

export interface Variables {
  /** By name, without those that are empty. */
  readonly set: ReadonlyMap<string, SetVariable>;
  readonly problems: readonly Problem[];
}

/** Reads every variable of `VARIABLES`. Values are in no problem's text. */
export async function readVariables({ env, dotenv, files, root }: EnvironmentSources): Promise<Variables> {
  const fromFile = parseEnv(dotenv);
  const find = (name: string): SetVariable | undefined => {
    const set = [
      { value: env[name], where: 'environment' },
      { value: fromFile[name], where: placeIn(dotenv, name) },
    ].find(({ value }) => value?.trim());
    return set && { value: (set.value ?? '').trim(), where: set.where };
  };
  const set = new Map<string, SetVariable>();
  const problems: Problem[] = [...unknownNames(fromFile, dotenv)];
  const ofSources = [...Object.keys(env), ...Object.keys(fromFile)]
    .filter((name) => name.startsWith(SOURCE_PREFIX))
    .map((name) => ({ name: name.replace(/_FILE$/, ''), isSecret: true }));
  for (const { name, isSecret, aliases = [] } of [...VARIABLES, ...ofSources] as readonly NamedVariable[]) {
    const own = [name, ...aliases].map(find).find((found) => found !== undefined);
    const path = isSecret ? find(`${name}_FILE`) : undefined;
    if (own && path) problems.push({ where: path.where, message: `${name}: Is set twice, by ${name}_FILE as well.` });
    const variable = own ?? (path && (await readSecret(path, files, root)));
    if (variable) set.set(name, variable);
    else if (path)
      problems.push({ where: path.where, message: `${name}_FILE: There is no such file, or it is empty.` });
  }
  return { set, problems };
}

type NamedVariable = Pick<Variable, 'name' | 'isSecret' | 'aliases'>;

async function readSecret(
  path: SetVariable,
  files: Pick<Files, 'read'>,
  root: string,
): Promise<SetVariable | undefined> {
  const file = isAbsolute(path.value) ? path.value : join(root, path.value);
  const bytes = await files.read(file);
  const value = new TextDecoder().decode(bytes).trim();
  return value === '' ? undefined : { value, where: file };
}

/** Only in .env: an environment is shared, and other programs put names there that begin alike. */
function unknownNames(values: { readonly [name: string]: string | undefined }, dotenv: string): readonly Problem[] {
  const known = VARIABLES.flatMap(({ name, isSecret }) => (isSecret ? [name, `${name}_FILE`] : [name]));
  return Object.keys(values)
    .filter((name) => name.startsWith('GAZETTE_') && !name.startsWith(SOURCE_PREFIX) && !known.includes(name))
    .map((name) => ({
      where: placeIn(dotenv, name),
      message: `${name}: There is no such variable.${didYouMean(name, known)}`,
    }));
}

/** `.env:3`, by the last line that sets the name: that is the one that holds. */
function placeIn(dotenv: string, name: string): string {
  const lines = dotenv.split('\n').map((line) => line.replace(/^\s*(?:export\s+)?/, ''));
  const line = lines.findLastIndex((text) => text.startsWith(name) && /^\s*=/.test(text.slice(name.length)));
  return line < 0 ? '.env' : `.env:${line + 1}`;
}
