/** Reads a mail that came back into what the formats look at. Whatever the bytes are, it gives something and ends soon. */
import PostalMime, { decodeWords, type Email } from 'postal-mime';
import { type Fields, fieldGroups, fieldIn } from './fields.js';
import { textFromHtml } from './text-from-html.js';

/** A mail that came back, with what it returns of ours. */
export interface ReturnedMessage {
  readonly headers: Fields;
  /** What it says to people: plain text, or the text of its HTML; without what it returns. */
  readonly text: string;
  readonly parts: readonly ReturnedPart[];
  /** The header of our message, as far as the mail returns it. */
  readonly original: Fields;
  /** Further mails it contains, as bytes: a report may be inside another one. */
  readonly nested: readonly Uint8Array[];
}

/** A part that is not for people. */
export interface ReturnedPart {
  /** In lower case. */
  readonly type: string;
  readonly text: string;
}

/** Reports come before what they return, which may be as large as our largest issue. */
const MOST_BYTES = 512 * 1024;
/** The parser takes long for each line, however short it is. */
const MOST_LINES = 8000;
const MOST_PARTS = 50;
const LONGEST_TEXT = 100_000;
/** Enough for the header of any message. */
const LONGEST_PART = 64_000;

const LIMITS = { maxNestingDepth: 30, maxHeadersSize: 256 * 1024, forceRfc822Attachments: true } as const;

/** Reads the first half megabyte of a mail, and the first thousands of its lines. Never rejects. */
export async function readReturnedMessage(raw: Uint8Array): Promise<ReturnedMessage> {
  const bytes = withLineFeeds(raw.subarray(0, MOST_BYTES));
  const email = await PostalMime.parse(bytes, LIMITS).catch(() => undefined);
  const isEmpty = !email || (!email.text && !email.html && email.attachments.length === 0);
  return isEmpty ? unparsed(bytes) : messageFrom(email);
}

function messageFrom(email: Email): ReturnedMessage {
  const headers = headersOf(email);
  const isUtf7 = /utf-?7/i.test(fieldIn(headers, 'content-type'));
  const plain = (email.text ?? '').slice(0, LONGEST_TEXT);
  const shown = plain.trim() === '' ? textFromHtml((email.html ?? '').slice(0, LONGEST_TEXT)) : plain;
  const text = withoutReturns(isUtf7 ? fromUtf7(shown) : shown);
  const attachments = email.attachments.slice(0, MOST_PARTS).map(({ mimeType, content }) => ({
    type: mimeType.toLowerCase(),
    bytes: typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content),
  }));
  const parts = attachments.map(({ type, bytes }) => ({ type, text: textOf(bytes) }));
  const returned = parts.find(({ type }) => RETURNED.test(type));
  const { said, quoted } = split(text);
  return {
    headers,
    text: said,
    parts: parts.filter(({ type }) => !RETURNED.test(type)),
    original: originalOf(returned?.text ?? quoted),
    nested: attachments.filter(({ type }) => MESSAGE.test(type)).map(({ bytes }) => bytes),
  };
}

const MESSAGE = /^message\/(rfc822|global)$/;
/** Apple and others invent names for the same. */
const RETURNED = /^(message\/(rfc822|global|partial|rfc822-headers|global-headers)|text\/rfc822(-headers?)?)$/;

function headersOf({ headers }: Email): Fields {
  const fields = new Map<string, string[]>();
  for (const { key, value } of headers.slice(0, 500)) {
    const values = fields.get(key) ?? [];
    values.push(value.length < 4000 ? decodeWords(value) : value.slice(0, 4000));
    fields.set(key, values);
  }
  return fields;
}

/** A mail whose structure cannot be read: its header, and the rest as text. */
function unparsed(bytes: Uint8Array): ReturnedMessage {
  const raw = textOf(bytes, MOST_BYTES);
  const end = raw.indexOf('\n\n');
  const [head, body] = end === -1 ? [raw, ''] : [raw.slice(0, end), raw.slice(end)];
  const { said, quoted } = split(body.slice(0, LONGEST_TEXT));
  return { headers: originalOf(head), text: said, parts: [], original: originalOf(quoted), nested: [] };
}

/** What begins the copy of our message where a report is one text. */
const ORIGINAL = [
  /^[-_=*#> \t]{0,80}(this is a copy of (the|your) (message|headers)|below this line is a copy|a copy of the (original )?message|the header of the original message|the following is a copy of|original (message|headers?) follows?|(unsent|returned|undelivered|rejected) (mail|message) follows?|message headers? follows?)\b/i,
  /^[-_=*#>]{2,80}[ \t]{0,4}(original|unsent|returned|undelivered|rejected) (message|mail|headers?)\b/i,
  /^[ \t]{0,8}(original message headers|message headers?|the original message (was|follows))\b.{0,40}:$/i,
  /^[ \t]{0,8}(return-path|received|dkim-signature|mime-version|list-unsubscribe|authentication-results):/i,
];

/** Separates what a report says from the message it quotes. */
function split(text: string): { readonly said: string; readonly quoted: string } {
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => line.length < 400 && ORIGINAL.some((pattern) => pattern.test(line)));
  if (begin === -1) return { said: text, quoted: '' };
  return { said: lines.slice(0, begin).join('\n'), quoted: lines.slice(begin).join('\n') };
}

/** The fields of a returned header; where its first lines are no fields, of the group after them. */
function originalOf(text: string): Fields {
  const groups = fieldGroups(text.slice(0, LONGEST_PART));
  return groups.find((group) => HEADER_FIELDS.some((name) => group.has(name))) ?? groups[0] ?? new Map();
}

const HEADER_FIELDS = ['message-id', 'subject', 'from', 'received', 'date'];

/** The first lines, with line ends of all kinds as line feeds. */
function withLineFeeds(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let [length, lines] = [0, 0];
  for (let at = 0; at < bytes.length && lines < MOST_LINES; at += 1) {
    const byte = bytes[at] as number;
    if (byte === CR && bytes[at + 1] === LF) continue;
    out[length] = byte === CR ? LF : byte;
    if (out[length] === LF) lines += 1;
    length += 1;
  }
  return out.subarray(0, length);
}

const [CR, LF] = [13, 10];

function withoutReturns(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
}

function textOf(bytes: Uint8Array, most = LONGEST_PART): string {
  return withoutReturns(new TextDecoder().decode(bytes.subarray(0, most)));
}

/** RFC 2152: what is not ASCII is UTF-16 in base64 between + and -. */
function fromUtf7(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]{0,2000})-?/g, (_, code: string) => {
    if (code === '') return '+';
    const bytes = Buffer.from(code, 'base64');
    return new TextDecoder('utf-16be').decode(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  });
}
