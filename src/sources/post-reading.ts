/** What comes of reading one file, and how it is told that it could not be read. Needs no parser. */
import type { JobEnd } from '../domain/ports/host.js';
import type { BrokenPost, PostHead, PostKeys } from '../domain/post.js';
import { trimEndOf } from '../domain/trim.js';
import type { SourceFacts } from './source-facts.js';
import type { Trouble } from './trouble.js';

export type { SourceFacts } from './source-facts.js';

export type ReadPost =
  | { readonly kind: 'post'; readonly post: PostHead }
  | { readonly kind: 'broken'; readonly broken: BrokenPost }
  /** No post: a path that cannot be one, or a page without a date. */
  | { readonly kind: 'no-post'; readonly why?: 'undated' };

/** A post that cannot be read or must not be sent, by its path. */
export function brokenPost(
  path: string,
  source: SourceFacts,
  troubles: readonly Trouble[],
  keys?: PostKeys,
): BrokenPost {
  const [first, ...later] = [...troubles].sort((a, b) => a.line - b.line || a.column - b.column);
  const where = `${trimEndOf(source.dir, '/')}/${path}:${first?.line ?? 1}:${first?.column ?? 1}`;
  const also = later.map(({ line, message }) => `Line ${line}: ${message}`);
  return { source: source.name, keys: keys ?? { path }, where, message: [first?.message, ...also].join(' ') };
}

export const TOO_DEEP = 'Quotes, lists or other markup are nested too deeply.';

/** Why a text was not read to its end. */
export function unfinished(end: Exclude<JobEnd, { kind: 'done' }>): string {
  if (end.kind === 'too-long') return `Reading it took longer than ${end.limitMs / 1000} s, so it was ended.`;
  if (end.kind === 'out-of-memory') return `Reading it took more than ${end.memoryMb} MB of memory, so it was ended.`;
  return `It could not be read: ${end.reason}`;
}
