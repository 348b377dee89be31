/** Cancelling an issue: before its first message its posts are given back, after it the rest is skipped (rule: issue-states). */
import { GazetteError } from '../domain/errors.js';
import { type Database, type Trx, transact } from './database.js';
import { endDeliveries, hasBegun, issueRow, lockIssue } from './deliveries.js';
import { releaseFrequencyChanges } from './frequency-changes.js';
import { advanceHead, lockHead } from './issues.js';
import { releasePostOutcomes } from './post-outcomes.js';

export interface Cancelled {
  readonly skipped: number;
  readonly released: boolean;
}

/** Cancelling twice changes nothing. Throws `issue.state` for an issue that is done. */
export function cancel(database: Database, issue: number, now: Date): Promise<Cancelled> {
  return transact(database, async (trx) => {
    const { newsletter, number } = await issueRow(trx, issue);
    await lockHead(database, trx, newsletter);
    const { state, released } = await lockIssue(database, trx, issue);
    if (state === 'cancelled') return { skipped: 0, released: released === 1 };
    if (state === 'done') throw new GazetteError('issue.state', `Issue ${number} of ${newsletter} is done.`);
    // First the rows, then the question: on Postgres a begin that came before has been seen by then, a later one waits.
    const skipped = await skipRest(trx, issue, now);
    const isReleased = !(await hasBegun(trx, issue));
    if (isReleased) {
      await releasePostOutcomes(trx, newsletter, number);
      await releaseFrequencyChanges(trx, newsletter, issue);
    }
    await trx
      .updateTable('issues')
      .set({ state: 'cancelled', released: isReleased ? 1 : 0 })
      .where('id', '=', issue)
      .execute();
    await advanceHead(trx, newsletter);
    return { skipped, released: isReleased };
  });
}

async function skipRest(trx: Trx, issue: number, now: Date): Promise<number> {
  const planned = await endDeliveries(trx, { issue, state: 'planned', deferredOnly: false }, 'cancelled', now);
  const claimed = await endDeliveries(trx, { issue, state: 'claimed', deferredOnly: false }, 'cancelled', now);
  return planned + claimed;
}
