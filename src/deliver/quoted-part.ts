/** A part in quoted-printable, cut at soft line breaks around its holes (RFC 2045 §6.7 (5)). */
import type { MergeValues, Segments } from '../domain/edition.js';
import type { ByteWriter } from './byte-writer.js';
import { type EncodedPart, mergeFieldText, type Piece, piecesFrom, sideOf } from './encoded-part.js';
import { quotedPrintableFrom, SOFT_BREAK } from './quoted-printable.js';

interface Literal {
  readonly kind: 'literal';
  readonly bytes: Uint8Array;
  readonly endsLine: boolean;
}

export function quotedPart(segments: Segments): EncodedPart {
  let bytes = 0;
  const pieces = piecesFrom(segments, (text): Literal => {
    const encoded = quotedPrintableFrom(text);
    bytes += encoded.length;
    return { kind: 'literal', bytes: Buffer.from(encoded, 'latin1'), endsLine: encoded.endsWith('\r\n') };
  });
  return {
    encoding: 'quoted-printable',
    bytes,
    fill(values, to) {
      fillPieces(pieces, values, to, true);
    },
  };
}

/** @returns whether the next piece begins at the start of an encoded line */
function fillPieces(pieces: readonly Piece<Literal>[], values: MergeValues, to: ByteWriter, atStart: boolean): boolean {
  let fresh = atStart;
  for (const piece of pieces) {
    if (piece.kind === 'fork') {
      fresh = fillPieces(sideOf(piece, values), values, to, fresh);
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
