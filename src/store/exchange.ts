/**
 * The transaction around the wire: what became of earlier attempts is written, then the next ones begin (rules: states, as-they-are-now).
 * What a settlement and a begin mean is decided in domain/delivery.ts; this writes what it says.
 */

import { addressFrom } from '../domain/address.js';
import {
  type BeginVerdict,
  type DeliveryRef,
  judgeBegin,
  type SkipReason,
  settle,
  whyNoMail,
} from '../domain/delivery.js';
import type { BeginResult, ExchangeContext, Settlement } from '../domain/ports/deliveries.js';
import type { Outcome, Reply } from '../domain/reply.js';
import type { ReaderNow } from '../domain/subscriber.js';
import { type Database, type Trx, transact } from './database.js';
import { isOver } from './deliveries.js';
import { type BeginRow, exchangeStatements, type SettleRow, type Statements } from './exchange-statements.js';
import { readerFrom } from './readers.js';
import { suppressAddress } from './suppressions.js';

type Exchange = (
  settled: readonly Settlement[],
  begin: readonly DeliveryRef[],
  by: ExchangeContext,
) => Promise<readonly BeginResult[]>;

export function exchanger(database: Database): Exchange {
  const statements = exchangeStatements(database);
  const sections = sectionsCache();
  return (settled, begin, by) =>
    transact(database, async (trx) => {
      for (const settlement of settled) await writeSettlement(trx, statements, settlement, by.owner);
      const results: BeginResult[] = [];
      for (const ref of begin) results.push(await beginOne(trx, statements, sections, ref, by));
      return results;
    });
}

async function writeSettlement(
  trx: Trx,
  statements: Statements,
  { delivery, outcome, at, ofRow }: Settlement,
  owner: string,
): Promise<void> {
  if (outcome.kind === 'accepted' && (await isAcceptedAtOnce(trx, statements, delivery, outcome, at, owner))) return;
  const { rows } = await statements.readAttempted(trx, delivery);
  const row = rows[0];
  if (!row) return;
  const isHeld =
    row.state === 'attempted' && row.owner === owner && row.attempts === (delivery.attempt ?? row.attempts);
  if (outcome.kind !== 'accepted') {
    if (isHeld) await writeRefusal(trx, statements, delivery, row, outcome, at, ofRow);
  } else if (isHeld || isStillUnknown(row)) {
    await statements.settle(trx, accepted(delivery, row, outcome, at));
  }
}

/** The common case in one statement: the attempt on the wire is this owner's own, and the server took it. */
async function isAcceptedAtOnce(
  trx: Trx,
  statements: Statements,
  delivery: Settlement['delivery'],
  outcome: Outcome,
  at: Date,
  owner: string,
): Promise<boolean> {
  const { issue, subscriber, attempt } = delivery;
  if (attempt === undefined) return false;
  const values = { issue, subscriber, attempt, owner, ...replyValues(outcome), settledAt: at.getTime() };
  const { numAffectedRows } = await statements.accept(trx, values);
  return numAffectedRows === 1n;
}

/** Writes an attempt that did not end accepted, and where the delivery goes with it. */
async function writeRefusal(
  trx: Trx,
  statements: Statements,
  delivery: Settlement['delivery'],
  row: SettleRow,
  outcome: Exclude<Outcome, { kind: 'accepted' }>,
  at: Date,
  ofRow: boolean | undefined,
): Promise<void> {
  const to = settle(outcome, row.deferrals, at, ofRow);
  const doubts = row.doubts + (outcome.kind === 'unknown' ? 1 : 0);
  const place =
    to.state === 'planned' ? placeOfDeferred(row, doubts, to.dueAt) : { state: to.state, reason: null, due: 0 };
  // Servers quote the address they refuse, and of an erased reader nothing is kept.
  const reply = row.erased === 1 ? { ...replyValues(outcome), text: '' } : replyValues(outcome);
  await statements.settle(trx, {
    ...delivery,
    ...place,
    ...reply,
    deferrals: row.deferrals + (to.state === 'planned' && to.counts ? 1 : 0),
    doubts,
    settledAt: place.state === 'planned' ? null : at.getTime(),
  });
  await statements.recordAttempt(trx, {
    ...delivery,
    attempt: row.attempts,
    begunAt: row.begun_at ?? at.getTime(),
    endedAt: at.getTime(),
    outcome: outcome.kind,
    scope: outcome.kind === 'unknown' ? null : outcome.scope,
    ...reply,
  });
  if (outcome.kind === 'rejected' && outcome.scope === 'recipient' && outcome.bounce === 'hard') {
    await suppressWrittenTo(trx, delivery, row, at);
  }
}

