/** What a newsletter remembers of each post: carried by an issue, carried over, excluded (rules: carried-over, freeze). */
import { GazetteError } from '../domain/errors.js';
import type { PostOutcomeRecord } from '../domain/ports/ledger.js';
import type { PostOutcome } from '../domain/selection.js';
import type { Queries, Trx } from './database.js';
import { runsOf } from './pages.js';
import type { PostOutcomesTable } from './tables.js';

const ROWS_AT_ONCE = 500;

export async function readPostOutcomes(db: Queries, newsletter: string): Promise<ReadonlyMap<string, PostOutcome>> {
  const rows = await db.selectFrom('post_outcomes').selectAll().where('newsletter', '=', newsletter).execute();
  return new Map(rows.map((row) => [row.uid, postOutcomeFrom(row)]));
}

/** Writes outcomes. Throws when one of the posts is carried already: nothing takes a carried post back but a cancel. */
export async function writePostOutcomes(
  trx: Trx,
  newsletter: string,
  outcomes: readonly PostOutcomeRecord[],
): Promise<void> {
  const distinct = [...new Map(outcomes.map((one) => [one.uid, one])).values()];
  for (const run of runsOf(distinct, ROWS_AT_ONCE)) {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('post_outcomes')
      .values(run.map(({ uid, outcome }) => outcomeRowFrom(newsletter, uid, outcome)))
      .onConflict((conflict) =>
        conflict
          .columns(['newsletter', 'uid'])
          .doUpdateSet((eb) => ({
            kind: eb.ref('excluded.kind'),
            issue_number: eb.ref('excluded.issue_number'),
            why: eb.ref('excluded.why'),
          }))
          .where('post_outcomes.kind', '<>', 'carried'),
      )
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows !== BigInt(run.length)) throw carriedTwice(newsletter);
  }
}

/** The posts of these that no issue of the newsletter has carried. */
export async function withoutCarried(
  db: Queries,
  newsletter: string,
  uids: readonly string[],
): Promise<readonly string[]> {
  const carried = new Set<string>();
  for (const run of runsOf(uids, ROWS_AT_ONCE)) {
    const rows = await db
      .selectFrom('post_outcomes')
      .select('uid')
      .where('newsletter', '=', newsletter)
      .where('uid', 'in', run)
      .where('kind', '=', 'carried')
      .execute();
    for (const { uid } of rows) carried.add(uid);
  }
  return uids.filter((uid) => !carried.has(uid));
}

/** Gives the posts of a cancelled issue back: they wait for the next one (rule: issue-states). */
export async function releasePostOutcomes(trx: Trx, newsletter: string, issueNumber: number): Promise<void> {
  await trx
    .updateTable('post_outcomes')
    .set({ kind: 'held-over', why: 'cancelled', issue_number: null })
    .where('newsletter', '=', newsletter)
    .where('kind', '=', 'carried')
    .where('issue_number', '=', issueNumber)
    .execute();
}

function carriedTwice(newsletter: string): GazetteError {
  return new GazetteError(
    'store.failed',
    `${newsletter} has carried one of these posts already; nothing was written.`,
    {
      hint: 'This is a mistake in Gazette: please report it with the output of `gazette plan --json`.',
    },
  );
}

/** An outcome from its columns. */
export function postOutcomeFrom(row: Pick<PostOutcomesTable, 'kind' | 'issue_number' | 'why'>): PostOutcome {
  switch (row.kind) {
    case 'carried':
      return { kind: 'carried', issue: row.issue_number ?? 0 };
    case 'held-over':
      return { kind: 'held-over', why: row.why ?? 'limit' };
    default:
      return { kind: row.kind };
  }
}

function outcomeRowFrom(newsletter: string, uid: string, outcome: PostOutcome): PostOutcomesTable {
  return {
    newsletter,
    uid,
    kind: outcome.kind,
    issue_number: outcome.kind === 'carried' ? outcome.issue : null,
    why: outcome.kind === 'held-over' ? outcome.why : null,
  };
}
