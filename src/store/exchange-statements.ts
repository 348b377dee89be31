/** The statements of the hot path, compiled once when a store is opened. */
import { sql } from 'kysely';
import type { DeliveryRef, DeliveryState, SkipReason } from '../domain/delivery.js';
import type { IssueState } from '../domain/issue.js';
import type { Database } from './database.js';
import { UNHELD } from './deliveries.js';
import { READER_COLUMNS, type ReaderColumns } from './readers.js';
import { compileOnce } from './statement.js';
import type { AttemptsTable } from './tables.js';

export type Statements = ReturnType<typeof exchangeStatements>;

export interface SettleRow {
  readonly state: DeliveryState;
  readonly owner: string | null;
  readonly begun_at: number | null;
  readonly attempts: number;
  readonly deferrals: number;
  readonly doubts: number;
  readonly issue_state: IssueState;
  readonly address_key: string;
  readonly erased: number;
}

export interface BeginRow extends ReaderColumns {
  readonly state: DeliveryState;
  readonly owner: string | null;
  readonly edition: number | null;
  readonly attempts: number;
  readonly deferrals: number;
  readonly doubts: number;
  readonly reply_code: number | null;
  readonly reply_enhanced: string | null;
  readonly reply_text: string | null;
}

interface SettleValues extends DeliveryRef {
  readonly state: DeliveryState;
  readonly reason: SkipReason | null;
  readonly due: number;
  readonly deferrals: number;
  readonly doubts: number;
  readonly code: number | null;
  readonly enhanced: string | null;
  readonly text: string | null;
  readonly settledAt: number | null;
}

interface AcceptValues extends DeliveryRef {
  readonly owner: string;
  readonly attempt: number;
  readonly code: number | null;
  readonly enhanced: string | null;
  readonly text: string | null;
  readonly settledAt: number;
}

interface AttemptValues extends DeliveryRef {
  readonly attempt: number;
  readonly begunAt: number;
  readonly endedAt: number;
  readonly outcome: AttemptsTable['outcome'];
  readonly scope: AttemptsTable['scope'];
  readonly code: number | null;
  readonly enhanced: string | null;
  readonly text: string;
}

export function exchangeStatements(database: Database) {
  return { ...reading(database), ...writing(database) };
}

function reading(database: Database) {
  const { db, locksRows } = database;
  return {
    readAttempted: compileOnce<DeliveryRef, SettleRow>(database, (value) =>
      db
        .selectFrom('deliveries')
        .innerJoin('issues', 'issues.id', 'deliveries.issue')
        .innerJoin('subscribers', 'subscribers.id', 'deliveries.subscriber')
        .select(['deliveries.state', 'deliveries.owner', 'deliveries.begun_at', 'deliveries.attempts'])
        .select(['deliveries.deferrals', 'deliveries.doubts'])
        .select(['issues.state as issue_state', 'subscribers.address_key', 'subscribers.erased'])
        .where('deliveries.issue', '=', value('issue'))
        .where('deliveries.subscriber', '=', value('subscriber'))
        .$if(locksRows, (query) => query.forUpdate('deliveries')),
    ),
    readClaimed: compileOnce<DeliveryRef, BeginRow>(database, (value) =>
      db
        .selectFrom('deliveries')
        .innerJoin('issues', 'issues.id', 'deliveries.issue')
        .innerJoin('subscribers', 'subscribers.id', 'deliveries.subscriber')
        .leftJoin('subscriptions', (join) =>
          join
            .onRef('subscriptions.newsletter', '=', 'issues.newsletter')
            .onRef('subscriptions.subscriber', '=', 'deliveries.subscriber'),
        )
        .leftJoin('suppressions', 'suppressions.address_key', 'subscribers.address_key')
        .select(READER_COLUMNS)
        .select(['deliveries.state', 'deliveries.owner', 'deliveries.edition'])
        .select(['deliveries.attempts', 'deliveries.deferrals', 'deliveries.doubts'])
        .select(['deliveries.reply_code', 'deliveries.reply_enhanced', 'deliveries.reply_text'])
        .where('deliveries.issue', '=', value('issue'))
        .where('deliveries.subscriber', '=', value('subscriber'))
        .$if(locksRows, (query) => query.forUpdate('deliveries')),
    ),
  };
}

function writing(database: Database) {
  const { db } = database;
  return {
    settle: compileOnce<SettleValues, unknown>(database, (value) =>
      db
        .updateTable('deliveries')
        .set({
          ...UNHELD,
          state: value('state'),
          reason: value('reason'),
          due_at: value('due'),
          deferrals: value('deferrals'),
          doubts: value('doubts'),
          reply_code: value('code'),
          reply_enhanced: value('enhanced'),
          reply_text: value('text'),
          settled_at: value('settledAt'),
        })
        .where('issue', '=', value('issue'))
        .where('subscriber', '=', value('subscriber')),
    ),
    accept: compileOnce<AcceptValues, unknown>(database, (value) =>
      db
        .updateTable('deliveries')
        .set({
          ...UNHELD,
          state: 'accepted',
          due_at: 0,
          reply_code: value('code'),
          reply_enhanced: value('enhanced'),
          reply_text: value('text'),
          settled_at: value('settledAt'),
        })
        .where('issue', '=', value('issue'))
        .where('subscriber', '=', value('subscriber'))
        .where('state', '=', 'attempted')
        .where('owner', '=', value('owner'))
        .where('attempts', '=', value('attempt')),
    ),
    begin: compileOnce<DeliveryRef & { now: number; leaseUntil: number }, unknown>(database, (value) =>
      db
        .updateTable('deliveries')
        .set({ state: 'attempted', begun_at: value('now'), lease_until: value('leaseUntil') })
        .set({ attempts: sql<number>`attempts + 1` })
        .where('issue', '=', value('issue'))
        .where('subscriber', '=', value('subscriber')),
    ),
    endUnbegun: compileOnce<DeliveryRef & { state: DeliveryState; reason: SkipReason; now: number }, unknown>(
      database,
      (value) =>
        db
          .updateTable('deliveries')
          .set({ ...UNHELD, state: value('state'), reason: value('reason'), settled_at: value('now') })
          .where('issue', '=', value('issue'))
          .where('subscriber', '=', value('subscriber')),
    ),
    recordAttempt: compileOnce<AttemptValues, unknown>(database, (value) =>
      db.insertInto('attempts').values({
        issue: value('issue'),
        subscriber: value('subscriber'),
        attempt: value('attempt'),
        begun_at: value('begunAt'),
        ended_at: value('endedAt'),
        outcome: value('outcome'),
        scope: value('scope'),
        code: value('code'),
        enhanced: value('enhanced'),
        text: value('text'),
      }),
    ),
  };
}
