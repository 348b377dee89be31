/**
 * The block at the head of a file, in every form a site generator reads: YAML, TOML or JSON between fences, JSON without a fence,
 * Hexo's blocks without an opening fence, and Pelican's lines. gray-matter parts fenced blocks from the body; its engines that
 * run code are refused, and its cache, which hands one caller's changes to the next, is never used.
 */
import matter from 'gray-matter';
import { endOfJson } from './balanced.js';
import {
  type Field,
  type FieldsResult,
  fieldsFromJson,
  fieldsFromLines,
  fieldsFromToml,
  fieldsFromYaml,
} from './front-matter-fields.js';
import type { Trouble } from './trouble.js';

export type { Field } from './front-matter-fields.js';

export interface FrontMatter {
  /** By key in lower case. */
  readonly fields: ReadonlyMap<string, Field>;
  readonly body: string;
  /** The line of the file on which the body begins. */
  readonly bodyLine: number;
  /** Whether the file has a block at all; an empty one counts. */
  readonly present: boolean;
  /** What was read, although its author probably meant something else. */
  readonly notes: readonly Trouble[];
}

const LONGEST = 100_000;

export type FrontMatterResult =
  | { readonly kind: 'read'; readonly frontMatter: FrontMatter }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

/** Parts a text with LF line ends into front matter and body. Never runs anything the file says. */
export function frontMatterFrom(text: string): FrontMatterResult {
  const dashes = /^---[ \t]*(\S*)[^\n]*(?:\n|$)/.exec(text);
  // A line of more than three dashes is a rule of Markdown.
  if (dashes !== null && !dashes[1]?.startsWith('-')) return fenced(text, dashes[0], '---', dashes[1] || 'yaml');
  const pluses = /^\+\+\+[ \t]*(?:\n|$)/.exec(text);
  if (pluses !== null) return fenced(text, pluses[0], '+++', 'toml');
  return json(text) ?? hexo(text) ?? pelican(text) ?? withoutBlock(text);
}

type Parse = (block: string) => FieldsResult;

const LANGUAGES: { readonly [language: string]: Parse } = {
  yaml: fieldsFromYaml,
  yml: fieldsFromYaml,
  toml: fieldsFromToml,
  json: fieldsFromJson,
};

function fenced(text: string, opening: string, fence: string, written: string): FrontMatterResult {
  const language = written.toLowerCase();
  if (!Object.hasOwn(LANGUAGES, language)) {
    return refused(1, `Front matter in “${written}” is not read. Write it as YAML between ---.`);
  }
  const closing = (fence === '---' ? /^(---|\.\.\.)[ \t]*$/m : /^(\+\+\+)[ \t]*$/m).exec(text.slice(opening.length));
  if (closing === null) return refused(1, `The front matter is never closed. End it with a line of ${fence}.`);
  if (closing.index > LONGEST) return refused(1, TOO_LONG);
  return parted(text, [fence, closing[1] as string], language);
}

const TOO_LONG = 'The front matter is longer than 100,000 characters.';

const refuse = {
  parse: (): object => {
    throw new Error('Only YAML, TOML and JSON front matter is read.');
  },
};

/** The engines of gray-matter that run code. */
const REFUSED = { js: refuse, javascript: refuse, coffee: refuse, cson: refuse };

function parted(text: string, delimiters: [string, string], language: string): FrontMatterResult {
  let result: FieldsResult = { kind: 'fields', fields: new Map(), notes: [] };
  const engine = (parse: Parse) => ({
    parse: (block: string) => {
      result = parse(block);
      return {};
    },
  });
  const engines = Object.fromEntries(Object.entries(LANGUAGES).map(([name, parse]) => [name, engine(parse)]));
  const file = matter(text, { delimiters, language, engines: { ...REFUSED, ...engines } });
  const head = text.slice(0, text.length - file.content.length);
  // gray-matter takes any line that begins with the delimiter for the end of the block.
  const rest = head.endsWith('\n') ? '' : /^[ \t]*(?:\n|$)/.exec(file.content)?.[0];
  if (rest === undefined) {
    const line = head.split('\n').length;
    return refused(line, `A line of front matter cannot begin with “${delimiters[1]}”. Indent it.`);
  }
  return readUpTo(text, head.length + rest.length, result);
}

