/** Names what an editor has seen, so that a yes is a yes to that and nothing else. */
import { createHash } from 'node:crypto';
import { publicId } from '../../domain/post.js';
import type { DeskIssue } from './draft-on-desk.js';

/**
 * Posts with their texts, their order, and which editions there are; the same wherever it was read. How many readers get them
 * is no part of it: a sign-up takes no word back (laws §3.6).
 */
export function shownOf({ approval, arranged, draft, full, written }: DeskIssue): string {
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
