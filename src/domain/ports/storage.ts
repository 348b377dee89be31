/** Everything that is remembered: posts, the ledger, the audience, sign-ups, shared state. `store/` implements them on SQLite and Postgres. */
import type { CategoryPreferences } from '../category.js';
import type { Suspicion } from '../collecting.js';
import type { BegunDelivery, DeliveryCounts, DeliveryRef, DeliveryState, SkipReason } from '../delivery.js';
import type { Edition, RenderedMail } from '../edition.js';
import type { Html } from '../html.js';
import type { Issue, IssuePost, IssueState, NewIssue, SkippedOccurrence, UsedArrangement } from '../issue.js';
import type { Mailbox } from '../newsletter.js';
import type { KnownPost, Post, PostKeys } from '../post.js';
import type { Outcome, Refusal, Reply } from '../reply.js';
import type { PostOutcome } from '../selection.js';
import type { Confirmed, NewSignUp, SignUp, SignUpPurpose } from '../sign-up.js';
import type {
  Consent,
  ReaderNow,
  Subscriber,
  Subscription,
  SubscriptionState,
  SuppressionReason,
} from '../subscriber.js';

export interface Store {
  readonly posts: PostStore;
  readonly ledger: Ledger;
  readonly audience: AudienceStore;
  readonly signUps: SignUpStore;
  readonly shared: SharedState;
  /** A private store seeded from this one: flows run on it and leave this one unchanged (rule: looking-changes-nothing). */
  scratch(): Promise<Store>;
  /** Writes a consistent copy with a mark inside into a new SQLite file. Throws `store.exists`; nothing is written over. */
  backup(file: string, now: Date): Promise<void>;
  /** When this store was copied from another, which may still be sending; `undefined` for an original. */
  copiedAt(): Promise<Date | undefined>;
  /** Makes a copy an original. */
  adopt(): Promise<void>;
  close(): Promise<void>;
}

/** Small values, as JSON, that every process on one store shares. */
export interface SharedState {
  /** `undefined` where nothing is remembered. */
  read(key: string): Promise<unknown>;
  /** Whoever changes a value holds it alone; `change` may run more than once, so it must only compute. */
  change<Result>(key: string, change: (before: unknown) => SharedChange<Result>): Promise<Result>;
}

export interface SharedChange<Result> {
  /** What is remembered from here on; `undefined` for nothing. */
  readonly after: unknown;
  readonly result: Result;
}

export interface PostStore {
  /** What is remembered of these sources. */
  known(sources: readonly string[]): Promise<KnownPosts>;
  /** The same of the posts that have or had one of these keys, and no others: enough for a view that withdraws nothing. */
  knownAmong(sources: readonly string[], keys: readonly PostKeys[]): Promise<KnownPosts>;
  /** The sources whose latest listing is not believed, by name. */
  suspicions(): Promise<ReadonlyMap<string, Suspicion>>;
  /**
   * The posts an issue that looks back to `since` could carry, with what decides on them.
   * @param named keys of further posts
   */
  candidates(
    newsletter: string,
    sources: readonly string[],
    since: Date,
    named?: readonly string[],
  ): Promise<Candidates>;
  /** Writes what collections of several sources changed, in one transaction; `stale` when another came in between. */
  save(...changes: readonly CollectionChanges[]): Promise<'saved' | 'stale'>;
  /** The bodies of these posts, by uid. */
  bodies(uids: readonly string[]): Promise<ReadonlyMap<string, Html>>;
}

/** Posts that are news after a moment, held over, missed or named, and the ones that share a URL with them. */
export interface Candidates {
  readonly posts: readonly KnownPost[];
  /** Whose keys the named ones are. */
  readonly keys: readonly KnownKey[];
  readonly outcomes: ReadonlyMap<string, PostOutcome>;
}

export interface KnownPosts {
  /** Changes with every collection that brings something. */
  readonly version?: number;
  /** Without bodies. */
  readonly posts: readonly KnownPost[];
  readonly keys: readonly KnownKey[];
  /** When each source was first collected with success. */
  readonly firstCollected: ReadonlyMap<string, Date>;
  /** When each source was last listed whole. */
  readonly lookedAt: ReadonlyMap<string, Date>;
  readonly suspicions: ReadonlyMap<string, Suspicion>;
  /** The uids that some newsletter has carried. */
  readonly carried: ReadonlySet<string>;
}

