/**
 * The block of YAML at the head of a file. gray-matter parts it from the body; its engines that
 * run code are refused, and its cache, which hands one caller's changes to the next, is never used.
 */
import matter from 'gray-matter';
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { Trouble } from './trouble.js';

export interface FrontMatter {
  /** By key in lower case. */
  readonly fields: ReadonlyMap<string, Field>;
  readonly body: string;
  /** The line of the file on which the body begins. */
  readonly bodyLine: number;
  /** Whether the file has a block at all; an empty one counts. */
  readonly present: boolean;
}

/** One key of front matter with its value as plain data. */
export interface Field {
  /** As written. */
  readonly key: string;
  readonly value: unknown;
  /** A single value as its author wrote it: `1.10` stays `1.10`. */
  readonly written?: string;
  readonly line: number;
  readonly column: number;
}

const LONGEST = 100_000;

export type FrontMatterResult =
  | { readonly kind: 'read'; readonly frontMatter: FrontMatter }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

/** Parts a text with LF line ends into front matter and body. Never runs anything the file says. */
export function frontMatterFrom(text: string): FrontMatterResult {
  const opening = /^---[ \t]*(\S*)[^\n]*(?:\n|$)/.exec(text);
  if (opening === null) {
    if (/^\+\+\+[ \t]*\n/.test(text)) return refused(1, 'TOML front matter is not read. Write it as YAML between ---.');
    return { kind: 'read', frontMatter: { fields: new Map(), body: text, bodyLine: 1, present: false } };
  }
  const language = opening[1] ?? '';
  // A line of dashes is a rule of Markdown.
  if (language.startsWith('-')) {
    return { kind: 'read', frontMatter: { fields: new Map(), body: text, bodyLine: 1, present: false } };
  }
  if (language !== '' && !/^ya?ml$/i.test(language)) {
    return refused(1, `Front matter in “${language}” is not read. Write it as YAML between ---.`);
  }
  const closing = /^(---|\.\.\.)[ \t]*$/m.exec(text.slice(opening[0].length));
  if (closing === null) return refused(1, 'The front matter is never closed. End it with a line of three dashes.');
  if (closing.index > LONGEST) return refused(1, 'The front matter is longer than 100,000 characters.');
  return parted(text, closing[1] as string);
}

function parted(text: string, close: string): FrontMatterResult {
  let result = { kind: 'fields', fields: new Map() } as YamlResult;
  const yaml = {
    parse: (block: string) => {
      result = fieldsFrom(block);
      return {};
    },
  };
  const file = matter(text, { delimiters: ['---', close], language: 'yaml', engines: { ...REFUSED, yaml, yml: yaml } });
  const head = text.slice(0, text.length - file.content.length);
  // gray-matter takes any line that begins with the delimiter for the end of the block.
  const rest = head.endsWith('\n') ? '' : /^[ \t]*(?:\n|$)/.exec(file.content)?.[0];
  const bodyLine = head.split('\n').length;
  if (rest === undefined) return refused(bodyLine, `A line of front matter cannot begin with “${close}”. Indent it.`);
  if (result.kind === 'trouble') return result;
  return {
    kind: 'read',
    frontMatter: {
      fields: result.fields,
      body: file.content.slice(rest.length),
      bodyLine: rest.includes('\n') ? bodyLine + 1 : bodyLine,
      present: true,
    },
  };
}

const refuse = {
  parse: (): object => {
    throw new Error('Only YAML front matter is read.');
  },
};

/** Every engine gray-matter brings along but YAML: two of them run code. */
const REFUSED = { js: refuse, javascript: refuse, json: refuse, coffee: refuse, toml: refuse };

type YamlResult =
  | { readonly kind: 'fields'; readonly fields: ReadonlyMap<string, Field> }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

/** @param block what stands between the delimiters, with the line end of the first of them */
function fieldsFrom(block: string): YamlResult {
  const lines = new LineCounter();
  const document = parseDocument(block, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, strict: true });
  const placeOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const [error] = document.errors;
  if (error !== undefined) return { kind: 'trouble', trouble: { ...placeOf(error.pos[0]), message: yamlWords(error) } };
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return { kind: 'fields', fields: new Map() };
  if (!isMap(root)) return refused(2, 'The front matter is not a list of keys and values, such as “title: …”.');
  const fields = new Map<string, Field>();
  for (const { key, value } of root.items) {
    const place = placeOf((isScalar(key) && key.range?.[0]) || 0);
    const name = String(isScalar(key) ? key.value : key);
    if (fields.has(name.toLowerCase())) return { kind: 'trouble', trouble: { ...place, message: twice(name) } };
    const data = dataFrom(value as Node | null, document);
    if (data === undefined) return { kind: 'trouble', trouble: { ...place, message: BOMB } };
    fields.set(name.toLowerCase(), { key: name, ...place, ...data });
  }
  return { kind: 'fields', fields };
}

const BOMB = 'The front matter repeats its aliases (*name) too often to be read.';

function dataFrom(node: Node | null, document: ReturnType<typeof parseDocument>) {
  if (node === null) return { value: null };
  try {
    const value: unknown = node.toJS(document, { maxAliasCount: 50 });
    const written = isScalar(node) && typeof node.source === 'string' ? node.source : undefined;
    return written === undefined || value === null ? { value } : { value, written };
  } catch {
    return undefined;
  }
}

function yamlWords(error: { readonly code: string; readonly message: string }): string {
  if (error.code === 'DUPLICATE_KEY') return 'A key of the front matter is written twice.';
  return `The front matter is not valid YAML: ${error.message.split('\n')[0]}`;
}

function twice(key: string): string {
  return `The key “${key}” is written twice; capitals make no difference.`;
}

function refused(line: number, message: string): { kind: 'trouble'; trouble: Trouble } {
  return { kind: 'trouble', trouble: { line, column: 1, message } };
}
