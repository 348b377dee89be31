/** A post that is not in the issue, with the reason and what an editor can do about it. */

import { createHash } from 'node:crypto';
import { publicId } from '../../domain/post.js';
import { reasonWords } from '../../domain/reason-words.js';
import type { Verdict } from '../../domain/selection.js';
import { type ShownDate, shownDateOf } from '../../domain/shown-date.js';

export interface PostOutView {
  readonly id: string;
  /** Its element on the page of the issue once it is in. */
  readonly anchor: string;
  readonly title: string;
  readonly place: string;
  readonly publishedAt: ShownDate;
  readonly reason: string;
  /** The change that would bring it in; null where none can. */
  readonly can: 'add' | 'include' | null;
}

const ADDABLE = ['before-baseline', 'too-old', 'held-over'];

export function postOutView({ known, reason }: Verdict): PostOutView {
  const { post } = known;
  const id = publicId(post.keys);
  return {
    id,
    anchor: postAnchor(id),
    title: post.title,
    place: post.place,
    publishedAt: shownDateOf(post),
    reason: reasonWords(reason),
    can: reason.kind === 'left-out-by-editor' ? 'include' : ADDABLE.includes(reason.kind) ? 'add' : null,
  };
}

/** The same on every page and over any copy of the ledger. */
export function postAnchor(id: string): string {
  return `post-${createHash('sha256').update(id).digest('hex').slice(0, 16)}`;
}
