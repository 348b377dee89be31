/** What is wrong in YAML, in plain English: the parser's own words are for those who write parsers. */
import type { ErrorCode } from 'yaml';

export interface YamlFault {
  readonly code: ErrorCode;
  readonly message: string;
  /** From and to, in the text. */
  readonly pos: readonly [number, number];
}

/** Said of text that is nested more deeply than any honest file. */
export const TOO_DEEP = 'The text is nested too deeply to be read.';
/** Said of aliases of aliases, which could fill the memory. */
export const TOO_MANY_ALIASES = 'The file refers to its own parts (“*name”) too often.';
/** Said of the second “---”. */
export const SECOND_DOCUMENT = 'A second document begins here (“---”); the file holds one.';
/** Said of an alias that names nothing: the author meant the character. */
export const NO_SUCH_ALIAS = 'Text that begins with “*” must be in quotes: "…".';

const IN_QUOTES = 'put the text in quotes: "…"';

const WORDS: { readonly [code in ErrorCode]: string | ((fault: YamlFault, text: string) => string) } = {
  ALIAS_PROPS: `A name that begins with “*” stands alone; ${IN_QUOTES} if “*” is meant literally.`,
  BAD_ALIAS: `After “*” or “&” a name is missing; ${IN_QUOTES} if the character is meant literally.`,
  BAD_COLLECTION_TYPE: `Tags such as “!something” mean nothing here; ${IN_QUOTES} if it is meant literally.`,
  BAD_DIRECTIVE: `A line cannot begin with “%”; ${IN_QUOTES}.`,
  BAD_DQ_ESCAPE: 'There is a “\\” in double quotes that means nothing; write “\\\\”, or use single quotes.',
  BAD_INDENT: 'The line is not indented like the lines it belongs to.',
  BAD_PROP_ORDER: `“&name” and “!tag” belong behind the “-” or the key; ${IN_QUOTES} if they are meant literally.`,
  BAD_SCALAR_START: ({ pos }, text) => `Text that begins with “${characterAt(text, pos[0])}” must be in quotes: "…".`,
  BLOCK_AS_IMPLICIT_KEY: 'There is a colon inside the text; put the text in quotes: "…: …".',
  BLOCK_IN_FLOW: 'Inside […] or {…} a list is written with commas: [one, two].',
  DUPLICATE_KEY: ({ pos }, text) => `“${keyAt(text, pos[0])}” is here a second time; keep one of the two.`,
  IMPOSSIBLE: 'The text cannot be read here; look for a missing quote, colon or bracket.',
  KEY_OVER_1024_CHARS: 'The text before the colon is too long for a key; put the whole text in quotes: "…: …".',
  MISSING_CHAR: ({ message }) => missing(message),
  MULTILINE_IMPLICIT_KEY:
    'A colon is missing behind a key, or a quote that was opened in the line above is not closed.',
  MULTIPLE_ANCHORS: `A value has two names (“&name”); ${IN_QUOTES} if “&” is meant literally.`,
  MULTIPLE_DOCS: SECOND_DOCUMENT,
  MULTIPLE_TAGS: `A value has two tags (“!tag”); ${IN_QUOTES} if “!” is meant literally.`,
  NON_STRING_KEY: 'A key must be text; put it in quotes: "…":.',
  RESOURCE_EXHAUSTION: TOO_DEEP,
  TAB_AS_INDENT: 'The line begins with a tab; begin it with spaces.',
  TAG_RESOLVE_FAILED: 'Tags such as “!something” mean nothing here; put the text in quotes if it is meant literally.',
  UNEXPECTED_TOKEN: ({ pos, message }, text) => unexpected(message, characterAt(text, pos[0])),
};

/** One fault as a sentence with what to do. @param text the whole text it is in */
export function yamlWords(fault: YamlFault, text: string): string {
  const words = WORDS[fault.code] ?? WORDS.IMPOSSIBLE;
  return typeof words === 'string' ? words : words(fault, text);
}

/** The library has one code for everything that is not there. */
function missing(message: string): string {
  const quote = /closing (['"])quote/.exec(message)?.[1];
  if (quote !== undefined) return `The quote (${quote}) that opens here is never closed.`;
  if (/Comments/.test(message)) return 'A space is missing before “#”.';
  if (/followed by map values/.test(message)) return 'A colon is missing behind this key: “key: value”.';
  if (/Missing , /.test(message)) return 'A comma is missing between two values.';
  if (/space after :/.test(message)) return 'A space is missing behind the colon.';
  if (/without - /.test(message)) return 'A “-” is missing before a value of a list.';
  if (/Tags and anchors/.test(message))
    return `A space is missing behind “&name” or “!tag”; ${IN_QUOTES} if it is meant literally.`;
  if (/directives-end/.test(message))
    return 'Text beside “---” or behind a line with “%” cannot be read; remove that line.';
  const closer = /[\]}]/.exec(message)?.[0];
  return closer === undefined ? WORDS_OF_ANY : `“${closer}” is missing.`;
}

const WORDS_OF_ANY = 'Something is missing here; look for a quote, colon or bracket that is not closed.';

function unexpected(message: string, character: string): string {
  if (/Block scalar header/.test(message))
    return 'Behind “|” or “>” the line must end; the text begins in the next line.';
  if (/empty item|Unexpected , /.test(message)) return 'There is a comma too many.';
  return character === '' || /\s/.test(character)
    ? 'The text ends too early; look for a quote or bracket that is not closed.'
    : `“${character}” does not fit here; look for a missing quote, comma or bracket, or put the text in quotes.`;
}

function characterAt(text: string, offset: number): string {
  return String.fromCodePoint(text.codePointAt(offset) ?? 32).trim();
}

/** As written, up to its colon. */
function keyAt(text: string, offset: number): string {
  const line = text.slice(offset, offset + 200).split('\n', 1)[0] ?? '';
  return (line.split(':', 1)[0] ?? '').trim();
}
