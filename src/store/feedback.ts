/** What came back: kept once, with what it means, in one transaction (rule: feedback). */
import { sql } from 'kysely';
import { type DeliveryState, MAY_HAVE_ARRIVED } from '../domain/delivery.js';
import { isSoftTooOften, type SoftBouncePolicy } from '../domain/feedback-effects.js';
import type { FeedbackEffects, FeedbackEvent, FeedbackStore, SentDelivery } from '../domain/ports/feedback-store.js';
import { changeSubscription } from './change-readers.js';
import { type Database, type Queries, type Trx, transact } from './database.js';
import { readByDomain, readCameBack, readIssueFeedback, readTies } from './feedback-counts.js';
import { dropWaiting } from './frequency-changes.js';
import { suppressAddress, suppressForComplaint } from './suppressions.js';
import { listTidyable, tidyReaders } from './tidy.js';

export function feedbackStore(database: Database): FeedbackStore {
  const { db } = database;
  return {
    sentDelivery: async ({ issue, subscriber }) => (await readSent(db, subscriber, issue))[0],
    sentTo: (subscriber) => readSent(db, subscriber),
    record: (events, policy) => transact(database, (trx) => recordAll(trx, events, policy)),
    ofIssue: (issue) => readIssueFeedback(db, issue),
    byDomain: (issues) => readByDomain(database, issues),
    cameBackSince: (since) => readCameBack(db, since),
    ties: (since) => readTies(db, since),
    tidyable: (pendingBefore) => listTidyable(db, pendingBefore),
    tidy: (readers) => transact(database, (trx) => tidyReaders(trx, readers)),
  };
}

const MOST_SENT = 60;
const SENT: readonly DeliveryState[] = MAY_HAVE_ARRIVED;

async function readSent(db: Queries, subscriber: number, issue?: number): Promise<readonly SentDelivery[]> {
  const rows = await db
    .selectFrom('deliveries')
    .innerJoin('issues', 'issues.id', 'deliveries.issue')
    .select(['deliveries.issue', 'subscriber', 'newsletter', 'number', 'uid', 'deliveries.state', 'settled_at'])
    // By issue, for that is how the largest table is ordered.
    .where('deliveries.issue', 'in', issue === undefined ? db.selectFrom('issues').select('id') : [issue])
    .where('subscriber', '=', subscriber)
    .where('deliveries.state', 'in', SENT)
    .orderBy(sql`coalesce(settled_at, 0)`, 'desc')
    .orderBy('deliveries.issue', 'desc')
    .limit(MOST_SENT)
    .execute();
  return rows.map(({ settled_at, ...row }) => ({
    ...row,
    ...(settled_at !== null && { settledAt: new Date(settled_at) }),
  }));
}

async function recordAll(
  trx: Trx,
  events: readonly FeedbackEvent[],
  policy: SoftBouncePolicy,
): Promise<FeedbackEffects> {
  const fresh = new Set<string>();
  const done = { suppressed: 0, unsubscribed: 0 };
  for (const event of events) {
    const reader = event.delivery && (await readReader(trx, event.delivery.subscriber));
    if (!(await insertOnce(trx, event, reader?.address_key ?? ''))) continue;
    fresh.add(event.id);
    if (!reader || !event.delivery) continue;
    done.suppressed += await suppressFor(trx, event, event.delivery, reader, policy);
    if (event.finding.kind === 'unsubscribe') done.unsubscribed += await endSubscription(trx, event.delivery);
  }
  return { fresh, ...done };
}

type Delivery = NonNullable<FeedbackEvent['delivery']>;
type Reader = NonNullable<Awaited<ReturnType<typeof readReader>>>;

function readReader(trx: Trx, subscriber: number) {
  return trx
    .selectFrom('subscribers')
    .select(['address_key', 'erased'])
    .where('id', '=', subscriber)
    .executeTakeFirst();
}

