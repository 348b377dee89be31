/**
 * A freeze, and the record of an occurrence that made no issue: one transaction each, guarded by the head (rules: freeze, one-record).
 * The audience never passes through memory: the database itself writes a row for every reader.
 */
import { sql } from 'kysely';
import { GazetteError } from '../domain/errors.js';
import type { Issue, SkippedOccurrence } from '../domain/issue.js';
import type { ComposedEditions, FreezePlan, FreezeResult, PostOutcomeRecord } from '../domain/ports/ledger.js';
import { type Database, type Trx, transact } from './database.js';
import { literal, settleDeferred } from './deliveries.js';
import { type EditionWriter, editionWriter } from './editions.js';
import { endLeft, moveFrequencyChanges } from './frequency-changes.js';
import { advanceHead, insertIssue, lockHead, readIssueAt } from './issues.js';
import { runsOf } from './pages.js';
import { writePostOutcomes } from './post-outcomes.js';
import { countGroups } from './reader-groups.js';
import { ALREADY_SENT, activeReaders, skipReasonAt } from './readers.js';
import { othersTurn } from './turn.js';

const ROUTES_AT_ONCE = 500;
/** Of all ids of subscribers, whichever newsletters they read. */
const SUBSCRIBERS_AT_ONCE = 2_000;
/** A due date no delivery has: it marks the readers for whom no edition was foreseen. */
const UNFORESEEN = -1;

/** Every reader has a row as they are at one moment, whoever changes something meanwhile. */
export function freeze(database: Database, plan: FreezePlan): Promise<FreezeResult> {
  return transact(database, (trx) => freezeWithin(database, trx, plan), { isSnapshot: true });
}

async function freezeWithin(database: Database, trx: Trx, plan: FreezePlan): Promise<FreezeResult> {
  const head = await lockHead(database, trx, plan.newsletter);
  const existing = await readIssueAt(trx, plan.newsletter, plan.issue.occurrence);
  if (existing) return meetExisting(trx, plan, existing, head);
  if (head !== plan.head) return { kind: 'stale' };
  await refuseSecondRecord(trx, plan.newsletter, plan.issue.occurrence);
  const issue = await insertIssue(trx, plan.issue);
  await insertSkips(trx, plan.newsletter, plan.skips ?? []);
  await writePostOutcomes(trx, plan.newsletter, plan.outcomes);
  await settleDeferred(trx, plan.newsletter, issue.id, issue.frozenAt);
  await endLeft(trx, plan.newsletter);
  await insertAudience(trx, plan, issue);
  await moveFrequencyChanges(trx, plan.newsletter, issue.id);
  await trx.deleteFrom('routes').where('issue', '=', issue.id).execute();
  await advanceHead(trx, plan.newsletter);
  return { kind: 'frozen', issue };
}

/** The instant has an issue already: it is given to who asks for one, unless it was cancelled. */
async function meetExisting(trx: Trx, plan: FreezePlan, existing: Issue, head: string): Promise<FreezeResult> {
  const isAdopted = existing.manual && !plan.issue.manual;
  if (isAdopted) {
    if (head !== plan.head) return { kind: 'stale' };
    await insertSkips(trx, plan.newsletter, plan.skips ?? []);
    await adopt(trx, existing);
    await advanceHead(trx, plan.newsletter);
  }
  if (existing.state !== 'cancelled') {
    return { kind: 'exists', issue: isAdopted ? { ...existing, manual: false } : existing };
  }
  // The occurrence has its record with it; what is left of its posts is for another one.
  if (!plan.issue.manual) return { kind: 'stale' };
  const { number, newsletter, window } = existing;
  throw new GazetteError(
    'issue.state',
    `Issue ${number} of ${newsletter}, with the cut-off ${window.until.toISOString()}, was cancelled: it is not sent again.`,
    {
      hint: 'What was answered before leaves at its occurrence. To send it by hand, take the answer back (`gazette issue withdraw`) first.',
    },
  );
}

/** An issue that was made by hand at the very instant of an occurrence is its record (rule: one-record). */
async function adopt(trx: Trx, { id }: Issue): Promise<void> {
  await trx.updateTable('issues').set({ manual: 0 }).where('id', '=', id).execute();
}

/** Records occurrences that made no issue; `stale` when the memory has changed since `head`. */
export function recordSkips(
  database: Database,
  newsletter: string,
  skips: readonly SkippedOccurrence[],
  outcomes: readonly PostOutcomeRecord[],
  head: string,
): Promise<'recorded' | 'stale'> {
  return transact(database, async (trx) => {
    if ((await lockHead(database, trx, newsletter)) !== head) return 'stale';
    await insertSkips(trx, newsletter, skips);
    await writePostOutcomes(trx, newsletter, outcomes);
    await advanceHead(trx, newsletter);
    return 'recorded';
  });
}

async function insertSkips(trx: Trx, newsletter: string, skips: readonly SkippedOccurrence[]): Promise<void> {
  for (const { occurrence, cutoff, outcome, recordedAt } of skips) {
    const existing = await readIssueAt(trx, newsletter, occurrence);
    if (existing?.manual) {
      await adopt(trx, existing);
      continue;
    }
    await refuseSecondRecord(trx, newsletter, occurrence);
    await trx
      .insertInto('skips')
      .values({
        newsletter,
        occurrence: occurrence.getTime(),
        cutoff: cutoff.getTime(),
        outcome,
        recorded_at: recordedAt.getTime(),
      })
      .execute();
  }
}

