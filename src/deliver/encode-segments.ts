/**
 * Encodes one part of an edition once, with its holes left open: literal text becomes bytes that every reader shares,
 * and only the values of one reader are encoded again (rule: merge-fields: no text can make a hole).
 */
import type { Segments } from '../domain/edition.js';
import { base64Part } from './base64-part.js';
import type { EncodedPart } from './encoded-part.js';
import { quotedPart } from './quoted-part.js';

/** Encodes a part in whichever encoding is shorter: base64 for mostly non-Latin text (RFC 2045 §6.7-6.8). */
export function encodeSegments(segments: Segments): EncodedPart {
  const quoted = quotedPart(segments);
  return lengthInBase64(literalBytes(segments)) < quoted.bytes ? base64Part(segments) : quoted;
}

function lengthInBase64(bytes: number): number {
  return Math.ceil((bytes / 57) * 78);
}

/** Bytes of the literals, every line end counted as CRLF. */
function literalBytes(segments: Segments): number {
  return segments.reduce((sum, segment) => {
    if (typeof segment === 'string')
      return sum + Buffer.byteLength(segment) + (segment.match(/(?<!\r)\n/g)?.length ?? 0);
    if (segment.kind === 'piece') return sum + literalBytes(segment.segments);
    return segment.kind === 'choice' ? sum + literalBytes(segment.then) + literalBytes(segment.otherwise) : sum;
  }, 0);
}
