/** The lasting record of issues and editions; deliveries are part of it. */
import type { Edition, RenderedMail } from '../edition.js';
import type { Issue, IssuePost, IssueState, NewIssue, SkippedOccurrence, UsedArrangement } from '../issue.js';
import type { Mailbox } from '../newsletter.js';
import type { PostOutcome } from '../selection.js';
import type { Answers, DeliveryLedger, Returned } from './deliveries.js';

/** The lasting record of issues, editions, deliveries and attempts. */
export interface Ledger extends DeliveryLedger {
  /** What a newsletter remembers: the head changes with every record, and guards a freeze. */
  memory(newsletter: string): Promise<NewsletterMemory>;
  /** The same without what it remembers of each post: cheap enough to ask every minute. */
  history(newsletter: string): Promise<NewsletterHistory>;
  /**
   * One transaction (rule: freeze): all of it, or nothing. An issue made by hand at the instant of an occurrence becomes its record.
   * @throws GazetteError `issue.state` for an issue by hand where a cancelled one has its cut-off
   */
  freeze(plan: FreezePlan): Promise<FreezeResult>;
  /** Records an occurrence without an issue, and the outcomes of its posts. */
  recordSkip(
    skip: SkippedOccurrence,
    outcomes: readonly PostOutcomeRecord[],
    head: string,
  ): Promise<'recorded' | 'stale'>;
  /** The same for several occurrences of one newsletter, all or none. */
  recordSkips(
    newsletter: string,
    skips: readonly SkippedOccurrence[],
    outcomes: readonly PostOutcomeRecord[],
    head: string,
  ): Promise<'recorded' | 'stale'>;
  /**
   * Posts that were mailed before Gazette count as carried, by issue 0, unless an issue carried them. Counts both.
   * @param countOnly writes nothing
   */
  markMailed(
    newsletter: string,
    uids: readonly string[],
    countOnly: boolean,
  ): Promise<{ readonly marked: number; readonly already: number }>;
  /** Makes every decision on the present head stale: something it depends on has changed outside the ledger. */
  unsettle(newsletter: string): Promise<void>;
  issues(newsletter?: string): Promise<readonly Issue[]>;
  /** Issues that are being sent, or wait for it: frozen or sending. */
  openIssues(): Promise<readonly Issue[]>;
  /** The same with the paused ones. */
  unfinishedIssues(): Promise<readonly Issue[]>;
  skips(newsletter: string): Promise<readonly SkippedOccurrence[]>;
  /** By newsletter and number; `undefined` when there is none. */
  issue(newsletter: string, number: number): Promise<Issue | undefined>;
  /** The issue that has used this version of an arrangement and was not cancelled before its first message. */
  issueArrangedBy(newsletter: string, arrangement: UsedArrangement): Promise<Issue | undefined>;
  setState(issue: number, from: readonly IssueState[], to: IssueState): Promise<boolean>;
  /** Cancels what is not on the wire; before the first message the posts are carried over (rule: issue-states). */
  cancel(issue: number, now: Date): Promise<{ readonly skipped: number; readonly released: boolean }>;
  /** Whether a message of an issue reached a reader, or may have. */
  hasBegun(issue: number): Promise<boolean>;
  editions(issue: number): Promise<readonly EditionSummary[]>;
  edition(id: number): Promise<FrozenEdition>;
  /**
   * A person's word on readers who were refused for no fault of theirs: rejected or put off, they are planned as if they
   * had never been tried, and the suppressions that came from these very refusals are lifted. Attempts stay recorded.
   */
  returnRefused(issue: number, subscribers: readonly number[]): Promise<Returned>;
  /** What servers answered to an issue: how many were accepted, and the refusals that came after the last of these. */
  answers(issue: number, since?: Date): Promise<Answers>;
}

/** The latest records of a newsletter, without its posts. */
export interface NewsletterHistory {
  /** Changes with every record and every collection that brought something. */
  readonly head: string;
  readonly lastNumber: number;
  /** The cut-off of the latest issue that was not cancelled before its first message, and its occurrence. */
  readonly previousCutoff?: Date;
  readonly previousOccurrence?: Date;
  /** Where the first issue began to look. */
  readonly baseline?: Date;
  /** The first occurrence that made no issue. */
  readonly firstSkipped?: Date;
  /** The latest occurrence of the schedule that has its record. */
  readonly lastScheduled?: Date;
}

export interface NewsletterMemory extends NewsletterHistory {
  readonly outcomes: ReadonlyMap<string, PostOutcome>;
}

export interface PostOutcomeRecord {
  readonly uid: string;
  readonly outcome: PostOutcome;
}

/** Editions, and which readers get which. */
export interface ComposedEditions {
  /** Read one after another, and again when the transaction is tried once more. */
  readonly editions: Iterable<Edition> | AsyncIterable<Edition>;
  /** For every group of readers, the key of their edition; `undefined`: nothing they want is in it. */
  readonly routes: readonly { readonly group: ReaderGroup; readonly edition: string | undefined }[];
}

/** The editions are those for the readers there were when the issue was composed. */
export interface FreezePlan extends ComposedEditions {
  readonly newsletter: string;
  /** `NewsletterMemory.head` that the posts were selected against. */
  readonly head: string;
  readonly issue: NewIssue;
  /**
   * Composes for readers who came or changed since then: called within the transaction, and for such groups alone. Gives the editions
   * that are not among the plan's.
   */
  compose(groups: readonly ReaderGroup[]): Promise<ComposedEditions>;
  readonly outcomes: readonly PostOutcomeRecord[];
  /** Earlier occurrences that get their records with this issue. */
  readonly skips?: readonly SkippedOccurrence[];
}

export type FreezeResult =
  | { readonly kind: 'frozen'; readonly issue: Issue }
  /** Another record was written: decide again. */
  | { readonly kind: 'stale' }
  /** The occurrence has its issue already, and it was not cancelled. */
  | { readonly kind: 'exists'; readonly issue: Issue };

/** Readers who share preferences and language get the same edition. */
export interface ReaderGroup {
  /** Their `preferencesKey`. */
  readonly preferences: string;
  /** As stored; absent: the newsletter's. */
  readonly language?: string;
  /** What they have from another newsletter already (rule: frequency-change); absent: nothing. Equal keys mean equal posts. */
  readonly alreadySent?: { readonly key: string; readonly uids: readonly string[] };
}

export interface EditionSummary {
  readonly id: number;
  readonly key: string;
  readonly language: string;
  readonly sections: readonly string[];
  readonly posts: readonly IssuePost[];
  readonly htmlBytes: number;
  readonly readers: number;
}

/** An edition in the ledger, with what its messages need of the issue. */
export interface FrozenEdition {
  readonly id: number;
  readonly key: string;
  readonly language: string;
  readonly sections: readonly string[];
  readonly mail: RenderedMail;
  readonly issue: {
    readonly id: number;
    readonly uid: string;
    readonly newsletter: string;
    readonly number: number;
    readonly title: string;
    readonly sender: Mailbox;
    readonly replyTo?: string;
  };
}
