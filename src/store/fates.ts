/** What a newsletter remembers of each post: carried by an issue, held over, left out (laws §1.3, §3.3). */
import { GazetteError } from '../domain/errors.js';
import type { PostFate } from '../domain/ports.js';
import type { Fate } from '../domain/selection.js';
import type { Queries, Trx } from './database.js';
import { runsOf } from './pages.js';
import type { FatesTable } from './tables.js';

const ROWS_AT_ONCE = 500;

export async function readFates(db: Queries, newsletter: string): Promise<ReadonlyMap<string, Fate>> {
  const rows = await db.selectFrom('fates').selectAll().where('newsletter', '=', newsletter).execute();
  return new Map(rows.map((row) => [row.uid, fateFrom(row)]));
}

/** Remembers fates. Throws when one of the posts is carried already: nothing takes a carried post back but a cancel. */
export async function writeFates(trx: Trx, newsletter: string, fates: readonly PostFate[]): Promise<void> {
  const distinct = [...new Map(fates.map((one) => [one.uid, one])).values()];
  for (const run of runsOf(distinct, ROWS_AT_ONCE)) {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('fates')
      .values(run.map(({ uid, fate }) => fateRowFrom(newsletter, uid, fate)))
      .onConflict((conflict) =>
        conflict
          .columns(['newsletter', 'uid'])
          .doUpdateSet((eb) => ({
            kind: eb.ref('excluded.kind'),
            issue_number: eb.ref('excluded.issue_number'),
            why: eb.ref('excluded.why'),
          }))
          .where('fates.kind', '<>', 'carried'),
      )
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows !== BigInt(run.length)) throw carriedTwice(newsletter);
  }
}

/** Gives the posts of a cancelled issue back: they wait for the next one (laws §3.5). */
export async function releaseFates(trx: Trx, newsletter: string, issueNumber: number): Promise<void> {
  await trx
    .updateTable('fates')
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

/** A fate from the columns that tell it. */
export function fateFrom(row: Pick<FatesTable, 'kind' | 'issue_number' | 'why'>): Fate {
  switch (row.kind) {
    case 'carried':
      return { kind: 'carried', issue: row.issue_number ?? 0 };
    case 'held-over':
      return { kind: 'held-over', why: row.why ?? 'limit' };
    default:
      return { kind: row.kind };
  }
}

function fateRowFrom(newsletter: string, uid: string, fate: Fate): FatesTable {
  return {
    newsletter,
    uid,
    kind: fate.kind,
    issue_number: fate.kind === 'carried' ? fate.issue : null,
    why: fate.kind === 'held-over' ? fate.why : null,
  };
}
