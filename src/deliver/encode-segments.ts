/**
 * Encodes one part of an edition once, with its holes left open: literal text becomes bytes that every reader shares,
 * and only the values of one reader are encoded again (rule: merge-fields: no text can make a hole).
 */
import type { Piece, Segments } from '../domain/edition.js';
import { base64Part } from './base64-part.js';
import type { EncodedPart } from './encoded-part.js';
import { quotedPart } from './quoted-part.js';
import { quotedPrintableFrom } from './quoted-printable.js';

/** Encodes a part in whichever encoding is shorter: base64 for mostly non-Latin text (RFC 2045 §6.7-6.8). */
export function encodeSegments(segments: Segments): EncodedPart {
  const { plain, quoted } = sizeOf(segments);
  return lengthInBase64(plain) < quoted ? base64Part(segments) : quotedPart(segments);
}

function lengthInBase64(bytes: number): number {
  return Math.ceil((bytes / 57) * 78);
}

/** Bytes of literals, every line end counted as CRLF, as they are and in quoted-printable. */
interface Sizes {
  readonly plain: number;
  readonly quoted: number;
}

const measured = new WeakMap<Piece, Sizes>();

function sizeOf(segments: Segments): Sizes {
  let [plain, quoted] = [0, 0];
  for (const segment of segments) {
    const size = typeof segment === 'string' ? literalSize(segment) : nestedSize(segment);
    plain += size.plain;
    quoted += size.quoted;
  }
  return { plain, quoted };
}

function literalSize(text: string): Sizes {
  const plain = Buffer.byteLength(text) + (text.match(/(?<!\r)\n/g)?.length ?? 0);
  return { plain, quoted: quotedPrintableFrom(text).length };
}

function nestedSize(segment: Exclude<Segments[number], string>): Sizes {
  if (segment.kind === 'hole') return { plain: 0, quoted: 0 };
  if (segment.kind === 'choice') return sizeOf([...segment.then, ...segment.otherwise]);
  const size = measured.get(segment) ?? sizeOf(segment.segments);
  measured.set(segment, size);
  return size;
}
