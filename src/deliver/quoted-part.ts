/** A part in quoted-printable, cut at soft line breaks around its holes (RFC 2045 §6.7 (5)). */
import { type MergeValues, ownBytes, type Segments } from '../domain/edition.js';
import type { ByteWriter } from './byte-writer.js';
import { type EncodedPart, type EncodedSegment, mergeFieldText, openEncoder, sideOf } from './encoded-part.js';
import { quotedPrintableFrom, SOFT_BREAK } from './quoted-printable.js';

interface Literal {
  readonly kind: 'literal';
  readonly bytes: Uint8Array;
  readonly endsLine: boolean;
}

const encode = openEncoder((text): Literal => {
  const encoded = quotedPrintableFrom(text);
  return { kind: 'literal', bytes: Buffer.from(encoded, 'latin1'), endsLine: encoded.endsWith('\r\n') };
});

export function quotedPart(segments: Segments): EncodedPart {
  const encoded = encode(segments);
  return {
    encoding: 'quoted-printable',
    bytes: ownBytes(segments),
    fill(values, to) {
      fillSegments(encoded, values, to, true);
    },
  };
}

/** @returns whether the next piece begins at the start of an encoded line */
function fillSegments(
  encoded: readonly EncodedSegment<Literal>[],
  values: MergeValues,
  to: ByteWriter,
  atStart: boolean,
): boolean {
  let fresh = atStart;
  for (const piece of encoded) {
    if (piece.kind === 'fork') {
      fresh = fillSegments(sideOf(piece, values), values, to, fresh);
      continue;
    }
    const text = piece.kind === 'hole' ? quotedPrintableFrom(mergeFieldText(piece, values)) : undefined;
    if (text === '') continue;
    // Only before something: encoded text must not end with a soft break.
    if (!fresh) to.text(SOFT_BREAK);
    if (piece.kind === 'literal') to.shared(piece.bytes);
    else to.text(text ?? '');
    fresh = piece.kind === 'literal' && piece.endsLine;
  }
  return fresh;
}
