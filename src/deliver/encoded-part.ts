/** A part of a message with its holes open: literals, holes, and forks of which each reader sees one side. */
import { escapeFor, type MergeField, type MergeTag, type MergeValues, type Segments } from '../domain/edition.js';
import type { ByteWriter } from './byte-writer.js';

/** A part in its transfer encoding. */
export interface EncodedPart {
  readonly encoding: 'quoted-printable' | 'base64';
  /** Bytes kept in memory. */
  readonly bytes: number;
  /** Writes the part as one reader gets it; the last line may lack its end. */
  fill(values: MergeValues, to: ByteWriter): void;
}

export type Piece<Literal> = Literal | MergeField | Fork<Literal>;

/** Two sides, by whether the reader has a value for the merge tag. */
export interface Fork<Literal> {
  readonly kind: 'fork';
  readonly on: MergeTag;
  readonly filled: readonly Piece<Literal>[];
  readonly empty: readonly Piece<Literal>[];
}

/** Segments as pieces: neighbouring literals joined, their line ends all CRLF, each made into what `literal` gives. */
export function piecesFrom<Literal>(segments: Segments, literal: (text: string) => Literal): readonly Piece<Literal>[] {
  const pieces: Piece<Literal>[] = [];
  let text = '';
  const close = () => {
    if (text !== '') pieces.push(literal(text.replace(/\r\n|\r|\n/g, '\r\n')));
    text = '';
  };
  for (const segment of segments) {
    if (typeof segment === 'string') {
      text += segment;
      continue;
    }
    close();
    if (segment.kind === 'hole') pieces.push(segment);
    else if (segment.kind === 'piece') pieces.push(...piecesFrom(segment.segments, literal));
    else {
      const [filled, empty] = [piecesFrom(segment.then, literal), piecesFrom(segment.otherwise, literal)];
      pieces.push({ kind: 'fork', on: segment.on, filled, empty });
    }
  }
  close();
  return pieces;
}

/** The side of a fork that one reader sees. */
export function sideOf<Literal>(fork: Fork<Literal>, values: MergeValues): readonly Piece<Literal>[] {
  return values[fork.on] === '' ? fork.empty : fork.filled;
}

/** The value of a hole for one reader, made safe for where it stands. */
export function mergeFieldText(field: MergeField, values: MergeValues): string {
  return escapeFor(field.context, values[field.part]);
}
