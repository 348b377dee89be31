/**
 * Readers who change from one newsletter to another of another frequency (rule: frequency-change): what the first edition of the new one
 * omits, and when the old one ends. All of it changes in the transaction of a freeze, so that it agrees with the ledger.
 */
import { createHash } from 'node:crypto';
import { preferencesFromKey, preferencesKey } from '../domain/category.js';
import { MAY_HAVE_ARRIVED } from '../domain/delivery.js';
import type { FrequencyChange } from '../domain/ports/audience.js';
import type { Queries, Trx } from './database.js';
import { hasBegun, isOver } from './deliveries.js';
import { postsFrom } from './editions.js';
import { subscribePerson } from './self-service.js';
import type { FrequencyChangesTable } from './tables.js';

/** Starts a frequency change; the old subscription ends at once, or with its next issue. False where there is none to leave. */
export async function startFrequencyChange(
  trx: Trx,
  subscriber: number,
  { from, to, waits, preferences, consent }: FrequencyChange,
): Promise<boolean> {
  const old = await trx
    .selectFrom('subscriptions')
    .select('state')
    .where('newsletter', '=', from)
    .where('subscriber', '=', subscriber)
    .executeTakeFirst();
  if (old?.state !== 'active') return false;
  if (!waits) {
    await subscribePerson(trx, to, subscriber, { preferences, consent });
    await endOne(trx, from, subscriber);
  }
  const alreadySent = leaving(waits ? [] : await sentSince(trx, from, to, subscriber));
  const row = {
    left_newsletter: from,
    stage: waits ? 'waiting' : 'due',
    arrived_with: null,
    still_there: waits ? 1 : 0,
    ...alreadySent,
    wishes: preferencesKey(preferences),
    consent_source: consent.source,
    consent_at: consent.at.getTime(),
  } as const;
  await trx
    .insertInto('switches')
    .values({ newsletter: to, subscriber, ...row })
    .onConflict((conflict) => conflict.columns(['newsletter', 'subscriber']).doUpdateSet(row))
    .execute();
  return true;
}

/** Forgets that a reader changes to a newsletter: what they get stays as it is. */
export async function cancelFrequencyChange(trx: Trx, to: string, subscriber: number): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('switches')
    .where('newsletter', '=', to)
    .where('subscriber', '=', subscriber)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Before the rows of an issue are written: who has left by now gets none. */
export async function endLeft(trx: Trx, newsletter: string): Promise<void> {
  const leaving = await trx
    .selectFrom('switches')
    .select(['newsletter', 'subscriber', 'stage'])
    .where('left_newsletter', '=', newsletter)
    .where('still_there', '=', 1)
    .where('stage', '<>', 'waiting')
    .execute();
  for (const { newsletter: to, subscriber, stage } of leaving) {
    await endOne(trx, newsletter, subscriber);
    if (stage === 'over') await cancelFrequencyChange(trx, to, subscriber);
    else await setFrequencyChange(trx, to, subscriber, { still_there: 0 });
  }
}

/** After the rows of an issue are written: who waited for it gets the other newsletter from here on; who came with it has arrived. */
export async function moveFrequencyChanges(trx: Trx, newsletter: string, issue: number): Promise<void> {
  const waiting = await trx
    .selectFrom('switches')
    .innerJoin('deliveries', 'deliveries.subscriber', 'switches.subscriber')
    .leftJoin('editions', 'editions.id', 'deliveries.edition')
    .innerJoin('issues', 'issues.id', 'deliveries.issue')
    .selectAll('switches')
    .select(['editions.posts', 'issues.posts as issue_posts'])
    .where('deliveries.issue', '=', issue)
    .where('switches.left_newsletter', '=', newsletter)
    .where('switches.stage', '=', 'waiting')
    .execute();
  for (const row of waiting) {
    const consent = { source: row.consent_source, at: new Date(row.consent_at) };
    await subscribePerson(trx, row.newsletter, row.subscriber, {
      preferences: preferencesFromKey(row.wishes),
      consent,
    });
    const alreadySent = leaving(row.posts === null ? [] : uidsIn(row.posts, row.issue_posts));
    await setFrequencyChange(trx, row.newsletter, row.subscriber, { stage: 'due', ...alreadySent });
  }
  await endArrivals(trx, newsletter);
  await trx
    .updateTable('switches')
    .set({ stage: 'arrived', arrived_with: issue })
    .where('newsletter', '=', newsletter)
    .where('stage', '=', 'due')
    .execute();
}

