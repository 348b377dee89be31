/**
 * Judges refusals by their number (rule: whose-fault): many in a row with similar text, or most of the first replies, are not the
 * readers' fault, whatever each of them says. Pure: takes the outcomes of a run one by one.
 */
import type { Outcome, Refusal, Reply } from './reply.js';

/** The numbers of the rule; docs/rules.md and docs/operating.md name them. */
export const REFUSAL_FIGURES = {
  /** So many refusals with similar text, with no message accepted in between. */
  likeInARow: 10,
  /** So many refusals with any text, with no message accepted in between. */
  anyInARow: 30,
  /** More than half of so many first replies of an issue are refusals with similar text. */
  first: 20,
  /** An issue with fewer replies than `first` is judged at the end of its run, if at least so many refusals are similar. */
  fewest: 5,
  /** So many replies that can only be about us, once others were accepted; before that, one. */
  sureInARow: 3,
  /** From so many refusals in a row on, one message at a time is on the wire. */
  careful: 3,
  /** So many messages one after another that were sent whole and got no reply (rule: unknown-row). */
  unknownInARow: 3,
} as const;

/** The replies to one issue so far. Plain data. */
export interface RefusalRecord {
  /** Accepted messages of all runs. */
  readonly accepted: number;
  /** Replies of all runs, without those about a limit or a connection. */
  readonly answered: number;
  /** Replies of this run that allow one more connection. */
  readonly passed: number;
  /** Since the last accepted message: refusals by `likeText`. */
  readonly row: ReadonlyMap<string, number>;
  /** Since the last accepted message: replies that can only be about us. */
  readonly sure: number;
  /** Since the last accepted message: unknown outcomes of messages that were begun one after another. */
  readonly unknown: number;
  /** Refusals among the first replies, by `likeText`; `undefined` once a person has resumed the issue. */
  readonly first: ReadonlyMap<string, number> | undefined;
  /** The latest refusal of this run, and the latest that was about what we send. */
  readonly latest?: Refusal;
  readonly ours?: Refusal;
}

/** Why a run ends before all is tried. */
export interface RefusalVerdict {
  /** `pause`: a person has to resume the issue. `stop`: the service may try again. */
  readonly kind: 'pause' | 'stop';
  /** The last refusal that led to it. */
  readonly refusal: Refusal;
  /** For people: one sentence without a full stop, and without the reply. */
  readonly reason: string;
}

export interface RefusalDecision {
  readonly record: RefusalRecord;
  /** The refusal is about this delivery alone: it waits, longer each time, and uses up one of its tries. */
  readonly ofRow: boolean;
  readonly verdict?: RefusalVerdict;
}

export const NO_ANSWERS: RefusalRecord = {
  accepted: 0,
  answered: 0,
  passed: 0,
  row: new Map(),
  sure: 0,
  unknown: 0,
  first: new Map(),
};

