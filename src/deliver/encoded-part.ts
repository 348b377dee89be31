/** A part of a message with its holes open: literals, holes, and forks of which each reader sees one side. */
import {
  escapeFor,
  type MergeField,
  type MergeTag,
  type MergeValues,
  type Piece,
  type Segments,
} from '../domain/edition.js';
import type { ByteWriter } from './byte-writer.js';

/** A part in its transfer encoding. */
export interface EncodedPart {
  readonly encoding: 'quoted-printable' | 'base64';
  /** Bytes kept in memory for this edition alone. */
  readonly bytes: number;
  /** Writes the part as one reader gets it; the last line may lack its end. */
  fill(values: MergeValues, to: ByteWriter): void;
}

export type EncodedSegment<Literal> = Literal | MergeField | Fork<Literal>;

/** Two sides, by whether the reader has a value for the merge tag. */
export interface Fork<Literal> {
  readonly kind: 'fork';
  readonly on: MergeTag;
  readonly filled: readonly EncodedSegment<Literal>[];
  readonly empty: readonly EncodedSegment<Literal>[];
}

/**
 * Makes encoders: segments with neighbouring literals joined, their line ends all CRLF, each made into what `literal` gives.
 * A piece is encoded once for all editions that show it (rule: pieces).
 */
export function openEncoder<Literal>(literal: (text: string) => Literal) {
  const known = new WeakMap<Piece, readonly EncodedSegment<Literal>[]>();
  return encode;

  function encode(segments: Segments): readonly EncodedSegment<Literal>[] {
    const encoded: EncodedSegment<Literal>[] = [];
    let text = '';
    const close = () => {
      if (text !== '') encoded.push(literal(text.replace(/\r\n|\r|\n/g, '\r\n')));
      text = '';
    };
    for (const segment of segments) {
      if (typeof segment === 'string') {
        text += segment;
        continue;
      }
      close();
      if (segment.kind === 'hole') encoded.push(segment);
      else if (segment.kind === 'piece') encoded.push(...encodePiece(segment));
      else {
        const [filled, empty] = [encode(segment.then), encode(segment.otherwise)];
        encoded.push({ kind: 'fork', on: segment.on, filled, empty });
      }
    }
    close();
    return encoded;
  }

  function encodePiece(piece: Piece): readonly EncodedSegment<Literal>[] {
    const encoded = known.get(piece) ?? encode(piece.segments);
    known.set(piece, encoded);
    return encoded;
  }
}

/** The side of a fork that one reader sees. */
export function sideOf<Literal>(fork: Fork<Literal>, values: MergeValues): readonly EncodedSegment<Literal>[] {
  return values[fork.on] === '' ? fork.empty : fork.filled;
}

/** The value of a merge field for one reader, made safe for its context. */
export function mergeFieldText(field: MergeField, values: MergeValues): string {
  return escapeFor(field.context, values[field.part]);
}
