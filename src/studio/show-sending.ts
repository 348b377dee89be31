/** An issue on its way, or as it went: how many stand where, how fast it goes, and what servers said. */

import type { AppContext } from '../app-context.js';
import { maskedAddress } from '../domain/address.js';
import { type DeliveryCounts, type DeliveryState, isSumRight, type SkipReason } from '../domain/delivery.js';
import type { Issue } from '../domain/issue.js';
import { SKIP_WORDS } from '../domain/reason-words.js';
import { likeText } from '../domain/refusals.js';
import type { Speed } from './runs.js';

export interface SendingView {
  readonly number: number;
  readonly state: Issue['state'];
  readonly total: number;
  readonly done: number;
  readonly percent: number;
  readonly counts: readonly { readonly name: string; readonly count: number; readonly kind: string }[];
  readonly skipped: readonly { readonly count: number; readonly why: string }[];
  readonly perSecond: number;
  readonly timeLeft: string | null;
  readonly canPause: boolean;
  readonly canResume: boolean;
  readonly canCancel: boolean;
  readonly canResendRejected: boolean;
  readonly canResendUnknown: boolean;
  /** Why it can neither be resumed nor sent once more from here, though something of it is left; else null. */
  readonly keptBack: string | null;
  /** Why the program paused it, and what to do about the cause. */
  readonly pausedFor: string | null;
  /** Readers whose refusal it was paused for can be given their turn again. */
  readonly canReturn: boolean;
  /** What was said of readers that were deferred, rejected or in doubt, most frequent first. */
  readonly replies: readonly ReplyView[];
  readonly verdict: { readonly ok: boolean; readonly text: string } | null;
}

export interface ReplyView {
  readonly state: string;
  readonly text: string;
  readonly count: number;
  /** Masked. */
  readonly example: string;
}

const NAMES: { readonly [state in DeliveryState]: string } = {
  planned: 'waiting',
  claimed: 'next in line',
  attempted: 'on the wire',
  accepted: 'accepted',
  rejected: 'rejected',
  unknown: 'in doubt',
  skipped: 'skipped',
};

/** @param keptBack why it may not go on from here; absent: it may */
export async function sendingView(
  deps: AppContext,
  issue: Issue,
  speed: Speed | undefined,
  keptBack: string | undefined,
): Promise<SendingView> {
  const counts = await deps.store.ledger.counts(issue.id);
  const paused = await deps.sending.pauseReason(issue);
  const open = counts.planned + counts.claimed + counts.attempted;
  const done = counts.all - open;
  const isOver = issue.state === 'done' || issue.state === 'cancelled';
  const left = {
    canResume: issue.state === 'paused' || issue.state === 'frozen' || (issue.state === 'sending' && open > 0),
    canResendRejected: counts.rejected > 0 && issue.state !== 'cancelled',
    canResendUnknown: counts.unknown > 0 && issue.state !== 'cancelled',
  };
  const isLeft = Object.values(left).includes(true);
  return {
    number: issue.number,
    state: issue.state,
    total: counts.all,
    done,
    percent: counts.all === 0 ? 100 : Math.floor((done / counts.all) * 100),
    counts: countsView(counts),
    skipped: Object.entries(counts.skippedBy).map(([reason, count]) => ({
      count: count ?? 0,
      why: SKIP_WORDS[reason as SkipReason],
    })),
    perSecond: Math.round((speed?.perSecond ?? 0) * 10) / 10,
    timeLeft: speed?.secondsLeft === undefined ? null : durationWords(speed.secondsLeft),
    canPause: issue.state === 'sending' || issue.state === 'frozen',
    canCancel: !isOver,
    ...(keptBack === undefined ? left : { canResume: false, canResendRejected: false, canResendUnknown: false }),
    pausedFor: paused ? [paused.reason, paused.advice].filter((part) => part !== undefined).join(' ') : null,
    canReturn: paused !== undefined && keptBack === undefined,
    keptBack: isLeft ? (keptBack ?? null) : null,
    replies: await replies(deps, issue, counts),
    verdict: isOver ? verdictOf(counts) : null,
  };
}

function countsView(counts: DeliveryCounts): SendingView['counts'] {
  const { planned, deferred } = counts;
  const shown: { name: string; count: number; kind: string }[] = [
    { name: NAMES.accepted, count: counts.accepted, kind: 'accepted' },
    { name: 'waiting', count: planned - deferred + counts.claimed + counts.attempted, kind: 'planned' },
    { name: 'deferred', count: deferred, kind: 'deferred' },
    { name: NAMES.rejected, count: counts.rejected, kind: 'rejected' },
    { name: NAMES.unknown, count: counts.unknown, kind: 'unknown' },
    { name: NAMES.skipped, count: counts.skipped, kind: 'skipped' },
  ];
  return shown.filter(({ count, kind }) => count > 0 || kind === 'accepted');
}

function verdictOf(counts: DeliveryCounts): NonNullable<SendingView['verdict']> {
  if (!isSumRight(counts)) return { ok: false, text: `The states do not add up to ${counts.all} readers.` };
  if (counts.unknown > 0)
    return { ok: false, text: `${counts.unknown} in doubt: nobody can tell whether they got it.` };
  const rest = counts.all - counts.accepted;
  const others = rest === 0 ? '' : `, ${rest} did not get it, each with its reason`;
  return {
    ok: true,
    text: `Every one of ${counts.all} readers stands in exactly one state: ${counts.accepted} accepted${others}.`,
  };
}

const MOST_REPLIES = 8;
/** Above this many troubled readers only the first are read for what was said. */
const MOST_ROWS = 5000;

async function replies(deps: AppContext, issue: Issue, counts: DeliveryCounts): Promise<readonly ReplyView[]> {
  const troubled = counts.rejected + counts.unknown + counts.deferred;
  if (troubled === 0) return [];
  const groups = new Map<string, { state: string; text: string; count: number; example: string }>();
  let seen = 0;
  for await (const row of deps.store.ledger.deliveries(issue.id, ['rejected', 'unknown', 'deferred'])) {
    const state = row.state === 'planned' ? 'deferred' : NAMES[row.state];
    const text = row.reply ? `${row.reply.code ?? ''} ${row.reply.text}`.trim() : 'no reply';
    const kind = `${state} ${row.reply ? likeText(row.reply) : ''}`;
    const group = groups.get(kind) ?? {
      state,
      text: text.replace(row.address, maskedAddress(row.address)),
      count: 0,
      example: maskedAddress(row.address),
    };
    groups.set(kind, { ...group, count: group.count + 1 });
    seen += 1;
    if (seen >= MOST_ROWS) break;
  }
  return [...groups.values()].sort((one, other) => other.count - one.count).slice(0, MOST_REPLIES);
}

export function durationWords(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}