/** Who came with an issue that can no more be taken back is there for good, and what they were sent before is forgotten. */
async function endArrivals(trx: Trx, newsletter: string): Promise<void> {
  const issues = await trx
    .selectFrom('switches')
    .innerJoin('issues', 'issues.id', 'switches.arrived_with')
    .select(['issues.id', 'issues.state'])
    .distinct()
    .where('switches.newsletter', '=', newsletter)
    .execute();
  for (const { id, state } of issues) {
    // A released issue brought no readers: a cancelled issue that is named here had begun.
    if (state !== 'done' && !isOver(state) && !(await hasBegun(trx, id))) continue;
    await trx.deleteFrom('switches').where('arrived_with', '=', id).where('still_there', '=', 0).execute();
    await trx
      .updateTable('switches')
      .set({ stage: 'over', arrived_with: null, ...leaving([]) })
      .where('arrived_with', '=', id)
      .execute();
  }
}

/** An issue that no reader can have received leaves nothing out of another issue, and brought no readers. */
export async function releaseFrequencyChanges(trx: Trx, newsletter: string, issue: number): Promise<void> {
  await trx
    .updateTable('switches')
    .set(leaving([]))
    .where('left_newsletter', '=', newsletter)
    .where('stage', 'in', ['due', 'arrived'])
    .where('still_there', '=', 1)
    .execute();
  await trx
    .updateTable('switches')
    .set({ stage: 'due', arrived_with: null })
    .where('arrived_with', '=', issue)
    .execute();
}

/** Who leaves a newsletter altogether does not go on to another. */
export function dropWaiting(db: Queries, newsletter: string, subscribers: readonly number[]) {
  return db
    .deleteFrom('switches')
    .where('left_newsletter', '=', newsletter)
    .where('subscriber', 'in', subscribers)
    .where('stage', '=', 'waiting');
}

/** The posts a reader was sent by one newsletter since the latest issue of another. */
async function sentSince(trx: Trx, from: string, to: string, subscriber: number): Promise<readonly string[]> {
  const latest = await trx
    .selectFrom('issues')
    .select('frozen_at')
    .where('newsletter', '=', to)
    .where('released', '=', 0)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const sent = await trx
    .selectFrom('issues')
    .innerJoin('deliveries', 'deliveries.issue', 'issues.id')
    .innerJoin('editions', 'editions.id', 'deliveries.edition')
    .select(['editions.posts', 'issues.posts as issue_posts'])
    .where('issues.newsletter', '=', from)
    .where('issues.frozen_at', '>', latest?.frozen_at ?? 0)
    .where('deliveries.subscriber', '=', subscriber)
    .where('deliveries.state', 'in', MAY_HAVE_ARRIVED)
    .execute();
  return sent.flatMap(({ posts, issue_posts }) => uidsIn(posts, issue_posts));
}

function uidsIn(posts: string, issuePosts: string): readonly string[] {
  return postsFrom(posts, JSON.parse(issuePosts)).map(({ uid }) => uid);
}

/** The posts to omit, and a key that is equal for equal posts. */
function leaving(uids: readonly string[]): Pick<FrequencyChangesTable, 'left_out' | 'left_posts'> {
  const posts = JSON.stringify([...new Set(uids)].sort());
  return { left_out: uids.length === 0 ? '' : createHash('sha256').update(posts).digest('hex'), left_posts: posts };
}

async function endOne(trx: Trx, newsletter: string, subscriber: number): Promise<void> {
  await trx
    .updateTable('subscriptions')
    .set({ state: 'unsubscribed' })
    .where('newsletter', '=', newsletter)
    .where('subscriber', '=', subscriber)
    .execute();
}

async function setFrequencyChange(
  trx: Trx,
  to: string,
  subscriber: number,
  values: Partial<FrequencyChangesTable>,
): Promise<void> {
  await trx
    .updateTable('switches')
    .set(values)
    .where('newsletter', '=', to)
    .where('subscriber', '=', subscriber)
    .execute();
}
