/** The half-open span (since, until] whose posts an issue may carry. */
export interface Window {
  readonly since: Date;
  readonly until: Date;
}

export type IssueState = 'drafted' | 'awaiting-approval' | 'frozen' | 'sending' | 'paused' | 'done' | 'cancelled';

/** One dated, numbered publication of a newsletter. */
export interface Issue {
  readonly id: number;
  /** Random, 128 bits of hex: names the issue outside the ledger (Message-ID). */
  readonly uid: string;
  readonly newsletter: string;
  /** Counts up from 1 within its newsletter. */
  readonly number: number;
  /** Its moment in the schedule; of a manual issue, its cut-off. */
  readonly occurrence: Date;
  readonly manual: boolean;
  readonly window: Window;
  readonly state: IssueState;
  /** Cancelled before its first message: no reader has it, and its posts are carried over. */
  readonly released: boolean;
  readonly frozenAt: Date;
  readonly title: string;
  readonly sender: { readonly name: string; readonly address: string };
  readonly replyTo?: string;
  readonly onUnknownOutcome: 'resend' | 'hold';
  /** The ordered posts it carries, as they were named at the freeze. */
  readonly posts: readonly IssuePost[];
  /** How many posts were carried over because of `maxPosts`. */
  readonly carriedOver: number;
  readonly arrangement?: UsedArrangement;
}

/** An issue as its freeze writes it: the ledger gives the rest. */
export type NewIssue = Omit<Issue, 'id' | 'state' | 'released'>;

/** Names one issue, as a person does. */
export interface IssueRef {
  /** May be absent where there is only one newsletter. */
  readonly newsletter?: string | undefined;
  readonly number: number;
}

/** The command that does something with an issue. Where there are several newsletters a number alone names none. */
export function issueCommand(
  verb: string,
  { newsletter, number }: Pick<Issue, 'newsletter' | 'number'>,
  options = '',
): string {
  return `\`gazette issue ${verb} ${number} --newsletter ${newsletter}${options && ` ${options}`}\``;
}

/** Which arrangement an issue had: the name of its file without the ending, and what stood in it. */
export interface UsedArrangement {
  readonly stem: string;
  readonly version: string;
}

export interface IssuePost {
  readonly uid: string;
  readonly id: string;
  readonly title: string;
  readonly url?: string;
  readonly section: string;
}

/** An occurrence that made no issue, and why (rule: one-record). */
export interface SkippedOccurrence {
  readonly newsletter: string;
  readonly occurrence: Date;
  readonly cutoff: Date;
  readonly outcome:
    | 'nothing-new'
    | 'skipped(no-readers)'
    | 'skipped(late)'
    | 'skipped(vetoed)'
    | 'skipped(unapproved)'
    | `merged-into(${string})`;
  readonly recordedAt: Date;
}
