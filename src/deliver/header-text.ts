/**
 * The text of header fields: folding, encoded-words, mailboxes, dates (RFC 5322 §2.2 and §3, RFC 2047).
 * No value can leave its field: every control character and line end becomes a space first (RFC 5322 §2.2).
 */
import { escapeFor } from '../domain/edition.js';

/** One header field. The value may be folded; unfolded it is one line. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

const WANTED_LINE = 76;
const LONGEST_WORD = 60;
/** RFC 2047 §2. */
const LONGEST_ENCODED_WORD = 75;
const ENCODED_WORD_FRAME = '=?UTF-8?B??='.length;

/** The field as it is in the message, with its line end. */
export function headerLine(header: Header): string {
  return `${header.name}:${header.value === '' ? '' : ' '}${header.value}\r\n`;
}

/** One line: control characters and runs of spaces become one space, none at the ends. */
export function oneLine(text: string): string {
  return escapeFor('header', text).replace(/ +/g, ' ').trim();
}

/** Unstructured text such as a Subject: plain and folded when it is ASCII, else encoded-words. */
export function unstructured(name: string, text: string): Header {
  const line = oneLine(text);
  const column = name.length + 2;
  return { name, value: isPlain(line) ? folded(line, column) : encodedWords(line, column) };
}

/** A mailbox, `Name <address>`. The name may be empty; the address is taken as it is. */
export function mailbox(name: string, display: string, address: string): Header {
  const line = oneLine(display);
  if (line === '') return { name, value: address };
  const phrased = phrase(line, name.length + 2);
  const lastLine = phrased.slice(phrased.lastIndexOf('\n') + 1);
  const used = (lastLine === phrased ? name.length + 2 : 0) + lastLine.length;
  const gap = used + address.length + 3 > WANTED_LINE ? '\r\n ' : ' ';
  return { name, value: `${phrased}${gap}<${address}>` };
}

/** A List-Id (RFC 2919 §3): a phrase and a name below our own domain. */
export function listId(title: string, label: string, domain: string): Header {
  return mailbox('List-Id', title, `${label}.${domain}`);
}

/** A date in UTC with its numeric zone (RFC 5322 §3.3). */
export function dateText(at: Date): string {
  return at.toUTCString().replace(/GMT$/, '+0000');
}

/** A header field in relaxed canonical form, with its line end (RFC 6376 §3.4.2). */
export function relaxedHeader({ name, value }: Header): string {
  return `${name.toLowerCase()}:${value
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim()}\r\n`;
}

function phrase(line: string, column: number): string {
  if (!isPlain(line) || line.length > LONGEST_WORD) return encodedWords(line, column);
  if (/^[\w!#$%&'*+\-/=?^`{|}~ ]+$/.test(line)) return line;
  return `"${line.replace(/["\\]/g, '\\$&')}"`;
}

/** Whether text may stay as it is: printable ASCII, nothing that reads as an encoded-word, words that can be folded. */
function isPlain(line: string): boolean {
  if (!/^[ -~]*$/.test(line) || line.includes('=?')) return false;
  return line.length <= LONGEST_WORD || line.split(' ').every((word) => word.length <= LONGEST_WORD);
}

function folded(line: string, column: number): string {
  let text = '';
  let used = column;
  for (const word of line.split(' ')) {
    if (text === '') text = word;
    else if (used + 1 + word.length > WANTED_LINE) {
      text += `\r\n ${word}`;
      used = 0;
    } else text += ` ${word}`;
    used += 1 + word.length;
  }
  return text;
}

/** Encoded-words of whole characters, one a line (RFC 2047 §2 and §5). */
function encodedWords(text: string, column: number): string {
  const quoted = [...text].reduce((sum, character) => sum + quotedWordFrom(character).length, 0);
  const asBase64 = Math.ceil(Buffer.byteLength(text) / 3) * 4 < quoted;
  const room = (lines: number) =>
    Math.min(LONGEST_ENCODED_WORD, WANTED_LINE - (lines === 0 ? column : 1)) - ENCODED_WORD_FRAME;
  const words: string[] = [];
  let word = '';
  const size = (part: string) => (asBase64 ? Math.ceil(Buffer.byteLength(part) / 3) * 4 : quotedWordFrom(part).length);
  for (const character of text) {
    if (word !== '' && size(word + character) > room(words.length)) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  words.push(word);
  return words
    .map((part) =>
      asBase64 ? `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=` : `=?UTF-8?Q?${quotedWordFrom(part)}?=`,
    )
    .join('\r\n ');
}

/** The Q encoding in its strictest form, that of a phrase (RFC 2047 §5 (3)). */
function quotedWordFrom(text: string): string {
  if (/^[A-Za-z0-9]*$/.test(text)) return text;
  let quoted = '';
  for (const byte of Buffer.from(text)) {
    const character = String.fromCharCode(byte);
    if (byte === 0x20) quoted += '_';
    else if (/[A-Za-z0-9!*+\-/]/.test(character)) quoted += character;
    else quoted += `=${hex(byte)}`;
  }
  return quoted;
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
