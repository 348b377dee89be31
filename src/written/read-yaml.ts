/** A YAML file that a person wrote, as data that remembers where it was written. Nothing in a file is ever run. */
import { type Document, isCollection, isMap, isPair, isScalar, type Node, visit } from 'yaml';
import type { Problem } from '../domain/errors.js';
import { type ParsedYaml, parseYaml } from './parse-yaml.js';
import { NO_SUCH_ALIAS, SECOND_DOCUMENT, TOO_DEEP, TOO_MANY_ALIASES, yamlWords } from './yaml-words.js';

export type SettingPath = readonly (string | number)[];

export interface SettingsText {
  /** The file as data; `undefined` when it could not be read, and `problems` says why. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** file:line:column of a value, or of the nearest thing around it that was written. */
  whereOf(path: SettingPath): string;
  /** file:line:column of a key itself. */
  whereOfKey(path: SettingPath): string;
}

/** Reads YAML 1.2. @param file as people should see it */
export function readYaml(bytes: Uint8Array, file: string): SettingsText {
  const text = utf8From(bytes);
  if (text !== undefined) return readYamlText(text, file);
  return unread([{ where: `${file}:1:1`, message: 'The file is not UTF-8; save it as UTF-8.' }]);
}

/** Reads YAML 1.2 that is text already. @param file as people should see it */
export function readYamlText(text: string, file: string): SettingsText {
  const parsed = parseYaml(text);
  const at = (offset: number): string => {
    const { line, column } = parsed.placeOf(offset);
    return `${file}:${line}:${column}`;
  };
  const problems = syntaxProblems(parsed, text).map(({ offset, message }) => ({ where: at(offset), message }));
  if (problems.length > 0) return unread(problems);
  const { contents } = parsed.document;
  const data = dataOf(parsed.document);
  if (!data) return unread([{ where: `${file}:1:1`, message: TOO_MANY_ALIASES }]);
  return {
    value: data.value,
    problems: [],
    whereOf: (path) => at(startOf(nodeAt(contents, path))),
    whereOfKey: (path) => at(startOf(keyAt(contents, path) ?? nodeAt(contents, path))),
  };
}

function unread(problems: readonly Problem[]): SettingsText {
  const where = problems[0]?.where ?? '';
  return { value: undefined, problems, whereOf: () => where, whereOfKey: () => where };
}

/** Far above any honest file: a few aliases of aliases can otherwise fill the memory. */
const MOST_ALIASES = 50;

/** `undefined`: aliases of aliases make too much of it. */
function dataOf(document: Document.Parsed): { readonly value: unknown } | undefined {
  try {
    return { value: document.toJS({ maxAliasCount: MOST_ALIASES }) ?? undefined };
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

interface SyntaxProblem {
  readonly offset: number;
  readonly message: string;
}

/** What keeps a text from being YAML, the first of each line: the rest of a line follows from it. */
function syntaxProblems(
  { document, tooDeepAt, secondAt, placeOf }: ParsedYaml,
  text: string,
): readonly SyntaxProblem[] {
  if (tooDeepAt !== undefined) return [{ offset: tooDeepAt, message: TOO_DEEP }];
  const errors = [...document.errors, ...document.warnings];
  const found: SyntaxProblem[] = errors.map((error) => ({ offset: error.pos[0], message: yamlWords(error, text) }));
  if (secondAt !== undefined) found.push({ offset: secondAt, message: SECOND_DOCUMENT });
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) === undefined) found.push({ offset: alias.range?.[0] ?? 0, message: NO_SUCH_ALIAS });
    },
  });
  const lineOf = ({ offset }: SyntaxProblem) => placeOf(offset).line;
  const sorted = found.sort((a, b) => a.offset - b.offset);
  return sorted.filter(
    (problem, index) => index === 0 || lineOf(problem) !== lineOf(sorted[index - 1] as SyntaxProblem),
  );
}

function utf8From(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function startOf(node: Node | undefined): number {
  return node?.range?.[0] ?? 0;
}

/** The node at a path, or the last one on the way to it. */
function nodeAt(root: Node | null, path: SettingPath): Node | undefined {
  let node = root ?? undefined;
  for (const step of path) {
    const child = isCollection(node) ? childOf(node, step) : undefined;
    if (child === undefined) return node;
    node = child;
  }
  return node;
}

function childOf(parent: Node, step: string | number): Node | undefined {
  if (!isCollection(parent)) return undefined;
  const item = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
    : parent.items[Number(step)];
  // An empty value has no node of its own: its key gives the place.
  return (isPair(item) ? ((item.value as Node | null) ?? (item.key as Node)) : (item as Node | undefined)) ?? undefined;
}

function keyAt(root: Node | null, path: SettingPath): Node | undefined {
  const parent = nodeAt(root, path.slice(0, -1));
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)));
  return pair && (pair.key as Node);
}

/** Whether a value of a settings file is a group of settings. */
export function isGroup(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