/** A key that a post has, or once had; several posts may have had one key after another (rule: identity). */
export interface KnownKey {
  readonly source: string;
  readonly kind: 'id' | 'url' | 'path';
  readonly value: string;
  readonly uid: string;
}

export interface CollectionChanges {
  readonly source: string;
  /** `KnownPosts.version` that the posts were recognised against; absent: written whatever came in between. */
  readonly version?: number;
  readonly collectedAt: Date;
  /** New posts and new readings of known ones; the uid is the caller's. A reading clears `broken` and `withdrawnAt`. */
  readonly seen: readonly { readonly uid: string; readonly post: Post; readonly newsAt?: Date }[];
  readonly withdrawn: readonly string[];
  /** Posts known by uid that cannot be used while this holds. */
  readonly broken: readonly { readonly uid: string; readonly where: string; readonly message: string }[];
  /** What a whole listing says of its source; absent for a view. */
  readonly look?: { readonly suspicion?: Suspicion };
}

/** The lasting record of issues, editions, deliveries and attempts. */
export interface Ledger {
  /** What a newsletter remembers: the head changes with every record, and guards a freeze. */
  memory(newsletter: string): Promise<NewsletterMemory>;
  /** The same without what it remembers of each post: cheap enough to ask every minute. */
  history(newsletter: string): Promise<NewsletterHistory>;
  /**
   * One transaction (rule: freeze): all of it, or nothing. An issue made by hand at the instant of an occurrence becomes its record.
   * @throws GazetteError `issue.state` for an issue by hand where a cancelled one has its cut-off
   */
  freeze(plan: FreezePlan): Promise<FreezeResult>;
  /** Records an occurrence that made no issue, and what its posts' fate is. */
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
  /** Makes every decision on the present head stale: something it was judged by has changed beside the ledger. */
  unsettle(newsletter: string): Promise<void>;
  issues(newsletter?: string): Promise<readonly Issue[]>;
  /** Issues that are being sent, or wait for it: frozen or sending. */
  openIssues(): Promise<readonly Issue[]>;
  /** The same with the paused ones. */
  unfinishedIssues(): Promise<readonly Issue[]>;
  skips(newsletter: string): Promise<readonly SkippedOccurrence[]>;
  /** By newsletter and number; `undefined` when there is none. */
  issue(newsletter: string, number: number): Promise<Issue | undefined>;
  /** The issue that has used an arrangement as it stands, and was not cancelled before its first message. */
  issueArrangedBy(newsletter: string, arrangement: UsedArrangement): Promise<Issue | undefined>;
  setState(issue: number, from: readonly IssueState[], to: IssueState): Promise<boolean>;
  /** Cancels what is not on the wire; before the first message the posts are held over (rule: issue-states). */
  cancel(issue: number, now: Date): Promise<{ readonly skipped: number; readonly released: boolean }>;
  /** Whether a message of an issue reached somebody, or may have. */
  hasBegun(issue: number): Promise<boolean>;
  editions(issue: number): Promise<readonly EditionSummary[]>;
  edition(id: number): Promise<FrozenEdition>;
  counts(issue: number): Promise<DeliveryCounts>;
  /** How many deliveries of an issue were accepted after a moment. */
  acceptedSince(issue: number, since: Date): Promise<number>;
  /**
   * Takes up to `limit` planned deliveries that are due, for `leaseMs`, in the order they are due: fresh ones before
   * those that were tried. Also gives ended leases back first.
   */
  claim(request: ClaimRequest): Promise<readonly DeliveryRef[]>;
  /**
   * One transaction around the wire: writes what became of earlier attempts, then begins the next ones.
   * A begin reads the reader as they are at that moment and asks `judge`; a delivery this owner no longer holds is `lost`.
   */
  exchange(
    settled: readonly Settlement[],
    begin: readonly DeliveryRef[],
    by: ExchangeContext,
  ): Promise<readonly BeginResult[]>;
  /** Gives an owner's claimed rows back as planned. */
  release(issue: number, owner: string): Promise<void>;
  /** Owners that hold claimed or attempted rows of an issue; with a moment, only those whose every lease ended by then. */
  owners(issue: number, leasesEndedBy?: Date): Promise<readonly string[]>;
  /** Frees an owner's rows: claimed → planned; attempted → as `settleUnknown` says. */
  reclaim(issue: number, owner: string, now: Date): Promise<{ readonly freed: number; readonly unknown: number }>;
  /** Unknown rows with one doubt go back to planned, where the issue's policy is to resend. */
  retryUnknown(issue: number, now: Date): Promise<number>;
  /** When the earliest delivery that was tried before is due. */
  nextDue(issue: number): Promise<Date | undefined>;
  /** A person's word: these deliveries are planned once more. */
  resend(issue: number, only: 'rejected' | 'unknown', now: Date): Promise<number>;
  /**
   * A person's word on readers who were refused for no fault of theirs: rejected or put off, they are planned as if they
   * had never been tried, and the suppressions that came from these very refusals are lifted. Attempts stay recorded.
   */
  returnRefused(issue: number, subscribers: readonly number[]): Promise<Returned>;
  /** What servers answered to an issue: how many were accepted, and the refusals that came after the last of these. */
  answers(issue: number, since?: Date): Promise<Answers>;
  /** Deletes what became of each reader of issues that were frozen before a moment and are over; their counts stay. */
  forgetDeliveries(frozenBefore: Date): Promise<{ readonly issues: number; readonly deliveries: number }>;
  /** What became of every issue for one reader, oldest first. */
  deliveriesTo(subscriber: number): Promise<readonly ReaderDelivery[]>;
  /** The deliveries of an issue in order of subscriber: every one, or only those that stand so. */
  deliveries(issue: number, only?: readonly (DeliveryState | 'deferred')[]): AsyncIterable<DeliveryRow>;
}

