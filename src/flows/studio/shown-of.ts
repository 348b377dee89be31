/** Names what an editor has seen, so that a yes is a yes to that and nothing else. */
import { createHash } from 'node:crypto';
import { publicId } from '../../domain/post.js';
import type { DeskIssue } from './draft-on-desk.js';

/** Posts with their texts, their order, and how many readers get it; the same wherever it was read. */
export function shownOf({ approval, draft, full, groups, written }: DeskIssue): string {
  const texts = new Map(
    draft.selection.chosen.map(({ uid, post }) => [uid, `${publicId(post.keys)} ${post.bodyHash}`]),
  );
  const sections = (full?.digest.sections ?? []).map(({ key, posts }) => [key, posts.map(({ uid }) => texts.get(uid))]);
  const readers = groups.map(({ wishes, language, count, skip }) => [wishes, language, count, skip]);
  const seen = JSON.stringify([draft.number, sections, readers, written?.version, approval?.shown]);
  return createHash('sha256').update(seen).digest('hex');
}
