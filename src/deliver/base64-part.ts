/**
 * A part in base64 with holes (RFC 2045 §6.8). A hole shifts everything after it by its length modulo three, so each
 * literal is kept encoded for the three ways it can begin, made when first needed. A line may end after any group of
 * four characters, so around a hole only the bytes up to the next full group are encoded again.
 */
import { type MergeValues, ownBytes, type Segments } from '../domain/edition.js';
import type { ByteWriter } from './byte-writer.js';
import { type EncodedPart, type EncodedSegment, mergeFieldText, openEncoder, sideOf } from './encoded-part.js';

/** Below this length a literal is not worth sharing: it is encoded with its neighbours. */
const SHORT = 120;
const BYTES_PER_LINE = 57;
const WAYS_TO_BEGIN = 3;

export function base64Part(segments: Segments): EncodedPart {
  const encoded = encode(segments);
  return {
    encoding: 'base64',
    bytes: ownBytes(segments) * WAYS_TO_BEGIN,
    fill(values, to) {
      const run = new Base64Run(to);
      fillSegments(encoded, values, run);
      run.end();
    },
  };
}

/** Bytes as base64 lines of at most 76 characters, each with its end. */
function base64Lines(bytes: Buffer): string {
  let lines = '';
  for (let at = 0; at < bytes.length; at += BYTES_PER_LINE)
    lines += `${bytes.toString('base64', at, at + BYTES_PER_LINE)}\r\n`;
  return lines;
}

class Literal {
  readonly kind = 'literal';
  readonly bytes: Buffer;
  readonly #encoded: (Uint8Array | undefined)[] = [];

  constructor(text: string) {
    this.bytes = Buffer.from(text);
  }

  /** The whole groups of three after the first `lent` bytes, encoded. */
  middle(lent: number): Uint8Array {
    this.#encoded[lent] ??= Buffer.from(base64Lines(this.bytes.subarray(lent, this.#tailAt(lent))), 'latin1');
    return this.#encoded[lent];
  }

  /** What the last whole group leaves over: 0 to 2 bytes. */
  tail(lent: number): Buffer {
    return this.bytes.subarray(this.#tailAt(lent));
  }

  #tailAt(lent: number): number {
    return this.bytes.length - ((this.bytes.length - lent) % 3);
  }
}

const encode = openEncoder((text) => new Literal(text));

/** One reader's copy while it is written: bytes wait until they make whole groups. */
class Base64Run {
  #waiting: Buffer[] = [];
  #length = 0;
  readonly #to: ByteWriter;

  constructor(to: ByteWriter) {
    this.#to = to;
  }

  add(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#length += bytes.length;
  }

  literal(literal: Literal): void {
    if (literal.bytes.length < SHORT) {
      this.add(literal.bytes);
      return;
    }
    const lent = (3 - (this.#length % 3)) % 3;
    this.add(literal.bytes.subarray(0, lent));
    this.end();
    this.#to.shared(literal.middle(lent));
    this.add(literal.tail(lent));
  }

  end(): void {
    if (this.#length > 0) this.#to.text(base64Lines(Buffer.concat(this.#waiting, this.#length)));
    this.#waiting = [];
    this.#length = 0;
  }
}

function fillSegments(encoded: readonly EncodedSegment<Literal>[], values: MergeValues, run: Base64Run): void {
  for (const piece of encoded) {
    if (piece.kind === 'literal') run.literal(piece);
    else if (piece.kind === 'hole') run.add(Buffer.from(mergeFieldText(piece, values)));
    else fillSegments(sideOf(piece, values), values, run);
  }
}
