/** An issue that is being sent or has been sent: its deliveries by state, its rate, and what servers answered. */
import { type DeliveryCounts, isSumRight, labelOf, openCount, type SkipReason } from '../../domain/delivery.js';
import type { Issue } from '../../domain/issue.js';
import type { Ledger } from '../../domain/ports/ledger.js';
import { SKIP_WORDS } from '../../domain/reason-words.js';
import { likeText } from '../../domain/refusals.js';
import type { StudioParts } from '../parts.js';
import { issuePath } from '../paths.js';
import type { SendRate } from '../send-rate.js';

export interface SendingView {
  readonly number: number;
  readonly path: string;
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
  /** Why an unfinished issue can be neither resumed nor resent from this studio. */
  readonly blocked: string | null;
  /** Why the program paused it, and how to solve the cause. */
  readonly pausedFor: string | null;
  /** The readers whose refusals paused it can be planned again. */
  readonly canReturn: boolean;
  /** Replies to deliveries that are deferred, rejected or unknown, most frequent first. */
  readonly replies: readonly ReplyView[];
  /** Absent while it is being sent. */
  readonly result: { readonly ok: boolean; readonly text: string } | null;
}

export interface ReplyView {
  readonly state: string;
  readonly text: string;
  readonly count: number;
  /** An address. */
  readonly example: string;
}

export async function sendingView(
  { live, runs }: Pick<StudioParts, 'live' | 'runs'>,
  issue: Issue,
  rate?: SendRate,
): Promise<SendingView> {
  const { store, sending } = live.app();
  const counts = await store.ledger.counts(issue.id);
  const paused = await sending.pauseReason(issue);
  const again = await sending.resendable(issue);
  const open = openCount(counts);
  const done = counts.all - open;
  const isOver = issue.state === 'done' || issue.state === 'cancelled';
  const blocked = runs.blockedReason(issue);
  const unfinished = {
    canResume: issue.state === 'paused' || issue.state === 'frozen' || (issue.state === 'sending' && open > 0),
    canResendRejected: again.rejected > 0 && issue.state !== 'cancelled',
    canResendUnknown: again.unknown > 0 && issue.state !== 'cancelled',
  };
  const isUnfinished = Object.values(unfinished).includes(true);
  return {
    number: issue.number,
    path: issuePath(issue.newsletter, issue.number),
    state: issue.state,
    total: counts.all,
    done,
    percent: counts.all === 0 ? 100 : Math.floor((done / counts.all) * 100),
    counts: countsView(counts),
    skipped: Object.entries(counts.skippedBy).map(([reason, count]) => ({
      count: count ?? 0,
      why: SKIP_WORDS[reason as SkipReason],
    })),
    perSecond: Math.round((rate?.perSecond ?? 0) * 10) / 10,
    timeLeft: rate?.secondsLeft === undefined ? null : durationText(rate.secondsLeft),
    canPause: issue.state === 'sending' || issue.state === 'frozen',
    canCancel: !isOver,
    ...(blocked === undefined ? unfinished : { canResume: false, canResendRejected: false, canResendUnknown: false }),
    pausedFor: paused ? [paused.reason, paused.advice].filter((part) => part !== undefined).join(' ') : null,
    canReturn: paused !== undefined && blocked === undefined,
    blocked: isUnfinished ? (blocked ?? null) : null,
    replies: await repliesView(store.ledger, issue, counts),
    result: isOver ? resultView(counts) : null,
  };
}

function countsView(counts: DeliveryCounts): SendingView['counts'] {
  const { deferred } = counts;
  const shown: SendingView['counts'] = [
    { name: labelOf('accepted'), count: counts.accepted, kind: 'accepted' },
    { name: labelOf('planned'), count: openCount(counts) - deferred, kind: 'planned' },
    { name: 'deferred', count: deferred, kind: 'deferred' },
    { name: labelOf('bounced'), count: counts.bounced, kind: 'rejected' },
    { name: labelOf('rejected'), count: counts.rejected, kind: 'rejected' },
    { name: labelOf('unknown'), count: counts.unknown, kind: 'unknown' },
    { name: labelOf('skipped'), count: counts.skipped, kind: 'skipped' },
  ];
  return shown.filter(({ count, kind }) => count > 0 || kind === 'accepted');
}

function resultView(counts: DeliveryCounts): NonNullable<SendingView['result']> {
  if (!isSumRight(counts)) return { ok: false, text: `The states do not add up to ${counts.all} readers.` };
  if (counts.unknown > 0) {
    return { ok: false, text: `${counts.unknown} with an unknown outcome: they may or may not have received it.` };
  }
  const rest = counts.all - counts.accepted;
  const others = rest === 0 ? '' : `, ${rest} not delivered, each with its reason`;
  return { ok: true, text: `Each of the ${counts.all} readers is counted once: ${counts.accepted} accepted${others}.` };
}

const MAX_REPLIES = 8;
/** Replies are read from at most this many deliveries. */
const MAX_ROWS = 5000;

async function repliesView(
  ledger: Pick<Ledger, 'deliveries'>,
  issue: Issue,
  counts: DeliveryCounts,
): Promise<readonly ReplyView[]> {
  if (counts.rejected + counts.unknown + counts.deferred === 0) return [];
  const groups = new Map<string, ReplyView>();
  let seen = 0;
  for await (const row of ledger.deliveries(issue.id, ['rejected', 'unknown', 'deferred'])) {
    const state = row.state === 'planned' ? 'deferred' : labelOf(row.state);
    const text = row.reply ? `${row.reply.code ?? ''} ${row.reply.text}`.trim() : 'no reply';
    const kind = `${state} ${row.reply ? likeText(row.reply) : ''}`;
    const group = groups.get(kind) ?? {
      state,
      text,
      count: 0,
      example: row.address,
    };
    groups.set(kind, { ...group, count: group.count + 1 });
    seen += 1;
    if (seen >= MAX_ROWS) break;
  }
  return [...groups.values()].sort((one, other) => other.count - one.count).slice(0, MAX_REPLIES);
}

function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}
