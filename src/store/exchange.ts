/**
 * The transaction around the wire: what became of earlier attempts is written, then the next ones begin (rules: states, as-they-are-now).
 * What a settlement and a begin mean is decided in domain/delivery.ts; this writes what it says, for all rows at once.
 */

import { addressFrom } from '../domain/address.js';
import { type DeliveryRef, judgeBegin, type SkipReason, settle, whyNoMail } from '../domain/delivery.js';
import type { BeginResult, ExchangeContext, Settlement } from '../domain/ports/deliveries.js';
import type { Outcome, Reply } from '../domain/reply.js';
import { type Database, type Trx, transact } from './database.js';
import { isOver } from './deliveries.js';
import { postgresExchangeRows } from './exchange-postgres.js';
import type { AttemptValues, BegunRow, EndValues, ExchangeRows, SettleRow, SettleValues } from './exchange-rows.js';
import { sqliteExchangeRows } from './exchange-sqlite.js';
import { readerFrom } from './readers.js';
import { suppressAddresses } from './suppressions.js';

type Exchange = (
  settled: readonly Settlement[],
  begin: readonly DeliveryRef[],
  by: ExchangeContext,
) => Promise<readonly BeginResult[]>;

export function exchanger(database: Database): Exchange {
  const rows = database.engine === 'postgres' ? postgresExchangeRows(database) : sqliteExchangeRows(database);
  const sections = sectionsCache();
  return (settled, begin, by) =>
    transact(database, async (trx) => {
      for (const run of runsOfDistinct(settled)) await writeSettlements(trx, rows, run, by.owner);
      return beginAll(trx, rows, sections, begin, by);
    });
}

/** Runs in which no delivery occurs twice: of two answers, the second finds what the first has written. */
function* runsOfDistinct(settled: readonly Settlement[]): Iterable<readonly Settlement[]> {
  let run = new Map<string, Settlement>();
  for (const one of settled) {
    const key = keyOf(one.delivery);
    if (run.has(key)) {
      yield [...run.values()];
      run = new Map();
    }
    run.set(key, one);
  }
  if (run.size > 0) yield [...run.values()];
}

function keyOf({ issue, subscriber }: DeliveryRef): string {
  return `${issue}/${subscriber}`;
}

async function writeSettlements(
  trx: Trx,
  rows: ExchangeRows,
  settled: readonly Settlement[],
  owner: string,
): Promise<void> {
  const others = await notAcceptedAtOnce(trx, rows, settled, owner);
  if (others.length === 0) return;
  const found = await rows.readAttempted(
    trx,
    others.map(({ delivery }) => delivery),
  );
  const byKey = new Map(found.map((row) => [keyOf(row), row]));
  const writes: Writes = { settle: [], attempts: [], suppress: [] };
  for (const settlement of others) {
    const row = byKey.get(keyOf(settlement.delivery));
    if (row) addWrites(writes, row, settlement, owner);
  }
  await rows.settle(trx, writes.settle);
  await rows.recordAttempts(trx, writes.attempts);
  await suppressAddresses(trx, writes.suppress, 'hard-bounce');
}

/** Writes the common case and returns the rest. */
async function notAcceptedAtOnce(
  trx: Trx,
  rows: ExchangeRows,
  settled: readonly Settlement[],
  owner: string,
): Promise<readonly Settlement[]> {
  const values = settled.flatMap(({ delivery: { issue, subscriber, attempt }, outcome, at }) =>
    outcome.kind === 'accepted' && attempt !== undefined
      ? [{ issue, subscriber, attempt, ...replyValues(outcome), settledAt: at.getTime() }]
      : [],
  );
  const accepted = new Set((await rows.accept(trx, values, owner)).map(keyOf));
  return settled.filter(({ delivery }) => !accepted.has(keyOf(delivery)));
}

/** What an exchange writes about attempts that were not accepted at once. */
interface Writes {
  readonly settle: SettleValues[];
  readonly attempts: AttemptValues[];
  readonly suppress: { readonly addressKey: string; readonly at: Date }[];
}

function addWrites(writes: Writes, row: SettleRow, settlement: Settlement, owner: string): void {
  const { delivery, outcome, at } = settlement;
  const isHeld =
    row.state === 'attempted' && row.owner === owner && row.attempts === (delivery.attempt ?? row.attempts);
  if (outcome.kind !== 'accepted') {
    if (isHeld) addRefusal(writes, row, settlement, outcome);
  } else if (isHeld || isStillUnknown(row)) {
    writes.settle.push(accepted(row, outcome, at));
  }
}

