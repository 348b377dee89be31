/**
 * A person's yes or no to the next issue (laws §3.6). What they say stands beside the ledger with the cut-off and a hash of
 * what they were shown; the issue is composed again when it is frozen, and an edit in between takes the yes back.
 */
import { createHash } from 'node:crypto';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import { dueOccurrences } from '../domain/occurrences.js';
import { collectPosts } from './collect-posts.js';
import { composeIssue, type Draft, draftCandidates } from './draft-issue.js';
import type { House } from './house.js';

/** What is kept of one occurrence until it has its record. */
interface Closed {
  readonly verdict: 'approved' | 'vetoed' | 'announced';
  /** Where its window ends, and when it was closed, in epoch milliseconds. */
  readonly cutoffMs: number;
  readonly at: number;
  readonly hash: string;
}

export interface AwaitedApproval {
  /** Where the content closed; absent while it is open. */
  readonly cutoff?: Date;
  /** When it closed: what became news later waits for the next issue. */
  readonly seenBy?: Date;
  judge(draft: Draft): Promise<Answer>;
}

export type Answer = { readonly kind: 'go' | 'vetoed' } | { readonly kind: 'waiting'; readonly reason: string };

/** What a newsletter with approval waits for at an occurrence; `undefined` where nobody is asked. */
export async function awaitedApproval(
  house: House,
  newsletter: Newsletter,
  occurrence: Date,
): Promise<AwaitedApproval | undefined> {
  const { approval } = newsletter;
  if (approval.kind === 'none') return undefined;
  const closed = await readClosed(house, newsletter, occurrence);
  const judge = async (draft: Draft): Promise<Answer> => {
    if (closed?.verdict === 'vetoed') return { kind: 'vetoed' };
    const isSame = closed !== undefined && closed.hash === (await contentHash(house, draft));
    if (approval.kind === 'required') {
      if (isSame) return { kind: 'go' };
      return {
        kind: 'waiting',
        reason: closed ? 'it was changed after it was approved' : 'nobody has approved it yet',
      };
    }
    if (!isSame) await announce(house, draft);
    const openUntil = isSame ? closed.at + approval.ms : Number.POSITIVE_INFINITY;
    if (house.clock.now().getTime() >= openUntil) return { kind: 'go' };
    return { kind: 'waiting', reason: 'it may still be vetoed' };
  };
  return { ...(closed && { cutoff: new Date(closed.cutoffMs), seenBy: new Date(closed.at) }), judge };
}

/** Closes the content of a veto newsletter ahead of its occurrence, so that the notice is out in time. */
export async function closeForVeto(house: House, newsletter: Newsletter, next: Date): Promise<void> {
  const { approval } = newsletter;
  if (approval.kind !== 'veto') return;
  const closes = new Date(next.getTime() - approval.ms);
  if (house.clock.now() < closes || (await readClosed(house, newsletter, next))) return;
  try {
    await collectPosts(house, house.store, newsletter);
  } catch (error) {
    // The notice can wait for the source: the issue leaves so much later.
    if (error instanceof GazetteError && error.code.startsWith('source.')) return;
    throw error;
  }
  const draft = await draftAt(house, newsletter, next, closes);
  if (draft.selection.outcome === 'issue') await announce(house, draft);
}

async function announce(house: House, draft: Draft): Promise<void> {
  const { newsletter, occasion } = draft;
  const hash = await contentHash(house, draft);
  const at = house.clock.now().getTime();
  await writeClosed(house, newsletter, occasion.occurrence, {
    verdict: 'announced',
    cutoffMs: occasion.cutoff.getTime(),
    at,
    hash,
  });
  house.log.info('issue.announced', { newsletter: newsletter.id, occurrence: occasion.occurrence });
}

export interface ApprovalReport {
  readonly newsletter: string;
  readonly verdict: 'approved' | 'vetoed';
  readonly occurrence: Date;
  readonly posts: readonly string[];
}

/** Says yes or no to the issue that waits, or else to the next one. Closes its window at this moment. */
export async function answerNext(
  house: House,
  newsletter: Newsletter,
  verdict: 'approved' | 'vetoed',
): Promise<ApprovalReport> {
  if (newsletter.approval.kind === 'none') {
    throw new GazetteError('issue.state', `“${newsletter.id}” asks nobody: its approval is none.`, {
      hint: 'Write `approval: required` or `approval: veto 2h` in its file.',
    });
  }
  const now = house.clock.now();
  const standing = await house.store.ledger.standing(newsletter.id);
  // The latest occurrence in reach of a catch-up waits; where there is none, the next one is meant.
  const since = new Date(now.getTime() - newsletter.maxLatenessMs - 1);
  const { due, next } = dueOccurrences({ calendar: house.calendar, newsletter, standing, since, now });
  const occurrence = due?.occurrence ?? next;
  await collectPosts(house, house.store, newsletter);
  const closed = await readClosed(house, newsletter, occurrence);
  const cutoff = closed?.verdict === 'announced' ? new Date(closed.cutoffMs) : now < occurrence ? now : occurrence;
  const draft = await draftAt(house, newsletter, occurrence, cutoff);
  if (draft.selection.outcome !== 'issue') {
    throw new GazetteError('issue.state', 'There is no issue to answer for: nothing is in it yet.', {
      hint: 'See `gazette plan`.',
    });
  }
  const hash = await contentHash(house, draft);
  await writeClosed(house, newsletter, occurrence, { verdict, cutoffMs: cutoff.getTime(), at: now.getTime(), hash });
  house.log.info(`issue.${verdict}`, { newsletter: newsletter.id, occurrence });
  return {
    newsletter: newsletter.id,
    verdict,
    occurrence,
    posts: draft.selection.chosen.map(({ post }) => post.title),
  };
}

async function draftAt(house: House, newsletter: Newsletter, occurrence: Date, cutoff: Date): Promise<Draft> {
  const standing = await house.store.ledger.standing(newsletter.id);
  return draftCandidates(house, newsletter, { occurrence, cutoff, manual: false }, standing);
}

/** A hash of what everybody who wishes for everything would get: posts, order, words, sender, theme and cut-off. */
async function contentHash(house: House, draft: Draft): Promise<string> {
  const { newsletter, occasion } = draft;
  const composed = await composeIssue(house, draft, [{ wishes: '*' }]);
  const shown = composed.editions.map(({ key, mail }) => [key, mail]);
  const { sender, replyTo } = newsletter;
  const words = JSON.stringify([
    occasion.cutoff,
    sender,
    replyTo,
    draft.selection.chosen.map(({ uid, post }) => [uid, post.bodyHash]),
    shown,
  ]);
  return createHash('sha256').update(words).digest('hex');
}

function keyOf({ id }: Newsletter, occurrence: Date): string {
  return `approval ${id} ${occurrence.toISOString()}`;
}

async function readClosed(house: House, newsletter: Newsletter, occurrence: Date): Promise<Closed | undefined> {
  return (await house.store.shared.read(keyOf(newsletter, occurrence))) as Closed | undefined;
}

function writeClosed(house: House, newsletter: Newsletter, occurrence: Date, closed: Closed): Promise<void> {
  return house.store.shared.change(keyOf(newsletter, occurrence), () => ({ after: closed, result: undefined }));
}
