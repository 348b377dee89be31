/** Joins the parts of an edition: shells with the edition's own words filled in, and the pieces between them (rule: pieces). */
import { createHash } from 'node:crypto';
import type { EscapeContext, Piece, Segment, Segments } from '../domain/edition.js';
import { type Placeholders, push } from './placeholders.js';
import type { Seams } from './seams.js';
import { splitAtWords } from './sharing.js';

/** Something to join, and what is at its ends. */
export interface Chunk {
  readonly head: number;
  readonly tail: number;
  readonly isEmpty: boolean;
  segments(words: readonly string[]): Segments;
}

const parts = new WeakSet<Piece>();

/** Whether a piece is a section or a post that was printed by itself: its elements are whole. */
export function isPart(segment: object): boolean {
  return parts.has(segment as Piece);
}

/** Below this a literal is written out: a reference is not much shorter. */
const SHORT = 24;

/** Makes chunks; equal contents are the same piece. */
export function openChunks(context: EscapeContext, seams: Seams) {
  const pieces = new Map<string, Piece>();

  function shared(segments: Segments): Segments {
    const [first] = segments;
    if (segments.length === 0 || (segments.length === 1 && typeof first === 'string' && first.length < SHORT))
      return segments;
    const key = createHash('sha256').update(JSON.stringify(segments)).digest('hex').slice(0, 32);
    const piece = pieces.get(key) ?? { kind: 'piece', key, segments };
    pieces.set(key, piece);
    return [piece];
  }

  return {
    /** A text that many editions show as it is. */
    piece(text: string, placeholders: Placeholders): Chunk {
      const { core, head, tail } = seams.trim(text);
      const segments = shared(placeholders.segmentsFrom(core, context));
      for (const segment of segments) if (typeof segment === 'object') parts.add(segment as Piece);
      return { head, tail, isEmpty: core === '', segments: () => segments };
    },
    /** A text with words of the edition's own in it. */
    shell(text: string, nonce: string, placeholders: Placeholders): Chunk {
      const { core, head, tail } = seams.trim(text);
      const parts = splitAtWords(core, nonce, placeholders).map((part) => {
        if ('word' in part || part.hasWords) return part;
        return shared(placeholders.segmentsFrom(part.text, context));
      });
      const filled = (given: string, words: readonly string[]) =>
        given.replace(new RegExp(`${nonce}w(\\d+)z`, 'g'), (_, index: string) => words[Number(index)] ?? '');
      return {
        head,
        tail,
        isEmpty: core === '',
        segments: (words) =>
          parts.flatMap((part): Segments => {
            if (!('word' in part) && !('text' in part)) return part;
            if ('word' in part) return [words[part.word] ?? ''];
            return placeholders.segmentsFrom(filled(part.text, words), context);
          }),
      };
    },
  };
}

/** The segments of an edition, from its chunks in order. */
export function spliced(chunks: readonly Chunk[], words: readonly string[], seams: Seams): Segments {
  const segments: Segment[] = [];
  let tail: number | undefined;
  for (const chunk of chunks) {
    if (chunk.isEmpty) {
      if (tail !== undefined) tail += chunk.head + chunk.tail;
      continue;
    }
    if (tail !== undefined) push(segments, seams.join(tail, chunk.head));
    for (const segment of chunk.segments(words)) push(segments, segment);
    tail = chunk.tail;
  }
  return segments;
}