/** An attempt that did not end accepted, and where the delivery goes with it. */
function addRefusal(
  writes: Writes,
  row: SettleRow,
  { delivery: { reader }, at, ofRow }: Settlement,
  outcome: Exclude<Outcome, { kind: 'accepted' }>,
): void {
  const { issue, subscriber } = row;
  const to = settle(outcome, row.deferrals, at, ofRow);
  const doubts = row.doubts + (outcome.kind === 'unknown' ? 1 : 0);
  const place =
    to.state === 'planned' ? placeOfDeferred(row, doubts, to.dueAt) : { state: to.state, reason: null, due: 0 };
  // Servers quote the address they refuse, and of an erased reader nothing is kept.
  const reply = row.erased === 1 ? { ...replyValues(outcome), text: '' } : replyValues(outcome);
  writes.settle.push({
    issue,
    subscriber,
    ...place,
    ...reply,
    deferrals: row.deferrals + (to.state === 'planned' && to.counts ? 1 : 0),
    doubts,
    settledAt: place.state === 'planned' ? null : at.getTime(),
  });
  writes.attempts.push({
    issue,
    subscriber,
    attempt: row.attempts,
    begunAt: row.begun_at ?? at.getTime(),
    endedAt: at.getTime(),
    outcome: outcome.kind,
    scope: outcome.kind === 'unknown' ? null : outcome.scope,
    ...reply,
  });
  if (outcome.kind !== 'rejected' || outcome.scope !== 'recipient' || outcome.bounce !== 'hard') return;
  if (row.erased === 1) return;
  // The address may have changed while the mail was on its way.
  const writtenTo = reader && addressFrom(reader.subscriber.address);
  writes.suppress.push({ addressKey: writtenTo?.key ?? row.address_key, at });
}

/** Where a delivery goes that would be tried again: nowhere, once its issue is cancelled. */
function placeOfDeferred(row: SettleRow, doubts: number, dueAt: Date) {
  if (!isOver(row.issue_state)) return { state: 'planned', reason: null, due: dueAt.getTime() } as const;
  return { state: doubts > 0 ? 'unknown' : 'skipped', reason: 'cancelled', due: 0 } as const;
}

/** Its owner was taken for dead while the server still answered: the answer settles the outcome, unless the delivery is being tried again. */
function isStillUnknown(row: SettleRow): boolean {
  return row.doubts > 0 && (row.state === 'planned' || row.state === 'claimed' || row.state === 'unknown');
}

function accepted({ issue, subscriber, deferrals, doubts }: SettleRow, outcome: Outcome, at: Date): SettleValues {
  const settledAt = at.getTime();
  return {
    issue,
    subscriber,
    ...replyValues(outcome),
    state: 'accepted',
    reason: null,
    due: 0,
    deferrals,
    doubts,
    settledAt,
  };
}

function replyValues({ reply }: Outcome) {
  return { code: reply.code ?? null, enhanced: reply.enhanced ?? null, text: reply.text };
}

/** Begins what the owner still holds, and ends those whose reader has left meanwhile. */
async function beginAll(
  trx: Trx,
  rows: ExchangeRows,
  sections: SectionsCache,
  refs: readonly DeliveryRef[],
  by: ExchangeContext,
): Promise<readonly BeginResult[]> {
  const begun = new Map((await rows.begin(trx, refs, by)).map((row) => [keyOf(row), row]));
  const results: BeginResult[] = [];
  const ended: EndValues[] = [];
  for (const ref of refs) {
    const row = begun.get(keyOf(ref));
    // Of a delivery that is named twice, the second is not to be had any more.
    begun.delete(keyOf(ref));
    results.push(row ? judge(row, await sections(trx, row.edition), ended, by.now) : { kind: 'lost', ref });
  }
  await rows.endUnbegun(trx, ended, by.now);
  return results;
}

/** Says what a begin comes to; adds it to `ended` where the reader gets no mail. */
function judge(row: BegunRow, sections: readonly string[], ended: EndValues[], now: Date): BeginResult {
  const { issue, subscriber, edition, attempts: attempt } = row;
  const reader = readerFrom(row);
  const verdict = judgeBegin(reader, sections, row.doubts, now);
  if (verdict.kind === 'go') {
    return { kind: 'begun', delivery: { issue, subscriber, edition, attempt, reader, ...replyBefore(row) } };
  }
  const ref = { issue, subscriber };
  // The reason stays on the row, so that it is never planned again by itself.
  const reason: SkipReason = verdict.kind === 'skip' ? verdict.reason : (whyNoMail(reader, now) ?? 'nothing-wished');
  ended.push({ ...ref, state: verdict.kind === 'skip' ? 'skipped' : 'unknown', reason });
  return verdict.kind === 'skip' ? { kind: 'skipped', ref, reason } : { kind: 'left-unknown', ref };
}

/** A delivery that was returned begins as if it had never been tried. */
function replyBefore({ deferrals, reply_code, reply_enhanced, reply_text }: BegunRow): { before?: Reply } {
  if (deferrals === 0) return {};
  return {
    before: {
      ...(reply_code !== null && { code: reply_code }),
      ...(reply_enhanced !== null && { enhanced: reply_enhanced }),
      text: reply_text ?? '',
    },
  };
}

type SectionsCache = (trx: Trx, edition: number) => Promise<readonly string[]>;

/** Editions never change once frozen, so their sections are read once. */
function sectionsCache(): SectionsCache {
  const known = new Map<number, readonly string[]>();
  return async (trx, edition) => {
    const cached = known.get(edition);
    if (cached) return cached;
    const query = trx.selectFrom('editions').select('sections').where('id', '=', edition);
    const sections = JSON.parse((await query.executeTakeFirstOrThrow()).sections) as string[];
    known.set(edition, sections);
    return sections;
  };
}