/** A reply without what differs from reader to reader: addresses, numbers, host names, ids. */
export function likeText({ code, enhanced, text }: Reply): string {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .map((word) => (/[\d@]|\w\.\w|^[<"'(]/.test(word) ? '#' : word.replace(/[^\p{L}'-]/gu, '')))
    .filter((word, at, all) => word !== '' && !(word === '#' && all[at - 1] === '#'));
  return [code ?? '', enhanced ?? '', ...words].join(' ').slice(0, LONGEST_LIKENESS);
}

/** Servers end their replies with ids, so the beginning is compared. */
const LONGEST_LIKENESS = 160;

/** Whether a fault is the same for all readers, as far as this reply alone tells. */
export function isOurs({ scope }: Refusal): boolean {
  return scope === 'sender' || scope === 'message' || scope === 'configuration';
}

/**
 * Adds one outcome, and says whose fault it is.
 *
 * A refusal about the sender, the message or the configuration belongs to its delivery when others get through: when the
 * issue has an accepted message, which passed every phase, or when the reply is a policy, which may be about the
 * recipient. A reply that can only be about us ends the run at once while nothing was accepted, and otherwise when it
 * comes three times in a row. Before RCPT no reply is about a delivery. Limits and connections do not count, nor does a reader
 * who is answered like at the try before.
 * @param atLastTry what this reader's server replied then
 * @param unknownAtBegin the record's `unknown` when the message was begun
 */
export function judgeAnswer(
  before: RefusalRecord,
  outcome: Outcome,
  atLastTry?: Reply,
  unknownAtBegin = before.unknown,
): RefusalDecision {
  if (outcome.kind === 'accepted') return { record: afterAcceptance(before), ofRow: false };
  if (outcome.kind === 'unknown') return judgeUnknown(before, outcome.reply, unknownAtBegin);
  if (outcome.scope === 'limit' || outcome.scope === 'connection') return { record: before, ofRow: false };
  if (outcome.meaning === 'greylisted')
    return { record: { ...before, answered: before.answered + 1, passed: before.passed + 1 }, ofRow: false };
  if (!isOurs(outcome)) return judgeNumbers(before, outcome, false, atLastTry);
  if (isSure(outcome)) return judgeSure(before, outcome);
  const isRows = isAboutRow(outcome) && (outcome.kind === 'rejected' || (before.accepted > 0 && !isHangUp(outcome)));
  return isRows ? judgeNumbers(before, outcome, true, atLastTry) : { record: before, ofRow: false };
}

/** The verdict at the end of a run, for an issue with too few replies to be judged before. */
export function judgeEnd({ accepted, answered, first, ours, latest }: RefusalRecord): RefusalVerdict | undefined {
  if (accepted === 0 && ours) return { kind: 'pause', refusal: ours, reason: 'No mail was accepted' };
  if (!first || !latest || answered >= REFUSAL_FIGURES.first) return undefined;
  const most = Math.max(0, ...first.values());
  if (most < REFUSAL_FIGURES.fewest || most * 2 <= answered) return undefined;
  return { kind: 'pause', refusal: latest, reason: `${most} of ${answered} readers were refused with similar text` };
}

/** How many messages may be on the wire at once: few until the first replies, and one while refusals come in a row. */
export function wireLimit({ passed, row, sure, unknown }: RefusalRecord, connections: number): number {
  if (sure > 0 || unknown > 0 || sumOf(row) >= REFUSAL_FIGURES.careful) return 1;
  return Math.min(connections, 1 + passed);
}

/** A reply that can only be about all we send. */
function isSure(refusal: Refusal): boolean {
  if (refusal.kind === 'deferred') return refusal.scope === 'configuration';
  return refusal.meaning !== 'policy' || !isAboutRow(refusal);
}

/** The server knew the recipient or the message when it replied. Without a phase that is possible. */
export function isAboutRow({ phase, scope }: Refusal): boolean {
  return scope === 'message' || phase === undefined || phase === 'rcpt' || phase === 'data' || phase === 'dot';
}

function isHangUp({ reply }: Refusal): boolean {
  return reply.code === 421;
}

function afterAcceptance(before: RefusalRecord): RefusalRecord {
  const { accepted, answered, passed } = before;
  return {
    ...before,
    accepted: accepted + 1,
    answered: answered + 1,
    passed: passed + 1,
    row: new Map(),
    sure: 0,
    unknown: 0,
  };
}

/** Messages that were on the wire together may have met one fault, such as a server that was restarted: they count once. */
function judgeUnknown(before: RefusalRecord, reply: Reply, unknownAtBegin: number): RefusalDecision {
  if (unknownAtBegin < before.unknown) return { record: before, ofRow: false };
  const record = { ...before, unknown: before.unknown + 1 };
  if (record.unknown < REFUSAL_FIGURES.unknownInARow) return { record, ofRow: false };
  const refusal: Refusal = { kind: 'deferred', scope: 'connection', phase: 'dot', reply, advice: ADVICE_UNKNOWN };
  const reason = `${record.unknown} mails in a row were sent whole and got no reply, so their readers may have them`;
  return { record, ofRow: false, verdict: { kind: 'pause', refusal, reason } };
}

const ADVICE_UNKNOWN =
  'Look in the log of the mail server whether it took these mails, and why it closes the connection before it replies.';

function judgeSure(before: RefusalRecord, refusal: Refusal): RefusalDecision {
  const ofRow = isAboutRow(refusal) && before.accepted > 0;
  const record = { ...before, sure: before.sure + 1, latest: refusal, ours: refusal };
  if (ofRow && record.sure < REFUSAL_FIGURES.sureInARow) return { record, ofRow };
  const kind = refusal.kind === 'rejected' && isAboutRow(refusal) ? 'pause' : 'stop';
  return { record, ofRow, verdict: { kind, refusal, reason: 'The server refuses what we send' } };
}

function judgeNumbers(
  before: RefusalRecord,
  refusal: Refusal,
  ofRow: boolean,
  atLastTry: Reply | undefined,
): RefusalDecision {
  // Without a code it comes from this program, and is about one address.
  if (refusal.reply.code === undefined) return { record: before, ofRow };
  const latest = { latest: refusal, ...(isOurs(refusal) && { ours: refusal }) };
  if (atLastTry && likeText(atLastTry) === likeText(refusal.reply)) return { record: { ...before, ...latest }, ofRow };
  const like = `${refusal.kind} ${likeText(refusal.reply)}`;
  const isFirst = before.answered < REFUSAL_FIGURES.first && refusal.kind === 'rejected';
  const record: RefusalRecord = {
    ...before,
    answered: before.answered + 1,
    row: oneMore(before.row, like),
    first: before.first && isFirst ? oneMore(before.first, like) : before.first,
    ...latest,
  };
  const reason = whyTooMany(record, refusal.kind, like);
  if (reason === undefined) return { record, ofRow };
  return { record, ofRow, verdict: { kind: refusal.kind === 'rejected' ? 'pause' : 'stop', refusal, reason } };
}

function whyTooMany({ row, first }: RefusalRecord, kind: Refusal['kind'], like: string): string | undefined {
  const { likeInARow, anyInARow, first: among } = REFUSAL_FIGURES;
  const alike = row.get(like) ?? 0;
  if (alike >= likeInARow) return `${alike} readers in a row were refused with similar text`;
  // Deferrals prove nothing about rejections.
  const ofKind = [...row].filter(([key]) => key.startsWith(`${kind} `));
  if (sumOf(new Map(ofKind)) >= anyInARow) return `${anyInARow} readers in a row were refused`;
  const early = first?.get(like) ?? 0;
  return early * 2 > among ? `${early} of the first ${among} readers were refused with similar text` : undefined;
}

function oneMore(counts: ReadonlyMap<string, number>, key: string): ReadonlyMap<string, number> {
  return new Map(counts).set(key, (counts.get(key) ?? 0) + 1);
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