export interface Returned {
  readonly deliveries: number;
  readonly suppressions: number;
}

export interface Answers {
  readonly accepted: number;
  /** Attempts that a server refused, for now or for good. */
  readonly refused: number;
  /** The latest of them after the last accepted message and after `since`, oldest first: at most some dozens. */
  readonly latest: readonly Refusal[];
}

/** Where a newsletter stands: its latest records, without its posts. */
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

export interface FreezePlan {
  readonly newsletter: string;
  /** `NewsletterMemory.head` that the posts were selected against. */
  readonly head: string;
  readonly issue: NewIssue;
  readonly editions: readonly Edition[];
  /** For every group of readers, the key of their edition; `undefined`: nothing they wish for is in it. */
  readonly routes: readonly { readonly group: ReaderGroup; readonly edition: string | undefined }[];
  readonly outcomes: readonly PostOutcomeRecord[];
  /** Earlier occurrences that get their records with this issue. */
  readonly skips?: readonly SkippedOccurrence[];
}

export type FreezeResult =
  | { readonly kind: 'frozen'; readonly issue: Issue }
  /** Another record was written, or readers with unforeseen wishes came: decide again. */
  | { readonly kind: 'stale' }
  /** The occurrence has its issue already, and it was not cancelled. */
  | { readonly kind: 'exists'; readonly issue: Issue };