/** The address may have changed while the mail was on its way. */
async function suppressWrittenTo(
  trx: Trx,
  { reader }: Settlement['delivery'],
  row: SettleRow,
  at: Date,
): Promise<void> {
  if (row.erased === 1) return;
  const writtenTo = reader && addressFrom(reader.subscriber.address);
  await suppressAddress(trx, writtenTo?.key ?? row.address_key, 'hard-bounce', at);
}

/** Where a delivery goes that would be tried again: nowhere, once its issue is cancelled. */
function placeOfDeferred(row: SettleRow, doubts: number, dueAt: Date) {
  if (!isOver(row.issue_state)) return { state: 'planned', reason: null, due: dueAt.getTime() } as const;
  return { state: doubts > 0 ? 'unknown' : 'skipped', reason: 'cancelled', due: 0 } as const;
}

/** Its owner was taken for dead while the server still answered: the answer ends the doubt, if no one tries anew. */
function isStillUnknown(row: SettleRow): boolean {
  return row.doubts > 0 && (row.state === 'planned' || row.state === 'claimed' || row.state === 'unknown');
}

function accepted(delivery: DeliveryRef, row: SettleRow, outcome: Outcome, at: Date) {
  return {
    ...delivery,
    ...replyValues(outcome),
    state: 'accepted' as const,
    reason: null,
    due: 0,
    deferrals: row.deferrals,
    doubts: row.doubts,
    settledAt: at.getTime(),
  };
}

function replyValues({ reply }: Outcome) {
  return { code: reply.code ?? null, enhanced: reply.enhanced ?? null, text: reply.text };
}

async function beginOne(
  trx: Trx,
  statements: Statements,
  sections: SectionsCache,
  ref: DeliveryRef,
  { owner, now, leaseMs }: ExchangeContext,
): Promise<BeginResult> {
  const { rows } = await statements.readClaimed(trx, ref);
  const row = rows[0];
  if (row?.state !== 'claimed' || row.owner !== owner || row.edition === null) return { kind: 'lost', ref };
  const reader = readerFrom(row);
  const verdict = judgeBegin(reader, await sections(trx, row.edition), row.doubts, now);
  if (verdict.kind !== 'go') return endUnbegun(trx, statements, ref, verdict, reader, now);
  // Spelt out: copied with `...ref`, each of these outlives its message by many, a kilobyte a reader.
  const { issue, subscriber } = ref;
  await statements.begin(trx, { issue, subscriber, now: now.getTime(), leaseUntil: now.getTime() + leaseMs });
  const before = replyBefore(row);
  const attempt = row.attempts + 1;
  return { kind: 'begun', delivery: { issue, subscriber, edition: row.edition, attempt, reader, ...before } };
}

/** A delivery that was returned begins as if it had never been tried. */
function replyBefore({ deferrals, reply_code, reply_enhanced, reply_text }: BeginRow): { before?: Reply } {
  if (deferrals === 0) return {};
  return {
    before: {
      ...(reply_code !== null && { code: reply_code }),
      ...(reply_enhanced !== null && { enhanced: reply_enhanced }),
      text: reply_text ?? '',
    },
  };
}

/** Ends a delivery whose reader has left. The reason stays on the row, so that it is never planned again by itself. */
async function endUnbegun(
  trx: Trx,
  statements: Statements,
  ref: DeliveryRef,
  verdict: Exclude<BeginVerdict, { kind: 'go' }>,
  reader: ReaderNow,
  now: Date,
): Promise<BeginResult> {
  const reason: SkipReason = verdict.kind === 'skip' ? verdict.reason : (whyNoMail(reader, now) ?? 'nothing-wished');
  const state = verdict.kind === 'skip' ? 'skipped' : 'unknown';
  await statements.endUnbegun(trx, { ...ref, state, reason, now: now.getTime() });
  return verdict.kind === 'skip' ? { kind: 'skipped', ref, reason } : { kind: 'left-unknown', ref };
}

type SectionsCache = (trx: Trx, edition: NonNullable<BeginRow['edition']>) => Promise<readonly string[]>;

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
