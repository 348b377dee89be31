/** Names what an editor has seen, so that a yes is a yes to that and nothing else. */
import { createHash } from 'node:crypto';
import { publicId } from '../domain/post.js';
import type { LiveIssue } from './live-issue.js';

/**
 * Posts with their texts, their order, and which editions there are; the same wherever it was read. How many readers get them
 * is no part of it: a sign-up takes no word back (rule: approval).
 */
export function shownOf({ approval, arranged, draft, full, written }: LiveIssue): string {
  const texts = new Map(
    draft.selection.chosen.map(({ uid, post }) => [uid, `${publicId(post.keys)} ${post.bodyHash}`]),
  );
  const sections = (full?.digest.sections ?? []).map(({ key, posts }) => [key, posts.map(({ uid }) => texts.get(uid))]);
  const editions = arranged.editions.map(({ words, digest }) =>
    JSON.stringify([words.language, digest.sections.map(({ key, posts }) => [key, posts.map(({ id }) => id)])]),
  );
  const seen = JSON.stringify([draft.number, sections, editions.sort(), written?.version, approval?.shown]);
  return createHash('sha256').update(seen).digest('hex');
}
