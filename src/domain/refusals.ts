/**
 * The numbers are a judge of their own (rule: whose-fault): refusals of like text in an unbroken row, or among most of
 * the first replies, are no readers' fault, whatever each of them says. Pure: the answers of a run go in one by one.
 */
import type { Outcome, Refusal, Reply } from './reply.js';

/** The figures of the judge. Retuning one is a change of this rule: docs/operating.md names them. */
export const REFUSAL_FIGURES = {
  /** So many refusals of like text with no message accepted in between. */
  likeInARow: 10,
  /** So many refusals with no message accepted in between, whatever they say. */
  anyInARow: 30,
  /** Of so many first answers of an issue, more than half refused with like text. */
  first: 20,
  /** An issue with fewer answers than that is judged at the end of its run, if at least so many refusals are alike. */
  fewest: 5,
  /** So many replies that can only be about us, once others were accepted; before that, one. */
  sureInARow: 3,
  /** From so many refusals in a row on, one message at a time is on the wire. */
  careful: 3,
} as const;

/** What has been answered so far, of one issue. Plain data. */
export interface RefusalRecord {
  /** Messages of the issue that some server accepted, by whatever run. */
  readonly accepted: number;
  /** Answers that were not put down to a limit or a connection, by whatever run. */
  readonly answered: number;
  /** Answers of this run that let a second connection follow. */
  readonly passed: number;
  /** Since the last accepted message: refusals by like text. */
  readonly row: ReadonlyMap<string, number>;
  /** Since the last accepted message: replies that can only be about us. */
  readonly sure: number;
  /** Refusals among the first answers, by like text; `undefined` once a person has looked at them and gone on. */
  readonly first: ReadonlyMap<string, number> | undefined;
  /** The latest refusal of this run, and the latest that was about what we send. */
  readonly latest?: Refusal;
  readonly ours?: Refusal;
}

/** Why a run ends before all is tried. */
export interface RefusalVerdict {
  /** `pause`: a person has to look before anything more leaves. `stop`: it may be tried again by itself. */
  readonly kind: 'pause' | 'stop';
  /** The reply it rests on. */
  readonly refusal: Refusal;
  /** One sentence for people, without the reply. */
  readonly reason: string;
}

export interface ApprovalDecision {
  readonly record: RefusalRecord;
  /** The refusal belongs to this delivery: it waits, longer each time, and uses up one of its tries. */
  readonly ofRow: boolean;
  readonly verdict?: RefusalVerdict;
}

export const NO_ANSWERS: RefusalRecord = {
  accepted: 0,
  answered: 0,
  passed: 0,
  row: new Map(),
  sure: 0,
  first: new Map(),
};

