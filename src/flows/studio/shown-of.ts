/** Names what an editor has seen, so that a yes is a yes to that and nothing else. */
import { createHash } from 'node:crypto';
import type { DeskIssue } from '../open-desk.js';

/** Posts with their texts, their order, and how many readers get which edition. */
export function shownOf({ approval, draft, arranged, groups, written }: DeskIssue): string {
  if (approval) return approval.shown;
  const posts = draft.selection.chosen.map(({ uid, post }) => `${uid} ${post.bodyHash}`);
  const readers = groups.map(({ wishes, language, count, skip }) => [wishes, language, count, skip]);
  return createHash('sha256')
    .update(JSON.stringify([draft.number, posts, arranged.editions.map(({ key }) => key), readers, written?.version]))
    .digest('hex');
}
