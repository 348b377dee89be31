/** What servers refused of an issue, and the way back for readers who were refused for no fault of theirs. */
import { GazetteError } from '../domain/errors.js';
import type { Answers, Returned } from '../domain/ports/deliveries.js';
import type { Refusal } from '../domain/reply.js';
import { type Database, type Queries, type Trx, transact } from './database.js';
import { isOver, issueRow, literal, UNHELD } from './deliveries.js';

/** More than the judge of refusals ever looks at. */
const LATEST = 60;

/** Reads how an issue was answered so far, for the judge of refusals. */
export async function readAnswers(db: Queries, issue: number, since: Date | undefined): Promise<Answers> {
  const accepted = await db
    .selectFrom('deliveries')
    .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.max<number | null>('settled_at').as('last')])
    .where('issue', '=', issue)
    .where('state', '=', literal('accepted'))
    .executeTakeFirstOrThrow();
  const refusals = db
    .selectFrom('attempts')
    .where('issue', '=', issue)
    .where('outcome', 'in', ['rejected', 'deferred']);
  const refused = await refusals
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('scope', 'not in', ['limit', 'connection'])
    .executeTakeFirstOrThrow();
  const after = Math.max(accepted.last ?? Number.MIN_SAFE_INTEGER, since?.getTime() ?? Number.MIN_SAFE_INTEGER);
  const latest = await refusals
    .select(['outcome', 'scope', 'code', 'enhanced', 'text'])
    .where('ended_at', '>', after)
    // Who is answered as at a try before says nothing new.
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('attempts as earlier')
            .select('earlier.subscriber')
            .whereRef('earlier.issue', '=', 'attempts.issue')
            .whereRef('earlier.subscriber', '=', 'attempts.subscriber')
            .whereRef('earlier.attempt', '<', 'attempts.attempt')
            .whereRef('earlier.outcome', '=', 'attempts.outcome')
            .whereRef('earlier.scope', '=', 'attempts.scope')
            .whereRef('earlier.code', '=', 'attempts.code')
            .where('earlier.ended_at', '>', since?.getTime() ?? Number.MIN_SAFE_INTEGER),
        ),
      ),
    )
    .orderBy('ended_at', 'desc')
    .orderBy('subscriber', 'desc')
    .limit(LATEST)
    .execute();
  return {
    accepted: Number(accepted.count),
    refused: Number(refused.count),
    latest: latest.reverse().flatMap(refusalFrom),
  };
}

function refusalFrom(row: {
  readonly outcome: string;
  readonly scope: Refusal['scope'] | null;
  readonly code: number | null;
  readonly enhanced: string | null;
  readonly text: string;
}): readonly Refusal[] {
  if (row.scope === null) return [];
  const reply = {
    ...(row.code !== null && { code: row.code }),
    ...(row.enhanced !== null && { enhanced: row.enhanced }),
    text: row.text,
  };
  const judgement = { scope: row.scope, reply };
  return [
    row.outcome === 'rejected'
      ? { kind: 'rejected', bounce: 'none', ...judgement }
      : { kind: 'deferred', ...judgement },
  ];
}

/** As many as fit into one statement on both databases. */
const AT_ONCE = 500;

/** Plans refused deliveries as if they had never been tried. Throws `issue.state` for an issue that was cancelled. */
export function returnRefused(database: Database, issue: number, subscribers: readonly number[]): Promise<Returned> {
  return transact(database, async (trx) => {
    const row = await issueRow(trx, issue);
    if (isOver(row.state)) {
      throw new GazetteError(
        'issue.state',
        `Issue ${row.number} of ${row.newsletter} was cancelled: nothing of it is sent again.`,
      );
    }
    let [deliveries, suppressions] = [0, 0];
    for (let from = 0; from < subscribers.length; from += AT_ONCE) {
      const some = subscribers.slice(from, from + AT_ONCE);
      // First, for the moment of the refusal ties a suppression to it.
      suppressions += await liftSuppressions(trx, issue, some);
      deliveries += await planAgain(trx, issue, some);
    }
    return { deliveries, suppressions };
  });
}

async function liftSuppressions(trx: Trx, issue: number, subscribers: readonly number[]): Promise<number> {
  const { numDeletedRows } = await trx
    .deleteFrom('suppressions')
    .where('reason', '=', 'hard-bounce')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('deliveries')
          .innerJoin('subscribers', 'subscribers.id', 'deliveries.subscriber')
          .select('deliveries.subscriber')
          .where('deliveries.issue', '=', issue)
          .where('deliveries.subscriber', 'in', subscribers)
          .where('deliveries.state', '=', literal('rejected'))
          .whereRef('subscribers.address_key', '=', 'suppressions.address_key')
          .whereRef('deliveries.settled_at', '=', 'suppressions.suppressed_at'),
      ),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

async function planAgain(trx: Trx, issue: number, subscribers: readonly number[]): Promise<number> {
  const { numUpdatedRows } = await trx
    .updateTable('deliveries')
    .set({ ...UNHELD, state: 'planned', reason: null, due_at: 0, deferrals: 0, settled_at: null })
    .where('issue', '=', issue)
    .where('subscriber', 'in', subscribers)
    .where('state', 'in', ['rejected', 'planned'])
    .where('edition', 'is not', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