/** False when the id is known. */
async function insertOnce(trx: Trx, event: FeedbackEvent, addressKey: string): Promise<boolean> {
  const { finding, delivery } = event;
  const reply = 'reply' in finding ? finding.reply : undefined;
  const isErased = addressKey.startsWith('erased:');
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('feedback')
    .values({
      id: event.id,
      taken_at: event.takenAt.getTime(),
      happened_at: event.happenedAt?.getTime() ?? null,
      tie: event.tie,
      issue: delivery?.issue ?? null,
      subscriber: delivery?.subscriber ?? null,
      domain: isErased ? '' : addressKey.slice(addressKey.lastIndexOf('@') + 1),
      kind: finding.kind,
      bounce: finding.kind === 'bounce' ? finding.bounce : null,
      code: reply?.code ?? null,
      enhanced: reply?.enhanced ?? null,
      // Servers quote the address they refuse: of who is not known, or erased, nothing is kept.
      text: delivery && !isErased ? (reply?.text ?? '') : '',
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Does what a bounce or a complaint means. Gives how many addresses were suppressed. */
async function suppressFor(
  trx: Trx,
  { finding, takenAt }: FeedbackEvent,
  delivery: Delivery,
  { address_key: key, erased }: Reader,
  policy: SoftBouncePolicy,
): Promise<number> {
  if (finding.kind === 'bounce') await markBounced(trx, delivery);
  if (erased === 1 || (await hasMovedSince(trx, delivery, key))) return 0;
  if (finding.kind === 'complaint') return suppressForComplaint(trx, key, takenAt);
  if (finding.kind !== 'bounce') return 0;
  if (finding.bounce === 'hard') return suppressAddress(trx, key, 'hard-bounce', takenAt);
  if (finding.bounce === 'policy' || !(await isSoftTooMuch(trx, delivery.subscriber, policy))) return 0;
  return suppressAddress(trx, key, 'soft-bounces', takenAt);
}

/** Accepted, then bounced: a state of its own; the reply of the acceptance stays as it was. */
async function markBounced(trx: Trx, { issue, subscriber }: Delivery): Promise<void> {
  await trx
    .updateTable('deliveries')
    .set({ state: 'bounced' })
    .where('issue', '=', issue)
    .where('subscriber', '=', subscriber)
    .where('state', 'in', ['accepted', 'unknown'])
    .execute();
}

/** Whether the reader took this address later: it is not the one that bounced. */
async function hasMovedSince(trx: Trx, { issue, subscriber }: Delivery, addressKey: string): Promise<boolean> {
  const moved = await trx
    .selectFrom('sign_ups')
    .select('confirmed_at')
    .where('address_key', '=', addressKey)
    .where('purpose', '=', 'change-address')
    .where('confirmed_at', '>', (eb) =>
      eb
        .selectFrom('deliveries')
        .select('settled_at')
        .where('deliveries.issue', '=', issue)
        .where('deliveries.subscriber', '=', subscriber),
    )
    .executeTakeFirst();
  return moved !== undefined;
}

async function isSoftTooMuch(trx: Trx, subscriber: number, policy: SoftBouncePolicy): Promise<boolean> {
  const past = await readSent(trx, subscriber);
  const soft = await trx
    .selectFrom('feedback')
    .select('issue')
    .where('subscriber', '=', subscriber)
    .where('kind', '=', 'bounce')
    .where('bounce', '=', 'soft')
    .where('tie', '=', 'tied')
    .execute();
  const issues = new Set(soft.map(({ issue }) => issue));
  return isSoftTooOften(
    past.map(({ issue, state, settledAt }) => ({
      state,
      isSoft: issues.has(issue),
      settledAt: settledAt?.getTime() ?? 0,
    })),
    policy,
  );
}

async function endSubscription(trx: Trx, { newsletter, subscriber }: Delivery): Promise<number> {
  const hasEnded = await changeSubscription(trx, newsletter, subscriber, { state: 'unsubscribed' });
  await dropWaiting(trx, newsletter, [subscriber]).execute();
  return hasEnded ? 1 : 0;
}