/** Readers who share wishes and language get the same edition. */
export interface ReaderGroup {
  /** `preferencesKey` of their wishes. */
  readonly preferences: string;
  /** As stored; absent: the newsletter's. */
  readonly language?: string;
  /** What they have from another newsletter already (rule: frequency-change); absent: nothing. Equal keys stand for equal posts. */
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

/** An edition as it stands in the ledger, with what its messages need of the issue. */
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

export interface ClaimRequest {
  readonly issue: number;
  readonly owner: string;
  readonly limit: number;
  readonly leaseMs: number;
  readonly now: Date;
}

export interface Settlement {
  /**
   * With its attempt, so that the answer to an earlier one is never taken for the answer to a later one; and with its
   * reader as they were written to, whose address it is that bounces.
   */
  readonly delivery: DeliveryRef & Partial<Pick<BegunDelivery, 'attempt' | 'reader'>>;
  readonly outcome: Outcome;
  readonly at: Date;
  /** A refusal of sender, message or configuration that only this delivery meets: it is put off, and in the end given up. */
  readonly ofRow?: boolean;
}

export interface ExchangeContext {
  readonly owner: string;
  readonly now: Date;
  readonly leaseMs: number;
}

export type BeginResult =
  | { readonly kind: 'begun'; readonly delivery: BegunDelivery }
  | { readonly kind: 'skipped'; readonly ref: DeliveryRef; readonly reason: SkipReason }
  | { readonly kind: 'left-unknown' | 'lost'; readonly ref: DeliveryRef };

export interface DeliveryRow {
  readonly subscriber: number;
  readonly address: string;
  readonly edition?: string;
  readonly state: DeliveryState;
  readonly reason?: SkipReason;
  readonly attempts: number;
  readonly unknownOutcomes: number;
  readonly reply?: Reply;
  readonly settledAt?: Date;
}

/** One issue on its way to one reader, as they may know it. */
export interface ReaderDelivery {
  readonly newsletter: string;
  readonly number: number;
  readonly state: DeliveryState;
  readonly reason?: SkipReason;
  /** What their server said, where it did not take the mail. */
  readonly reply?: Reply;
  readonly settledAt?: Date;
}

/** Who may be written to. */
export interface AudienceStore {
  /** Readers of a newsletter as a freeze would find them, counted by wishes, language and why no mail. */
  groups(newsletter: string, now: Date): Promise<readonly CountedGroup[]>;
  find(addressKey: string): Promise<
    | {
        readonly subscriber: Subscriber;
        readonly subscriptions: readonly Subscription[];
        readonly suppressed?: SuppressionReason;
      }
    | undefined
  >;
  /** What the next issue leaves out for one reader, because another newsletter has sent it to them (rule: frequency-change). */
  alreadySent(newsletter: string, subscriber: number): Promise<ReaderGroup['alreadySent']>;
  /** The reader of a newsletter as they are at this moment. */
  reader(newsletter: string, subscriber: number): Promise<ReaderNow | undefined>;
  /** Adds or renews subscriptions in one transaction; suppressed addresses are kept but get no mail. */
  add(newsletter: string, rows: readonly NewSubscription[], now: Date): Promise<AddResult>;
  list(newsletter?: string): AsyncIterable<SubscriberRow>;
  suppress(addressKey: string, reason: SuppressionReason, now: Date): Promise<void>;
  /** False when the address was not suppressed. */
  unsuppress(addressKey: string): Promise<boolean>;
  /** Ends a subscription; false when there is none that could end. */
  unsubscribe(newsletter: string, subscriber: number): Promise<boolean>;
  /** What the reader chose, `undefined` for everything; false when there is no subscription. */
  setPreferences(newsletter: string, subscriber: number, preferences: CategoryPreferences): Promise<boolean>;
  /** No mail before that moment, `undefined` to end a pause; false when there is no subscription. */
  pause(newsletter: string, subscriber: number, until: Date | undefined): Promise<boolean>;
  /** Takes a new address that its reader has confirmed, the evidence with it. `taken`: it is another subscriber's. */
  changeAddress(subscriber: number, to: NewAddress): Promise<'changed' | 'taken' | 'missing'>;
  /**
   * Blanks a person for ever and keeps their rows, so that sums hold (rule: as-they-are-now). False when it was done already.
   * @param erasedKey a keyed hash of their address: what remains suppressed in its place
   */
  erase(subscriber: number, erasedKey: string, now: Date): Promise<boolean>;
  /** By their number, with everything they get; `undefined` when there is none, or they were erased. */
  person(subscriber: number): Promise<Person | undefined>;
  /** The reader's own word: also brings back a subscription that had ended. False when there is no such person. */
  subscribe(
    newsletter: string,
    subscriber: number,
    terms: { readonly preferences: CategoryPreferences; readonly consent: Consent },
  ): Promise<boolean>;
  /**
   * The reader's own word that they want one newsletter in place of another (rule: frequency-change). At once: the first issue of the new one
   * leaves out what they were sent by the old one since its previous issue. `waits`: with the next issue of the old one, whose posts
   * are then left out. False where they do not get the old one.
   */
  changeFrequency(subscriber: number, terms: FrequencyChange): Promise<boolean>;
  /** They did not mean it: nothing waits and nothing is left out any more. What they get stays as it is. */
  cancelFrequencyChange(to: string, subscriber: number): Promise<boolean>;
  /** How a person wants to be addressed. */
  describe(subscriber: number, as: { readonly name: string; readonly language: string | undefined }): Promise<boolean>;
  suppression(addressKey: string): Promise<SuppressionReason | undefined>;
  suppressions(): AsyncIterable<SuppressedAddress>;
}

export interface FrequencyChange {
  readonly from: string;
  readonly to: string;
  readonly waits: boolean;
  readonly preferences: CategoryPreferences;
  readonly consent: Consent;
}

export interface Person {
  readonly subscriber: Subscriber;
  readonly addressKey: string;
  readonly subscriptions: readonly Subscription[];
  /** From which newsletter to which they are changing. */
  readonly frequencyChanges: readonly {
    readonly from: string;
    readonly to: string;
    /** For the next issue of the old one. */
    readonly isWaiting: boolean;
    /** They are still a reader of the old one, and have said that they do not want to be. */
    readonly stays: boolean;
  }[];
  readonly suppressed?: SuppressionReason;
}

export interface SuppressedAddress {
  /** As compared; of an erased person a keyed hash. */
  readonly addressKey: string;
  readonly reason: SuppressionReason;
  readonly at: Date;
}

export interface NewAddress {
  readonly address: string;
  readonly addressKey: string;
}

export interface CountedGroup extends ReaderGroup {
  readonly count: number;
  /** Absent for readers who would be written to. */
  readonly skip?: SkipReason;
}

export interface NewSubscription {
  readonly address: string;
  readonly addressKey: string;
  readonly name: string;
  readonly language?: string;
  readonly preferences: CategoryPreferences;
  readonly state: SubscriptionState;
  readonly consent: Consent;
}

export interface AddResult {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Kept, but suppressed: they get no mail. */
  readonly suppressed: number;
  /** Left alone because they had unsubscribed from this newsletter. */
  readonly unsubscribed: number;
}

export interface SubscriberRow {
  readonly subscriber: Subscriber;
  readonly subscription: Subscription;
  readonly suppressed?: SuppressionReason;
}

/** Wishes to receive on their way from a form to a confirmation. Tokens are known by their hash alone. */
export interface SignUpStore {
  /** Keeps a request; an earlier one like it whose mail has not left gives way. */
  ask(signUp: NewSignUp): Promise<void>;
  /** Requests whose mail is due: not put off, and the address got none since `mailedSince`. Oldest first. */
  toMail(now: Date, mailedSince: Date, limit: number): Promise<readonly SignUp[]>;
  /** Sign-ups mailed by a moment, neither confirmed nor reminded, not put off; oldest first. */
  toRemind(now: Date, mailedBy: Date, limit: number): Promise<readonly SignUp[]>;
  /** When this address last got a mail that asked for a confirmation. */
  lastMailed(addressKey: string): Promise<Date | undefined>;
  /** Keeps the token of a mail that is about to leave: whoever gets the mail can use it, whatever happens to the sender. */
  keepToken(id: number, token: SignUpToken): Promise<void>;
  /** The mail has left. */
  mailed(id: number, mail: MailedSignUp): Promise<void>;
  /** The mail could not leave: it is tried again later, and later each time. */
  putOff(id: number, now: Date): Promise<void>;
  /** No mail will be sent for this request, or no reminder. */
  leave(id: number, at: Date, what: 'mail' | 'reminder'): Promise<void>;
  find(
    tokenHash: string,
    purpose: SignUpPurpose,
  ): Promise<{ readonly signUp: SignUp; readonly expiresAt: Date } | undefined>;
  /**
   * Uses a token, once. A confirmed sign-up is an active subscription from then on, whatever it was before; a confirmed
   * change of address has moved its reader.
   */
  confirm(tokenHash: string, purpose: SignUpPurpose, by: Confirmed): Promise<ConfirmResult>;
  /** Everything kept about how an address came to be written to. */
  evidence(addressKey: string): Promise<readonly SignUp[]>;
  /** The same of everybody who confirmed, oldest first. */
  allEvidence(): AsyncIterable<SignUp>;
  /** Forgets everything about a person's address, and what they asked for at others. */
  forget(addressKey: string, subscriber: number): Promise<number>;
  /** Deletes what was asked before a moment and never confirmed. */
  forgetUnconfirmed(askedBefore: Date): Promise<number>;
}

export interface SignUpToken {
  readonly tokenHash: string;
  readonly purpose: SignUpPurpose;
  readonly expiresAt: Date;
}

export interface MailedSignUp {
  readonly at: Date;
  readonly messageId: string;
  readonly textVersion: string;
  readonly isReminder: boolean;
}

export type ConfirmResult =
  /** `taken`: the address is another subscriber's, and nothing was changed. */
  | { readonly kind: 'confirmed' | 'again' | 'expired' | 'taken'; readonly signUp: SignUp }
  | { readonly kind: 'missing' };
