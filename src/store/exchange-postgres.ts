/** The rows of an exchange on Postgres: one statement for all of them, for each statement costs a round trip. */
import { type RawBuilder, sql } from 'kysely';
import type { DeliveryRef } from '../domain/delivery.js';
import type { Database } from './database.js';
import type {
  AcceptValues,
  AttemptValues,
  BegunRow,
  EndValues,
  ExchangeRows,
  SettleRow,
  SettleValues,
} from './exchange-rows.js';
import { type Columns, columnsOf, given, type Value } from './postgres-lists.js';
import { compileOnce, type Statement } from './statement.js';

export function postgresExchangeRows(database: Database): ExchangeRows {
  const { accept, readAttempted, settle, recordAttempts, begin, endUnbegun } = statementsOf(database);
  return {
    async accept(trx, values, owner) {
      if (values.length === 0) return [];
      return (await accept(trx, { ...columnsOf(values, ACCEPT), owner })).rows;
    },
    readAttempted: async (trx, refs) => (await readAttempted(trx, columnsOf(refs, REF))).rows,
    async settle(trx, values) {
      if (values.length > 0) await settle(trx, columnsOf(values, SETTLE));
    },
    async recordAttempts(trx, values) {
      if (values.length > 0) await recordAttempts(trx, columnsOf(values, ATTEMPT));
    },
    async begin(trx, refs, { owner, now, leaseMs }) {
      if (refs.length === 0) return [];
      const lease = { owner, now: now.getTime(), leaseUntil: now.getTime() + leaseMs };
      return (await begin(trx, { ...columnsOf(refs, REF), ...lease })).rows;
    },
    async endUnbegun(trx, values, now) {
      if (values.length > 0) await endUnbegun(trx, { ...columnsOf(values, END), now: now.getTime() });
    },
  };
}

/** The types of the columns in the lists of each statement. */
const REF = { issue: 'int', subscriber: 'int' } as const;
const REPLY = { code: 'int', enhanced: 'text', text: 'text' } as const;
const ACCEPT = { ...REF, attempt: 'int', ...REPLY, settledAt: 'bigint' } as const;
const SETTLE = {
  ...REF,
  state: 'text',
  reason: 'text',
  due: 'bigint',
  deferrals: 'int',
  doubts: 'int',
  ...REPLY,
  settledAt: 'bigint',
} as const;
const ATTEMPT = {
  ...REF,
  attempt: 'int',
  begunAt: 'bigint',
  endedAt: 'bigint',
  outcome: 'text',
  scope: 'text',
  ...REPLY,
} as const;
const END = { ...REF, state: 'text', reason: 'text' } as const;

const IS_GIVEN = sql`d.issue = given.issue and d.subscriber = given.subscriber`;

function statementsOf(database: Database) {
  const once = <Values extends object, Row = unknown>(build: (value: Value<Values>) => RawBuilder<Row>) =>
    compileOnce<Values, Row>(database, (value) => ({
      compile: () => build(value).compile(database.db),
    })) as Statement<Values, Row>;
  return {
    accept: once<Columns<AcceptValues> & { owner: string }, DeliveryRef>(
      (value) => sql`
        update deliveries as d set owner = null, lease_until = null, state = 'accepted', due_at = 0,
          reply_code = given.code, reply_enhanced = given.enhanced, reply_text = given.text, settled_at = given."settledAt"
        from ${given(ACCEPT, value)}
        where ${IS_GIVEN} and d.state = 'attempted' and d.owner = ${value('owner')} and d.attempts = given.attempt
        returning d.issue, d.subscriber`,
    ),
    readAttempted: once<Columns<DeliveryRef>, SettleRow>(
      (value) => sql`
        select d.issue, d.subscriber, d.state, d.owner, d.begun_at, d.attempts, d.deferrals, d.doubts,
          issues.state as issue_state, subscribers.address_key, subscribers.erased
        from ${given(REF, value)}
        join deliveries as d on ${IS_GIVEN}
        join issues on issues.id = d.issue
        join subscribers on subscribers.id = d.subscriber
        for update of d for share of issues`,
    ),
    settle: once<Columns<SettleValues>>(
      (value) => sql`
        update deliveries as d set owner = null, lease_until = null, state = given.state, reason = given.reason,
          due_at = given.due, deferrals = given.deferrals, doubts = given.doubts, reply_code = given.code,
          reply_enhanced = given.enhanced, reply_text = given.text, settled_at = given."settledAt"
        from ${given(SETTLE, value)} where ${IS_GIVEN}`,
    ),
    recordAttempts: once<Columns<AttemptValues>>(
      (value) => sql`
        insert into attempts (issue, subscriber, attempt, begun_at, ended_at, outcome, scope, code, enhanced, text)
        select issue, subscriber, attempt, "begunAt", "endedAt", outcome, scope, code, enhanced, text
        from ${given(ATTEMPT, value)}`,
    ),
    begin: once<Columns<DeliveryRef> & { owner: string; now: number; leaseUntil: number }, BegunRow>(
      (value) => sql`
        update deliveries as d set state = 'attempted', begun_at = ${value('now')}, lease_until = ${value('leaseUntil')},
          attempts = d.attempts + 1
        from ${given(REF, value)}
        join issues on issues.id = given.issue
        join subscribers on subscribers.id = given.subscriber
        left join subscriptions
          on subscriptions.newsletter = issues.newsletter and subscriptions.subscriber = given.subscriber
        left join suppressions on suppressions.address_key = subscribers.address_key
        where ${IS_GIVEN} and d.state = 'claimed' and d.owner = ${value('owner')} and d.edition is not null
        returning d.issue, d.subscriber, d.edition, d.attempts, d.deferrals, d.doubts,
          d.reply_code, d.reply_enhanced, d.reply_text,
          subscribers.address, subscribers.name, subscribers.language, subscribers.erased,
          subscriptions.state as subscription_state, subscriptions.wishes, subscriptions.paused_until,
          suppressions.reason as suppressed`,
    ),
    endUnbegun: once<Columns<EndValues> & { now: number }>(
      (value) => sql`
        update deliveries as d set owner = null, lease_until = null, state = given.state, reason = given.reason,
          settled_at = ${value('now')}, begun_at = null, attempts = d.attempts - 1
        from ${given(END, value)} where ${IS_GIVEN}`,
    ),
  };
}
