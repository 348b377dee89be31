/** A source that is collected one time after another: what it kept goes from one collection to the next. */
import type { Source } from '../../src/domain/ports/content.js';
import type { Collection, PostHead } from '../../src/domain/post.js';
import { markupOf } from './sources-files.js';

export interface Collected {
  collect(now?: Date): Promise<Collection>;
  /** The body of a listed post as short markup; what is wrong with it when it cannot be read. */
  bodyOf(post: PostHead | undefined): Promise<unknown>;
  kept(): unknown;
}

export function collectAgain(source: Source, first: Date): Collected {
  let kept: unknown;
  return {
    kept: () => kept,
    collect: (now = first) => {
      const keep = (value: unknown) => {
        kept = JSON.parse(JSON.stringify(value));
      };
      return source.collect({ now, kept, keep });
    },
    bodyOf: async (post) => {
      const [reading] = (await source.bodies?.(post ? [post] : [])) ?? [];
      return reading?.kind === 'body' ? markupOf(reading.body) : reading;
    },
  };
}
