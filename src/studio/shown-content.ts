/** Names the content a page showed, so that sending it covers exactly that. */
import { createHash } from 'node:crypto';
import { publicId } from '../domain/post.js';
import type { LiveIssue } from './live-issue.js';

/**
 * A hash of the posts with their texts, their order, and the editions; the same over any copy of the ledger. The number of
 * readers is not part of it: a sign-up does not void an answer (rule: approval).
 */
export function shownContent({ approval, planned, draft, full, written }: LiveIssue): string {
  const texts = new Map(
    draft.selection.chosen.map(({ uid, post }) => [uid, `${publicId(post.keys)} ${post.bodyHash}`]),
  );
  const sections = (full?.digest.sections ?? []).map(({ key, posts }) => [key, posts.map(({ uid }) => texts.get(uid))]);
  const editions = planned.editions.map(({ messages, digest }) =>
    JSON.stringify([messages.language, digest.sections.map(({ key, posts }) => [key, posts.map(({ id }) => id)])]),
  );
  const shown = JSON.stringify([draft.number, sections, editions.sort(), written?.version, approval?.shown]);
  return createHash('sha256').update(shown).digest('hex');
}
