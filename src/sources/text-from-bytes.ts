/**
 * The bytes of a file as clean text: UTF-8, UTF-16 and Windows-1252 are told apart,
 * line ends become LF, and control characters are replaced or removed.
 */
import type { Trouble } from './trouble.js';

export type TextResult =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

/** Reads text in any encoding a blog is likely to hold; what is no text, or a mixture, is trouble with its place. */
export function textFromBytes(bytes: Uint8Array): TextResult {
  const encoding = encodingOf(bytes);
  if (encoding !== undefined) return textIn(encoding, bytes);
  const utf8 = decoded('utf-8', bytes, true);
  if (utf8 !== undefined) return utf8.includes('\u0000') ? noText() : { kind: 'text', text: cleanText(utf8) };
  if (bytes.includes(0)) return noText();
  const lenient = decoded('utf-8', bytes, false) ?? '';
  const good = lenient.match(/[\u0080-\uFFFC]/g)?.length ?? 0;
  const bad = lenient.match(/\uFFFD/g)?.length ?? 0;
  if (good >= bad) return mixture(lenient);
  return textIn('windows-1252', bytes);
}

/** Text without control characters, byte order marks and noncharacters; C1 controls get their Windows-1252 meaning. */
export function cleanText(text: string): string {
  return (
    text
      .replace(/\r\n?/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the point
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\uFDD0-\uFDEF\uFEFF\uFFFE\uFFFF]|\p{Surrogate}/gu, '')
      .replace(/[\u0080-\u009f]/g, (character) => cp1252MeaningOf(character))
  );
}

/** U+0080 to U+009F as Windows-1252 has them; a space where it has nothing. Node 20's own decoder takes them for Latin-1. */
const CP1252 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

function cp1252MeaningOf(control: string): string {
  return (CP1252[control.charCodeAt(0) - 0x80] ?? '').trim();
}

function encodingOf(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  // Front matter and Markdown begin with ASCII: in UTF-16 one of the first two bytes is then zero.
  if (bytes.length >= 4 && first === 0 && second !== 0 && bytes[2] === 0) return 'utf-16be';
  if (bytes.length >= 4 && first !== 0 && second === 0 && bytes[3] === 0) return 'utf-16le';
  return undefined;
}

function textIn(encoding: string, bytes: Uint8Array): TextResult {
  const text = decoded(encoding, bytes, true);
  return text === undefined ? noText() : { kind: 'text', text: cleanText(text) };
}

function decoded(encoding: string, bytes: Uint8Array, fatal: boolean): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal }).decode(bytes);
  } catch {
    return undefined;
  }
}

function noText(): TextResult {
  return {
    kind: 'trouble',
    trouble: { line: 1, column: 1, message: 'This is not a text file. Save it as UTF-8 text.' },
  };
}

function mixture(lenient: string): TextResult {
  const before = lenient.slice(0, lenient.indexOf('\uFFFD')).split('\n');
  const trouble = {
    line: before.length,
    column: (before.at(-1) as string).length + 1,
    message: 'The file is UTF-8 text, but here is a byte that is not. Save it as UTF-8.',
  };
  return { kind: 'trouble', trouble };
}
