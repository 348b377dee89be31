/** The rows of an exchange on SQLite, one after another: its statements need no round trip, and are compiled once. */
import { sql } from 'kysely';
import type { DeliveryRef } from '../domain/delivery.js';
import type { Database } from './database.js';
import { literal, UNHELD } from './deliveries.js';
import type {
  AcceptValues,
  AttemptValues,
  BegunRow,
  EndValues,
  ExchangeRows,
  SettleRow,
  SettleValues,
} from './exchange-rows.js';
import { READER_COLUMNS } from './readers.js';
import { compileOnce, type Statement } from './statement.js';

export function sqliteExchangeRows(database: Database): ExchangeRows {
  const statements = { ...reading(database), ...writing(database) };
  return {
    async accept(trx, values, owner) {
      const isAccepted = async (value: AcceptValues) =>
        (await statements.accept(trx, { ...value, owner })).numAffectedRows === 1n;
      return await those(values, isAccepted);
    },
    readAttempted: async (trx, refs) => (await each(statements.readAttempted, trx, refs)).flat(),
    async settle(trx, values) {
      await each(statements.settle, trx, values);
    },
    async recordAttempts(trx, values) {
      await each(statements.recordAttempt, trx, values);
    },
    async begin(trx, refs, { owner, now, leaseMs }) {
      const lease = { owner, now: now.getTime(), leaseUntil: now.getTime() + leaseMs };
      const begun = await those(refs, async ({ issue, subscriber }) => {
        // Spelled out: copied with `...ref`, each of these outlives its message by many, a kilobyte a reader.
        const { numAffectedRows } = await statements.begin(trx, { issue, subscriber, ...lease });
        return numAffectedRows === 1n;
      });
      return (await each(statements.readBegun, trx, begun)).flat();
    },
    async endUnbegun(trx, values, now) {
      for (const value of values) await statements.endUnbegun(trx, { ...value, now: now.getTime() });
    },
  };
}

async function each<Values, Row>(
  statement: Statement<Values, Row>,
  trx: Parameters<Statement<Values, Row>>[0],
  list: readonly Values[],
): Promise<readonly (readonly Row[])[]> {
  const results: (readonly Row[])[] = [];
  for (const values of list) results.push((await statement(trx, values)).rows);
  return results;
}

async function those<T>(list: readonly T[], isTrueOf: (one: T) => Promise<boolean>): Promise<readonly T[]> {
  const kept: T[] = [];
  for (const one of list) if (await isTrueOf(one)) kept.push(one);
  return kept;
}

function reading(database: Database) {
  const { db } = database;
  return {
    readAttempted: compileOnce<DeliveryRef, SettleRow>(database, (value) =>
      db
        .selectFrom('deliveries')
        .innerJoin('issues', 'issues.id', 'deliveries.issue')
        .innerJoin('subscribers', 'subscribers.id', 'deliveries.subscriber')
        .select(['deliveries.issue', 'deliveries.subscriber', 'deliveries.state', 'deliveries.owner'])
        .select(['deliveries.begun_at', 'deliveries.attempts', 'deliveries.deferrals', 'deliveries.doubts'])
        .select(['issues.state as issue_state', 'subscribers.address_key', 'subscribers.erased'])
        .where('deliveries.issue', '=', value('issue'))
        .where('deliveries.subscriber', '=', value('subscriber')),
    ),
    readBegun: compileOnce<DeliveryRef, BegunRow>(database, (value) =>
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
        .select(['deliveries.issue', sql<number>`deliveries.edition`.as('edition')])
        .select(['deliveries.attempts', 'deliveries.deferrals', 'deliveries.doubts'])
        .select(['deliveries.reply_code', 'deliveries.reply_enhanced', 'deliveries.reply_text'])
        .where('deliveries.issue', '=', value('issue'))
        .where('deliveries.subscriber', '=', value('subscriber')),
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
    accept: compileOnce<AcceptValues & { owner: string }, unknown>(database, (value) =>
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
        .where('state', '=', literal('attempted'))
        .where('owner', '=', value('owner'))
        .where('attempts', '=', value('attempt')),
    ),
    begin: compileOnce<DeliveryRef & { owner: string; now: number; leaseUntil: number }, unknown>(database, (value) =>
      db
        .updateTable('deliveries')
        .set({ state: 'attempted', begun_at: value('now'), lease_until: value('leaseUntil') })
        .set({ attempts: sql<number>`attempts + 1` })
        .where('issue', '=', value('issue'))
        .where('subscriber', '=', value('subscriber'))
        .where('state', '=', literal('claimed'))
        .where('owner', '=', value('owner'))
        .where('edition', 'is not', null),
    ),
    endUnbegun: compileOnce<EndValues & { now: number }, unknown>(database, (value) =>
      db
        .updateTable('deliveries')
        .set({ ...UNHELD, state: value('state'), reason: value('reason'), settled_at: value('now') })
        .set({ begun_at: null, attempts: sql<number>`attempts - 1` })
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
