/** A settings file as data that remembers where it was written. Nothing in a file is ever run. */
import {
  type Document,
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import type { Problem } from '../domain/errors.js';

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
  const lines = new LineCounter();
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const text = utf8From(bytes);
  if (text === undefined)
    return unread([{ where: `${file}:1:1`, message: 'The file is not UTF-8; save it as UTF-8.' }]);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems = syntaxProblems(document, text).map(({ offset, message }) => ({ where: at(offset), message }));
  if (problems.length > 0) return unread(problems);
  const { contents } = document;
  const value = dataOf(document);
  if (value === TOO_MANY_ALIASES)
    return unread([{ where: `${file}:1:1`, message: 'The file refers to its own parts (“*name”) too often.' }]);
  return {
    value,
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

const TOO_MANY_ALIASES = Symbol('too many aliases');

function dataOf(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES }) ?? undefined;
  } catch (error) {
    if (error instanceof ReferenceError) return TOO_MANY_ALIASES;
    throw error;
  }
}

interface SyntaxProblem {
  readonly offset: number;
  readonly message: string;
}

/** What keeps a text from being YAML, the first of each line: the rest of a line follows from it. */
function syntaxProblems(document: Document.Parsed, text: string): readonly SyntaxProblem[] {
  const found: SyntaxProblem[] = [...document.errors, ...document.warnings].map((error) => ({
    offset: error.pos[0],
    message: plainMessage(error, text),
  }));
  visit(document, {
    Alias: (_, alias) => {
      const message = 'Text that begins with “*” must be in quotes: "…".';
      if (alias.resolve(document) === undefined) found.push({ offset: alias.range?.[0] ?? 0, message });
    },
  });
  const lineOf = ({ offset }: SyntaxProblem) => text.slice(0, offset).split('\n').length;
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

interface YamlProblem {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** Helpful messages for common mistakes; the parser's own for the rest. */
function plainMessage({ code, message, pos }: YamlProblem, text: string): string {
  const character = text[pos[0]] ?? '';
  switch (code) {
    case 'DUPLICATE_KEY':
      return `“${/^[^:\n]*/.exec(text.slice(pos[0]))?.[0].trim()}” is here a second time; keep one of the two.`;
    case 'TAB_AS_INDENT':
      return 'The line begins with a tab; begin it with spaces.';
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'There is a colon inside the text; put the text in quotes: "…: …".';
    case 'BAD_SCALAR_START':
      return `Text that begins with “${character}” must be in quotes: "…".`;
    case 'TAG_RESOLVE_FAILED':
      return 'Tags such as “!something” mean nothing here; put the text in quotes if it is meant literally.';
    case 'MULTIPLE_DOCS':
      return 'A second document begins here (“---”); a settings file holds one.';
    default:
      return `${message.replace(/\.$/, '')}.`;
  }
}

/** Whether a value of a settings file is a group of settings. */
export function isGroup(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
