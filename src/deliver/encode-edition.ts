/**
 * Everything of an edition's messages that all its readers share, encoded once: the cost of making a mail follows the
 * number of editions, not of readers.
 */
import { createHash } from 'node:crypto';
import { fillSegments, type MergeValues, type Segments } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import type { FrozenEdition } from '../domain/ports/ledger.js';
import { type Body, ByteWriter } from './byte-writer.js';
import { encodeSegments } from './encode-segments.js';
import type { EncodedPart } from './encoded-part.js';
import { type Header, headerLine, listId, mailbox, unstructured } from './header-text.js';

/** What the headers of an edition say about the sender. */
export interface Identity {
  /** Our own domain in A-labels: of Message-ID and List-Id. */
  readonly domain: string;
  /** The right-most field of Feedback-ID, 5 to 15 characters, the same for every mail of this sender (Gmail sender guidelines). */
  readonly senderId: string;
  /** Where help is found, an https or mailto URL (RFC 2369 §3.1). */
  readonly listHelp?: string | undefined;
  /** The issue's public page, without anything of a reader in it (RFC 5064). */
  readonly archiveUrl?: string | undefined;
  /** Set before the subject: `[Test] `. */
  readonly subjectPrefix: string;
}

export interface EncodedEdition {
  /** Bytes kept in memory for this edition alone. */
  readonly bytes: number;
  /** The header fields that are the same for every reader. */
  readonly headers: readonly Header[];
  /** The same fields as text, with the line that ends the header. */
  readonly headerText: string;
  /** The Subject of one reader; absent when it is among the shared fields. */
  readonly subjectFor: ((values: MergeValues) => Header) | undefined;
  /** The body of one reader's message. */
  bodyFor(values: MergeValues): Body;
}

export function encodeEdition(edition: FrozenEdition, identity: Identity): EncodedEdition {
  const { mail } = edition;
  // `=_` is in no quoted-printable text and `_` in no base64 (RFC 2045 §6.7), so it cannot occur in a part.
  const boundary = `=_${createHash('sha256').update(`${edition.issue.uid}:${edition.id}`).digest('hex').slice(0, 32)}`;
  const subject = subjectFrom(mail.subject, identity.subjectPrefix);
  const headers = [
    mailbox('From', edition.issue.sender.name, edition.issue.sender.address),
    ...(typeof subject === 'function' ? [] : [subject]),
    ...sharedHeaders(edition, identity, boundary),
  ];
  const parts = [encodeSegments(mail.text), encodeSegments(mail.html)] as const;
  const heads = [partHead(boundary, 'text/plain', parts[0]), partHead(boundary, 'text/html', parts[1])] as const;
  const headerText = `${headers.map(headerLine).join('')}\r\n`;
  return {
    bytes: headerText.length * 2 + parts[0].bytes + parts[1].bytes,
    headers,
    headerText,
    subjectFor: typeof subject === 'function' ? subject : undefined,
    bodyFor(values) {
      const to = new ByteWriter();
      to.shared(heads[0]);
      parts[0].fill(values, to);
      to.shared(heads[1]);
      parts[1].fill(values, to);
      to.text(`\r\n--${boundary}--\r\n`);
      return to.end();
    },
  };
}

/** The boundary before a part and its own header; the first begins the body, which begins a line already. */
function partHead(boundary: string, type: 'text/plain' | 'text/html', { encoding }: EncodedPart): Uint8Array {
  const lineEnd = type === 'text/plain' ? '' : '\r\n';
  return Buffer.from(
    `${lineEnd}--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`,
  );
}

function sharedHeaders(edition: FrozenEdition, identity: Identity, boundary: string): Header[] {
  const { issue } = edition;
  const label = asciiOnly('id', issue.newsletter);
  const headers: Header[] = [
    ...(issue.replyTo === undefined ? [] : [{ name: 'Reply-To', value: asciiOnly('replyTo', issue.replyTo) }]),
    { name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
    listId(issue.title, label, identity.domain),
    { name: 'List-Post', value: 'NO' },
    { name: 'Feedback-ID', value: `${label}-${issue.number}:${label}:${identity.senderId}` },
    { name: 'Auto-Submitted', value: 'auto-generated' },
    { name: 'Precedence', value: 'bulk' },
    { name: 'X-Auto-Response-Suppress', value: 'OOF, AutoReply' },
    { name: 'x-ms-reactions', value: 'disallow' },
    { name: 'Content-Language', value: asciiOnly('language', edition.language) },
    { name: 'MIME-Version', value: '1.0' },
    { name: 'Content-Type', value: `multipart/alternative;\r\n boundary="${boundary}"` },
  ];
  if (identity.listHelp !== undefined) headers.push({ name: 'List-Help', value: `<${urlText(identity.listHelp)}>` });
  if (identity.archiveUrl !== undefined)
    headers.push({ name: 'Archived-At', value: `<${urlText(identity.archiveUrl)}>` });
  return headers;
}

/** The Subject once for all when it has no holes, else a function of the reader. */
function subjectFrom(segments: Segments, prefix: string): Header | ((values: MergeValues) => Header) {
  if (segments.every((segment) => typeof segment === 'string'))
    return unstructured('Subject', prefix + segments.join(''));
  return (values) => unstructured('Subject', prefix + fillSegments(segments, values));
}

/** A URL as it is allowed between angle brackets in a header: ASCII, on one line (RFC 2047, RFC 2369). */
export function urlText(url: string): string {
  return /^[!-;=?-~]+$/.test(url) ? url : encodeURI(Buffer.from(url).toString()).replace(/[<>]/g, encodeURIComponent);
}

function asciiOnly(what: string, value: string): string {
  if (/^[!-~]+$/.test(value)) return value;
  throw new GazetteError('config.invalid', `The newsletter’s ${what} “${value}” cannot be used in a mail header.`, {
    hint: 'Write it in plain ASCII, without spaces.',
  });
}
