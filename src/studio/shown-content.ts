/** Names the content a page showed, so that sending it covers exactly that. */
import { createHash } from 'node:crypto';
import { publicId } from '../domain/post.js';
import { digestOf } from '../issue/editions.js';
import { type LiveIssue, shownSections } from './live-issue.js';

/**
 * A hash of the posts with their texts, their order, and the editions; the same over any copy of the ledger. The number of
 * readers is not part of it: a sign-up does not void an answer (rule: approval).
 */
export function shownContent(issue: LiveIssue): string {
  const { approval, planned, draft, written } = issue;
  const texts = new Map(
    draft.selection.chosen.map(({ uid, post }) => [uid, `${publicId(post.keys)} ${post.bodyHash}`]),
  );
  const sections = shownSections(issue).map(({ key, posts }) => [key, posts.map(({ uid }) => texts.get(uid))]);
  const editions = planned.editions.map((plan) => {
    const posts = digestOf(draft, plan).sections.map(({ key, posts: shown }) => [key, shown.map(({ id }) => id)]);
    return createHash('sha256')
      .update(JSON.stringify([plan.messages.language, posts]))
      .digest('base64');
  });
  const shown = JSON.stringify([draft.number, sections, editions.sort(), written?.version, approval?.shown]);
  return createHash('sha256').update(shown).digest('hex');
}