/** Every occurrence gets exactly one record (rule: one-record). */
async function refuseSecondRecord(trx: Trx, newsletter: string, occurrence: Date): Promise<void> {
  const at = occurrence.getTime();
  const skip = await trx
    .selectFrom('skips')
    .select('outcome')
    .where('newsletter', '=', newsletter)
    .where('occurrence', '=', at)
    .executeTakeFirst();
  const outcome = skip?.outcome ?? ((await readIssueAt(trx, newsletter, occurrence)) && 'an issue');
  if (outcome === undefined) return;
  throw new GazetteError(
    'issue.state',
    `The occurrence ${occurrence.toISOString()} of ${newsletter} has its record already: ${outcome}.`,
  );
}

/**
 * A row for every active reader. Readers who came or changed since the editions were composed get theirs composed here: seldom
 * more than a few.
 */
async function insertAudience(trx: Trx, plan: FreezePlan, issue: Issue): Promise<void> {
  const editions = editionWriter(trx, issue);
  await insertRoutes(trx, issue, plan, editions);
  if (!(await insertDeliveries(trx, issue))) return;
  const groups = await countGroups(trx, plan.newsletter, issue.frozenAt, (readers) =>
    readers.where('subscriptions.subscriber', 'in', unforeseenIn(trx, issue).select('subscriber')),
  );
  await insertRoutes(trx, issue, await plan.compose(groups), editions);
  await trx
    .deleteFrom('deliveries')
    .where('issue', '=', issue.id)
    .where('state', '=', literal('planned'))
    .where('due_at', '=', UNFORESEEN)
    .execute();
  if (await insertDeliveries(trx, issue, 'missing'))
    throw new GazetteError('store.failed', 'There are readers for whom no edition was composed.');
}

async function insertRoutes(
  trx: Trx,
  issue: Issue,
  { editions, routes }: ComposedEditions,
  writer: EditionWriter,
): Promise<void> {
  await writer.write(editions);
  const rows = routes.map(({ group, edition }) => ({
    issue: issue.id,
    wishes: group.preferences,
    language: group.language ?? '',
    left_out: group.alreadySent?.key ?? '',
    edition: edition === undefined ? null : writer.idOf(edition),
  }));
  for (const run of runsOf(rows, ROUTES_AT_ONCE)) await trx.insertInto('routes').values(run).execute();
}

/**
 * A row for every active reader, or for those without one, written by the database alone: planned with an edition, or skipped with
 * a reason.
 * @returns whether there are readers for whom no edition was foreseen
 */
async function insertDeliveries(trx: Trx, issue: Issue, which: 'all' | 'missing' = 'all'): Promise<boolean> {
  const { last } = await trx
    .selectFrom('subscriptions')
    .select((eb) => eb.fn.max('subscriber').as('last'))
    .where('newsletter', '=', issue.newsletter)
    .executeTakeFirstOrThrow();
  for (let above = 0; above < (last ?? 0); above += SUBSCRIBERS_AT_ONCE) {
    await insertDeliveriesAbove(trx, issue, which, above);
    await othersTurn();
  }
  return (await unforeseenIn(trx, issue).select('subscriber').limit(1).executeTakeFirst()) !== undefined;
}

async function insertDeliveriesAbove(trx: Trx, issue: Issue, which: 'all' | 'missing', above: number): Promise<void> {
  await trx
    .insertInto('deliveries')
    .columns([
      'issue',
      'subscriber',
      'edition',
      'state',
      'reason',
      'due_at',
      'attempts',
      'deferrals',
      'doubts',
      'settled_at',
    ])
    .expression(deliveriesOf(trx, issue, which, above))
    .execute();
}

function unforeseenIn(trx: Trx, issue: Issue) {
  return trx
    .selectFrom('deliveries')
    .where('issue', '=', issue.id)
    .where('state', '=', literal('planned'))
    .where('due_at', '=', UNFORESEEN);
}

function deliveriesOf(trx: Trx, issue: Issue, which: 'all' | 'missing', above: number) {
  const readers = activeReaders(trx, issue.newsletter)
    .where('subscriptions.subscriber', '>', above)
    .where('subscriptions.subscriber', '<=', above + SUBSCRIBERS_AT_ONCE)
    .$if(which === 'missing', (query) =>
      query.where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('deliveries as others')
              .select('others.subscriber')
              .where('others.issue', '=', issue.id)
              .whereRef('others.subscriber', '=', 'subscriptions.subscriber'),
          ),
        ),
      ),
    )
    .leftJoin('routes', (join) =>
      join
        .on('routes.issue', '=', issue.id)
        .onRef('routes.wishes', '=', 'subscriptions.wishes')
        .on('routes.language', '=', sql<string>`coalesce(subscribers.language, '')`)
        .on('routes.left_out', '=', ALREADY_SENT),
    )
    .select(['subscriptions.subscriber', 'routes.edition', 'routes.issue as route'])
    .select(skipReasonAt(issue.frozenAt).as('skip'));
  const isUnforeseen = sql`skip is null and route is null`;
  const isPlanned = sql`skip is null and (route is null or edition is not null)`;
  return trx
    .selectFrom(readers.as('readers'))
    .select([
      sql.lit(issue.id).as('issue'),
      'subscriber',
      sql<number>`case when ${isPlanned} then edition end`.as('edition'),
      sql<'planned'>`case when ${isPlanned} then 'planned' else 'skipped' end`.as('state'),
      sql<'paused'>`case when ${isPlanned} then null else coalesce(skip, 'nothing-wished') end`.as('reason'),
      sql<number>`case when ${isUnforeseen} then ${sql.lit(UNFORESEEN)} else 0 end`.as('due_at'),
      sql.lit(0).as('attempts'),
      sql.lit(0).as('deferrals'),
      sql.lit(0).as('doubts'),
      sql<number>`case when ${isPlanned} then null else ${sql.lit(issue.frozenAt.getTime())} end`.as('settled_at'),
    ])
    .orderBy('subscriber');
}