/** The words of a reply without what differs from reader to reader: addresses, numbers, names of hosts, ids. */
export function likeText({ code, enhanced, text }: Reply): string {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .map((word) => (/[\d@]|\w\.\w|^[<"'(]/.test(word) ? '#' : word.replace(/[^\p{L}'-]/gu, '')))
    .filter((word, at, all) => word !== '' && !(word === '#' && all[at - 1] === '#'));
  return [code ?? '', enhanced ?? '', ...words].join(' ').slice(0, LONGEST_LIKENESS);
}

/** Servers end their replies with ids: what they begin with says enough. */
const LONGEST_LIKENESS = 160;

/** Whether a fault is the same for all readers as far as anybody can tell from this reply alone. */
export function isOurs({ scope }: Refusal): boolean {
  return scope === 'sender' || scope === 'message' || scope === 'configuration';
}

/**
 * Takes one answer in, and says whose it is.
 *
 * A refusal of the sender, the message or the configuration belongs to its row when others get through: when the issue
 * has an accepted message, for that one passed every phase, or when the reply is a mere policy, which may be about the
 * recipient. A reply that can only be about us ends the run at once while nobody was accepted, and after that when it
 * comes three times in a row. Before RCPT no reply is about a row. Limits and connections say nothing about anybody.
 */
export function judgeAnswer(before: RefusalRecord, outcome: Outcome): ApprovalDecision {
  if (outcome.kind === 'accepted') return { record: afterAcceptance(before), ofRow: false };
  if (outcome.kind === 'unknown' || outcome.scope === 'limit' || outcome.scope === 'connection')
    return { record: before, ofRow: false };
  if (outcome.meaning === 'greylisted')
    return { record: { ...before, answered: before.answered + 1, passed: before.passed + 1 }, ofRow: false };
  if (!isOurs(outcome)) return judgeNumbers(before, outcome, false);
  if (isSure(outcome)) return judgeSure(before, outcome);
  const isRows = isAboutRow(outcome) && (outcome.kind === 'rejected' || (before.accepted > 0 && !isHangUp(outcome)));
  return isRows ? judgeNumbers(before, outcome, true) : { record: before, ofRow: false };
}

/** What the end of a run says of an issue with too few answers to be judged before. */
export function judgeEnd({ accepted, answered, first, ours, latest }: RefusalRecord): RefusalVerdict | undefined {
  if (accepted === 0 && ours) return { kind: 'pause', refusal: ours, reason: 'No reader’s mail was accepted' };
  if (!first || !latest || answered >= REFUSAL_FIGURES.first) return undefined;
  const most = Math.max(0, ...first.values());
  if (most < REFUSAL_FIGURES.fewest || most * 2 <= answered) return undefined;
  return { kind: 'pause', refusal: latest, reason: `${most} of ${answered} readers were refused with like words` };
}

/** How many messages may be on the wire at once: few until answers came, and one while refusals come in a row. */
export function wireLimit({ passed, row, sure }: RefusalRecord, connections: number): number {
  if (sure > 0 || sumOf(row) >= REFUSAL_FIGURES.careful) return 1;
  return Math.min(connections, 1 + passed);
}

/** A reply about all we send; a person has to change something. */
function isSure(refusal: Refusal): boolean {
  if (refusal.kind === 'deferred') return refusal.scope === 'configuration';
  return refusal.meaning !== 'policy' || !isAboutRow(refusal);
}

/** The server knew the recipient, or the message, when it said so. Absent phase: nobody knows, so it may be. */
function isAboutRow({ phase, scope }: Refusal): boolean {
  return scope === 'message' || phase === undefined || phase === 'rcpt' || phase === 'data' || phase === 'dot';
}

function isHangUp({ reply }: Refusal): boolean {
  return reply.code === 421;
}

function afterAcceptance(before: RefusalRecord): RefusalRecord {
  const { accepted, answered, passed } = before;
  return { ...before, accepted: accepted + 1, answered: answered + 1, passed: passed + 1, row: new Map(), sure: 0 };
}

function judgeSure(before: RefusalRecord, refusal: Refusal): ApprovalDecision {
  const ofRow = isAboutRow(refusal) && before.accepted > 0;
  const record = { ...before, sure: before.sure + 1, latest: refusal, ours: refusal };
  if (ofRow && record.sure < REFUSAL_FIGURES.sureInARow) return { record, ofRow };
  const kind = refusal.kind === 'rejected' && isAboutRow(refusal) ? 'pause' : 'stop';
  return { record, ofRow, verdict: { kind, refusal, reason: 'The server refuses what we send' } };
}

function judgeNumbers(before: RefusalRecord, refusal: Refusal, ofRow: boolean): ApprovalDecision {
  // Without a code nobody said it but this program, of one address.
  if (refusal.reply.code === undefined) return { record: before, ofRow };
  const like = `${refusal.kind} ${likeText(refusal.reply)}`;
  const isFirst = before.answered < REFUSAL_FIGURES.first && refusal.kind === 'rejected';
  const record: RefusalRecord = {
    ...before,
    answered: before.answered + 1,
    row: oneMore(before.row, like),
    first: before.first && isFirst ? oneMore(before.first, like) : before.first,
    latest: refusal,
    ...(isOurs(refusal) && { ours: refusal }),
  };
  const reason = whyTooMany(record, refusal.kind, like);
  if (reason === undefined) return { record, ofRow };
  return { record, ofRow, verdict: { kind: refusal.kind === 'rejected' ? 'pause' : 'stop', refusal, reason } };
}

function whyTooMany({ row, first }: RefusalRecord, kind: Refusal['kind'], like: string): string | undefined {
  const { likeInARow, anyInARow, first: among } = REFUSAL_FIGURES;
  const alike = row.get(like) ?? 0;
  if (alike >= likeInARow) return `${alike} readers in a row were refused with like words`;
  // Readers who are put off say nothing about one who is refused.
  const ofKind = [...row].filter(([key]) => key.startsWith(`${kind} `));
  if (sumOf(new Map(ofKind)) >= anyInARow) return `${anyInARow} readers in a row were refused`;
  const early = first?.get(like) ?? 0;
  return early * 2 > among ? `${early} of the first ${among} readers were refused with like words` : undefined;
}

function oneMore(counts: ReadonlyMap<string, number>, key: string): ReadonlyMap<string, number> {
  return new Map(counts).set(key, (counts.get(key) ?? 0) + 1);
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
