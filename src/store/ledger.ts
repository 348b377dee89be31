/** The lasting record of issues, editions, deliveries and attempts (rules: one-record, states). */
import type { Ledger } from '../domain/ports/ledger.js';
import { cancel } from './cancel.js';
import { claimer, giveBackUnsent, releaseClaims } from './claim.js';
import { type Database, transact } from './database.js';
import {
  countAcceptedSince,
  countDeliveries,
  countUnknown,
  hasBegun,
  listDeliveries,
  readNextDue,
  readOwners,
} from './deliveries.js';
import { readDeliveriesTo } from './deliveries-to.js';
import { readEdition, readEditions } from './editions.js';
import { exchanger } from './exchange.js';
import { forgetDeliveries } from './forget-deliveries.js';
import { freeze, recordSkips } from './freeze.js';
import {
  advanceHead,
  changeState,
  lockHead,
  readHistory,
  readIssue,
  readIssueArrangedBy,
  readIssues,
  readIssuesIn,
  readMemory,
  readSkips,
} from './issues.js';
import { pieceReader } from './pieces.js';
import { withoutCarried, writePostOutcomes } from './post-outcomes.js';
import { countResendable, reclaim, resend, retryUnknown } from './reclaim.js';
import { readAnswers, returnRefused } from './refusals.js';

export function ledger(database: Database): Ledger {
  const { db } = database;
  const pieces = pieceReader(db);
  return {
    memory: (newsletter) => readMemory(db, newsletter),
    freeze: (plan) => freeze(database, plan),
    history: (newsletter) => readHistory(db, newsletter),
    recordSkip: (skip, outcomes, head) => recordSkips(database, skip.newsletter, [skip], outcomes, head),
    recordSkips: (newsletter, skips, outcomes, head) => recordSkips(database, newsletter, skips, outcomes, head),
    markMailed: (newsletter, uids, countOnly) =>
      transact(database, async (trx) => {
        await lockHead(database, trx, newsletter);
        const fresh = await withoutCarried(trx, newsletter, uids);
        if (!countOnly && fresh.length > 0) {
          const carried = { kind: 'carried', issue: 0 } as const;
          await writePostOutcomes(
            trx,
            newsletter,
            fresh.map((uid) => ({ uid, outcome: carried })),
          );
          await advanceHead(trx, newsletter);
        }
        return { marked: fresh.length, already: uids.length - fresh.length };
      }),
    unsettle: (newsletter) =>
      transact(database, async (trx) => {
        await lockHead(database, trx, newsletter);
        await advanceHead(trx, newsletter);
      }),
    openIssues: () => readIssuesIn(db, ['frozen', 'sending']),
    unfinishedIssues: () => readIssuesIn(db, ['frozen', 'sending', 'paused']),
    issues: (newsletter) => readIssues(db, newsletter),
    skips: (newsletter) => readSkips(db, newsletter),
    issue: (newsletter, number) => readIssue(db, newsletter, number),
    issueArrangedBy: (newsletter, arrangement) => readIssueArrangedBy(db, newsletter, arrangement),
    setState: (issue, from, to) => transact(database, (trx) => changeState(trx, issue, from, to)),
    cancel: (issue, now) => cancel(database, issue, now),
    hasBegun: (issue) => hasBegun(db, issue),
    editions: (issue) => readEditions(db, issue),
    edition: (id) => readEdition(db, pieces, id),
    counts: (issue) => countDeliveries(db, issue),
    unknownCount: (issue) => countUnknown(db, issue),
    acceptedSince: (issue, since) => countAcceptedSince(db, issue, since),
    claim: claimer(database),
    exchange: exchanger(database),
    async release(issue, owner) {
      await transact(database, (trx) => releaseClaims(trx, issue, owner));
    },
    giveBack: (issue, owner, subscribers, now) => giveBackUnsent(database, issue, owner, subscribers, now),
    owners: (issue, leasesEndedBy) => readOwners(db, issue, leasesEndedBy),
    reclaim: (issue, owner, now) => reclaim(database, issue, owner, now),
    retryUnknown: (issue) => retryUnknown(database, issue),
    nextDue: (issue) => readNextDue(db, issue),
    resend: (issue, only, now) => resend(database, issue, only, now),
    resendable: (issue, only, now) => countResendable(db, issue, only, now),
    returnRefused: (issue, subscribers) => returnRefused(database, issue, subscribers),
    answers: (issue, since) => readAnswers(db, issue, since),
    forgetDeliveries: (frozenBefore) => forgetDeliveries(database, frozenBefore),
    deliveriesTo: (subscriber) => readDeliveriesTo(db, subscriber),
    deliveries: (issue, only) => listDeliveries(db, issue, only),
  };
}