/** JSON in braces, as Hugo reads it, or up to a line of `;;;`, as Hexo does. */
function json(text: string): FrontMatterResult | undefined {
  const semicolons = /^(?:;;;[ \t]*\n)?(?=\s*["{;])/.exec(text);
  if (semicolons !== null && (semicolons[0] !== '' || text.startsWith('"'))) {
    const opening = semicolons[0];
    const closing = /^;;;[ \t]*(?:\n|$)/m.exec(text.slice(opening.length, LONGEST));
    if (closing === null) return opening === '' ? undefined : refused(1, 'The front matter is never closed.');
    const end = opening.length + closing.index;
    const block = text.slice(opening.length, end);
    const lineBreak = opening === '' ? '' : '\n';
    const isWhole = block.trimStart().startsWith('{');
    const parsed = fieldsFromJson(lineBreak + (isWhole ? block : `{${block}}`));
    return readUpTo(text, end + closing[0].length, parsed);
  }
  if (!/^\{\s*(?:"|\}\s*\n)/.test(text)) return undefined;
  const end = endOfJson(text.slice(0, LONGEST));
  if (end === undefined) return refused(1, 'The JSON front matter is never closed, or longer than 100,000 characters.');
  return readUpTo(
    text,
    end + (/^[ \t]*\n?/.exec(text.slice(end))?.[0].length ?? 0),
    fieldsFromJson(text.slice(0, end)),
  );
}

const KEY_LINE = /^[A-Za-z][\w-]*:(?:[ \t]|\n)/;

/** Hexo needs no opening fence; without a title or a date, the first lines are a heading of Markdown. */
function hexo(text: string): FrontMatterResult | undefined {
  if (!KEY_LINE.test(text)) return undefined;
  const closing = /^---[ \t]*(?:\n|$)/m.exec(text.slice(0, LONGEST));
  const block = text.slice(0, closing?.index ?? 0);
  if (closing === null || /\n[ \t]*\n/.test(block)) return undefined;
  const result = fieldsFromYaml(block);
  if (result.kind === 'trouble' || !(result.fields.has('title') || result.fields.has('date'))) return undefined;
  if (result.fields.size < 2 && !result.fields.has('title')) return undefined;
  return readUpTo(text, closing.index + closing[0].length, result);
}

/** Pelican's lines, `Title: …`, up to the first blank line; one of them is the title, and one the date. */
function pelican(text: string): FrontMatterResult | undefined {
  if (!KEY_LINE.test(text)) return undefined;
  const end = /\n[ \t]*(?:\n|$)/.exec(text.slice(0, LONGEST));
  const block = text.slice(0, end?.index ?? text.length);
  const lines = fieldsFromLines(block);
  if (lines === undefined) return undefined;
  return readUpTo(text, block.length + (end?.[0].length ?? 0), lines);
}

function withoutBlock(text: string): FrontMatterResult {
  return { kind: 'read', frontMatter: { fields: new Map(), body: text, bodyLine: 1, present: false, notes: [] } };
}

function readUpTo(text: string, end: number, result: FieldsResult): FrontMatterResult {
  if (result.kind === 'trouble') return result;
  const { fields, notes } = result;
  const bodyLine = text.slice(0, end).split('\n').length;
  return { kind: 'read', frontMatter: { fields, notes, body: text.slice(end), bodyLine, present: true } };
}

function refused(line: number, message: string): { kind: 'trouble'; trouble: Trouble } {
  return { kind: 'trouble', trouble: { line, column: 1, message } };
}
