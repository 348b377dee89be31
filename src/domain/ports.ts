/**
 * Every effect the program has, on one page. Rooms implement these; flows are told which implementation they hold.
 */
import type { Arrangement } from './arrangement.js';
import type { Wishes } from './category.js';
import type { Suspicion } from './collecting.js';
import type { BegunDelivery, DeliveryCounts, DeliveryRef, DeliveryState, SkipReason } from './delivery.js';
import type { Digest, DigestPost } from './digest.js';
import type { Edition, RenderedMail } from './edition.js';
import type { Problem } from './errors.js';
import type { Finding } from './finding.js';
import type { Html } from './html.js';
import type { Issue, IssuePost, IssueState, NewIssue, SkippedOccurrence, UsedArrangement } from './issue.js';
import type { Mailbox, Newsletter } from './newsletter.js';
import type { FeedRequest, NoticeMail, NoticeMailRequest, PageRequest } from './page.js';
import type { Collection, KnownPost, Post, PostHead, PostKeys } from './post.js';
import type { Outcome, Refusal, Reply } from './reply.js';
import type { Fate } from './selection.js';
import type { Confirmed, NewSignUp, SignUp, SignUpPurpose } from './sign-up.js';
import type {
  Consent,
  ReaderNow,
  Subscriber,
  Subscription,
  SubscriptionState,
  SuppressionReason,
} from './subscriber.js';

// — time and the host —

export interface Clock {
  now(): Date;
  /** Resolves after `ms`, or at once when the signal is aborted; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The instants of a schedule, in a time zone (laws §3.1). All strict: never the reference itself. */
export interface Calendar {
  next(schedule: string, timezone: string, after: Date): Date;
  previous(schedule: string, timezone: string, before: Date): Date;
  /** What the clocks of a zone show at an instant: `2026-11-30T08:00`. */
  localTime(timezone: string, at: Date): string;
}

/** This process, and whether another one still lives: who owns a lease (laws §4.5). */
export interface Processes {
  /** Names this process for leases: host, pid, start time, and a random part. */
  readonly self: string;
  /** `elsewhere` for an owner on another host, of which nothing is known. */
  fateOf(owner: string): 'alive' | 'dead' | 'elsewhere';
}

/** Structured events, dotted and past tense: `issue.planned`. Addresses are masked by the caller. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}
export type LogFields = { readonly [name: string]: unknown };

/** The file system. Paths are absolute, with the host's separators. */
export interface Files {
  /** `undefined` when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Every regular file below a folder, sorted by path; links that lead out of it are left out. `undefined`: no such folder. */
  list(folder: string): Promise<readonly string[] | undefined>;
  /** Makes the folders on the way; the file is there whole or not at all. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /**
   * The same for what no other user of this host may read: secrets, readers, and mails to them. The file is born with
   * mode 0600, also where it replaces another, and folders on the way with 0700; a folder that is there stays as it is.
   */
  writePrivate(path: string, content: string | Uint8Array): Promise<void>;
  /**
   * Makes an empty file with mode 0600 for something else to fill, such as a database. A file that is there stays as it
   * is, unless it is empty: then its mode becomes 0600. Where none can be made, it is left to who opens it to say why.
   */
  claimPrivate(path: string): Promise<void>;
  remove(path: string): Promise<void>;
}

/** The domain name system. Both are empty where there is nothing; they reject when nobody answers. */
export interface Dns {
  /** Each record with its strings joined. */
  txt(name: string): Promise<readonly string[]>;
  /** Names of mail servers, best first. */
  mx(name: string): Promise<readonly string[]>;
}

/** Does one job of plain data away from the event loop. Rejects with the signal's reason when it is aborted. */
export type RunJob = (job: unknown, signal?: AbortSignal) => Promise<JobEnd>;

export type JobEnd =
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'too-long'; readonly limitMs: number }
  | { readonly kind: 'out-of-memory'; readonly memoryMb: number }
  | { readonly kind: 'failed'; readonly reason: string };

/** The machine this runs on. */
export interface Host {
  /** The release of the time zone data, such as 2026b. */
  readonly zoneData: string | undefined;
  /** Bytes left on the disk of a folder. */
  freeBytes(folder: string): Promise<number>;
  /** Who may do what with a file or folder, such as 0o600; `undefined` where there is nothing, or modes mean nothing. */
  mode(path: string): Promise<number | undefined>;
}

/** How an address on the web answers. */
export type WebAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly date?: Date }
  | { readonly kind: 'failed'; readonly text: string };

/** Follows an address to where it ends; never rejects for what the world says. */
export type AskLink = (url: string, signal?: AbortSignal) => Promise<LinkAnswer>;

export type LinkAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Where it ended. */
      readonly url: string;
      /** It was sent on: the whole way for good, or part of it for now. */
      readonly moved?: 'for-good' | 'for-now';
      /** Its media type. */
      readonly type?: string;
      readonly bytes?: number;
    }
  /** It leads into a private network, where nothing is asked. */
  | { readonly kind: 'private'; readonly url: string }
  | { readonly kind: 'no-such-host' }
  | { readonly kind: 'failed'; readonly text: string };

// — content —

/** A place posts are read from. `collect` throws `source.failed` when the place itself cannot be read. */
export interface Source {
  readonly name: string;
  collect(signal?: AbortSignal): Promise<Collection>;
  /** The folder its files lie in, absolute; absent for a source without files. */
  readonly folder?: string;
  /** Reads one file again, as a view that holds nothing else. `undefined`: no post is there, or none that may be read. */
  reread?(path: string): Promise<Collection | undefined>;
}

/**
 * What editors arranged: one file for an occurrence, below content/issues (laws §6.3). Every call reads the folder anew.
 * All throw `config.invalid` with the place of every problem.
 */
export interface Arrangements {
  /** `undefined` where nobody arranged anything. */
  read(newsletter: Newsletter, occurrence: Date): Promise<WrittenArrangement | undefined>;
  /** The occurrences later than `since` and up to `until` that have a file, in order. */
  occurrences(newsletter: Newsletter, since: Date, until: Date): Promise<readonly Date[]>;
  /** Files that will never serve: from `since` on those whose name is no occurrence, and those of no newsletter. */
  strays(newsletter: Newsletter, since: Date): Promise<readonly Problem[]>;
  /**
   * Writes what changed and leaves the rest of the file as its author laid it out; an arrangement of nothing takes a file
   * without comments away. Throws `config.changed` where the file is not the one of that version any more.
   * @param version of what was read; `undefined`: there was no file
   */
  write(
    newsletter: Newsletter,
    occurrence: Date,
    arrangement: Arrangement,
    version: string | undefined,
  ): Promise<WrittenArrangement | undefined>;
  /** Where the arrangement of an occurrence is, or would be written: `content/issues/weekly/2026-11-30.yaml`. */
  fileOf(newsletter: Newsletter, occurrence: Date): Promise<string>;
}

/** An arrangement as it stands in its file. */
export interface WrittenArrangement {
  /** As people see it. */
  readonly file: string;
  /** The file's name without its ending: which arrangement this is. */
  readonly stem: string;
  /** Changes with every change of the file. */
  readonly version: string;
  readonly arrangement: Arrangement;
  /** file:line:column at which a post is named for the first time. */
  whereOf(post: string): string;
}

/**
 * Tells which paths below some folders were written, made or removed, a moment after it happened; many at once are told
 * together. Ends with the signal.
 */
export type WatchFolders = (
  folders: readonly string[],
  onChange: (paths: readonly string[]) => void,
  signal: AbortSignal,
) => Promise<void>;

/** Turns composed editions into mail. Throws `theme.invalid` with file:line for a mistake in a template. */
export interface Renderer {
  render(input: RenderInput): Promise<RenderedMail>;
  /** Bytes of HTML in a reader's copy, decoded or encoded, whichever is more: what the clip counts (laws §1.8). */
  measure(mail: RenderedMail): number;
  /** Hashes over the files of a theme and over the words of mails: they change when what is printed may have changed (laws §3.6). */
  hashes(theme: string): Promise<{ readonly theme: string; readonly words: string }>;
}

export interface RenderInput {
  readonly newsletter: Newsletter;
  readonly issue: { readonly number: number; readonly date: Date };
  readonly digest: Digest;
  readonly language: string;
  /** Made from the posts, or the editor's; a subject template of the newsletter goes before it. */
  readonly subject: string;
  readonly preheader: string;
  /** The editor's words before the first post. */
  readonly introduction?: Html;
  /** The mail's when absent. */
  readonly introductionLanguage?: string;
}

/** Looks at what would leave before it leaves. Nothing is asked of the web, nothing is sent. */
export interface Checks {
  /** A rendered edition as readers get it. @param where the files an editor finds its posts and settings in */
  edition(edition: Edition, newsletter: Newsletter, where: EditionPlaces): Promise<readonly Finding[]>;
  /** Every address of the web an edition leads to or shows, without the reader's own links. */
  addresses(edition: Edition, newsletter: Newsletter, where: EditionPlaces): Promise<readonly MailAddress[]>;
  /** A theme by its colours and by samples that walk every path of it. Throws `theme.invalid` when it cannot print. */
  theme(name: string): Promise<readonly Finding[]>;
  /** A sample issue as a newsletter would print it, where there is nothing to send. */
  sample(newsletter: Newsletter): Promise<Edition>;
  /** Who a newsletter is from. @param setting how a key of its file is named */
  sender(newsletter: Newsletter, setting: EditionPlaces['setting']): readonly Finding[];
  /** A built message as a receiving server reads it. */
  message(message: Message): readonly Finding[];
}

/** An address in a mail, and what brought it there. */
export interface MailAddress {
  readonly kind: 'link' | 'image';
  readonly url: string;
  readonly where: string;
  readonly post?: string;
}

export interface EditionPlaces {
  /** The file of a post of the edition. */
  post(post: DigestPost): string;
  /** A key of the newsletter's file. */
  setting(key: string): string;
  /** What else brought an address, such as the editor's introduction; `undefined`: a post or the theme. */
  address?(url: string): string | undefined;
}

/** How files an editor wrote are named to people. */
export interface Places {
  post(post: PostHead): string;
  /** A key in the file of a newsletter. */
  setting(newsletter: string, key: string): string;
}

/** The words of one language: `say('excerpt.continue', { title })`. Throws `theme.invalid` for a missing key. */
export interface Words {
  readonly language: string;
  /** Which language they were written in: the one asked for, or one it belongs to. */
  readonly catalogue: string;
  readonly direction: 'ltr' | 'rtl';
  say(key: string, values?: { readonly [name: string]: string | number }): string;
}

/** The pages of the public door, printed with a newsletter's theme. All throw `theme.invalid` with file:line. */
export interface Pages {
  page(request: PageRequest): Promise<string>;
  /** The style sheet of a theme's pages, and a name for this state of it. */
  style(theme: string): Promise<{ readonly css: string; readonly version: string }>;
  /** An Atom feed. */
  feed(request: FeedRequest): Promise<string>;
  /** A mail that asks for a confirmation. */
  noticeMail(request: NoticeMailRequest): Promise<NoticeMail>;
}

/** The editor's own pages. */
export interface StudioPages {
  /** Prints a page from what it shows. Dates are told in the zone. Throws `theme.invalid` with file:line. */
  print(page: string, view: object, timezone: string): Promise<string>;
  /** A mail as it may stand in a frame: links dead and marked so. */
  frame(html: string, look: FrameLook): string;
}

export interface FrameLook {
  readonly scheme: 'light' | 'dark';
}

// — the wire —

/** A way messages leave. */
export interface Transport {
  /** How many connections it may hold open at once. */
  readonly connections: number;
  /** Loopback and file transports may send without a public identity (laws §5.1). */
  readonly local: boolean;
  /** One line for people, without secrets: `smtp://mail.example.org:587`. */
  readonly description: string;
  /** The folder it writes mails to; absent where they leave this host. */
  readonly folder?: string;
  /** Opens one lane; each lane carries one message at a time. */
  open(): Lane;
  /** Connects and logs in without a message; absent where there is nothing to log in to. */
  probe?(signal?: AbortSignal): Promise<Probe>;
  close(): Promise<void>;
}

export type Probe =
  | { readonly kind: 'ready'; readonly offers: readonly string[] }
  | { readonly kind: 'failed'; readonly text: string };

/** One connection's worth of sending: connects when needed, again when the server closed. */
export interface Lane {
  /** Never throws for what the world says; resolves with the outcome of this message. */
  send(message: Message, signal?: AbortSignal): Promise<Outcome>;
  close(): Promise<void>;
}

/** How fast messages may leave by one transport; shared by every process that sends by it. */
export interface Pace {
  /** Takes a turn to send one message: 0, or how many milliseconds to wait before asking again. */
  take(now: Date): Promise<number>;
  /** The server asked for less: slower for everybody, for a while. */
  slow(now: Date): Promise<void>;
}

/** One complete mail. */
export interface Message {
  readonly envelope: { readonly from: string; readonly to: string };
  /** The RFC 5322 message in parts to be sent one after another: CRLF line ends, ends with CRLF, not dot-stuffed. */
  readonly content: readonly Uint8Array[];
  readonly messageId: string;
}

/** Builds a mail to one person that belongs to no issue. */
export interface NoticeBuilder {
  /** @param id names the mail: equal ids make equal Message-IDs */
  build(mail: NoticeMail, from: Mailbox, to: string, id: string, at: Date): Promise<Message>;
}

/** Builds each reader's message of one issue. */
export interface MessageBuilder {
  /** At once, or later where it is signed: signatures are made beside the event loop. */
  build(edition: FrozenEdition, delivery: BegunDelivery, at: Date): Message | Promise<Message>;
}

/** Something the editor should know. */
export interface Note {
  /** Names what happened: it is never told again. */
  readonly id: string;
  readonly subject: string;
  readonly text: string;
}

/** A way to the editor. Rejects when the note did not arrive. */
export interface Notifier {
  tell(note: Note): Promise<void>;
}

// — memory —

export interface Store {
  readonly posts: PostStore;
  readonly ledger: Ledger;
  readonly audience: AudienceStore;
  readonly signUps: SignUpStore;
  readonly shared: SharedState;
  /** A private store seeded from this one: flows run on it and leave this one unchanged (laws §5.2). */
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
  readonly fates: ReadonlyMap<string, Fate>;
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
  standing(newsletter: string): Promise<Standing>;
  /**
   * One transaction (laws §3.3): all of it, or nothing. An issue made by hand at the instant of an occurrence becomes its record.
   * @throws GazetteError `issue.state` for an issue by hand where a cancelled one has its cut-off
   */
  freeze(plan: FreezePlan): Promise<FreezeResult>;
  /** Records an occurrence that made no issue, and what its posts' fate is. */
  recordSkip(skip: SkippedOccurrence, fates: readonly PostFate[], head: string): Promise<'recorded' | 'stale'>;
  /** The same for several occurrences of one newsletter, all or none. */
  recordSkips(
    newsletter: string,
    skips: readonly SkippedOccurrence[],
    fates: readonly PostFate[],
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
  /** Cancels what is not on the wire; before the first message the posts are held over (laws §3.5). */
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
  /** Frees an owner's rows: claimed → planned; attempted → as `settleDoubt` says. */
  takeOver(issue: number, owner: string, now: Date): Promise<{ readonly freed: number; readonly inDoubt: number }>;
  /** Unknown rows with one doubt go back to planned, where the issue's policy is to resend. */
  retryDoubts(issue: number, now: Date): Promise<number>;
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
export interface Standing {
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

export interface NewsletterMemory extends Standing {
  readonly fates: ReadonlyMap<string, Fate>;
}

export interface PostFate {
  readonly uid: string;
  readonly fate: Fate;
}

export interface FreezePlan {
  readonly newsletter: string;
  /** `NewsletterMemory.head` that the posts were selected against. */
  readonly head: string;
  readonly issue: NewIssue;
  readonly editions: readonly Edition[];
  /** For every group of readers, the key of their edition; `undefined`: nothing they wish for is in it. */
  readonly routes: readonly { readonly group: ReaderGroup; readonly edition: string | undefined }[];
  readonly fates: readonly PostFate[];
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
  /** `wishesKey` of their wishes. */
  readonly wishes: string;
  /** As stored; absent: the newsletter's. */
  readonly language?: string;
  /** What they have from another newsletter already (laws §2.5); absent: nothing. Equal keys stand for equal posts. */
  readonly leftOut?: { readonly key: string; readonly uids: readonly string[] };
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
  readonly doubts: number;
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
  /** What the next issue leaves out for one reader, because another newsletter has sent it to them (laws §2.5). */
  leftOut(newsletter: string, subscriber: number): Promise<ReaderGroup['leftOut']>;
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
  setWishes(newsletter: string, subscriber: number, wishes: Wishes): Promise<boolean>;
  /** No mail before that moment, `undefined` to end a pause; false when there is no subscription. */
  pause(newsletter: string, subscriber: number, until: Date | undefined): Promise<boolean>;
  /** Takes a new address that its reader has confirmed, the evidence with it. `taken`: it is another subscriber's. */
  changeAddress(subscriber: number, to: NewAddress): Promise<'changed' | 'taken' | 'missing'>;
  /**
   * Blanks a person for ever and keeps their rows, so that sums hold (laws §4.6). False when it was done already.
   * @param erasedKey a keyed hash of their address: what remains suppressed in its place
   */
  erase(subscriber: number, erasedKey: string, now: Date): Promise<boolean>;
  /** By their number, with everything they get; `undefined` when there is none, or they were erased. */
  person(subscriber: number): Promise<Person | undefined>;
  /** The reader's own word: also brings back a subscription that had ended. False when there is no such person. */
  subscribe(
    newsletter: string,
    subscriber: number,
    terms: { readonly wishes: Wishes; readonly consent: Consent },
  ): Promise<boolean>;
  /**
   * The reader's own word that they want one newsletter in place of another (laws §2.5). At once: the first issue of the new one
   * leaves out what they were sent by the old one since its previous issue. `waits`: with the next issue of the old one, whose posts
   * are then left out. False where they do not get the old one.
   */
  switchTo(subscriber: number, terms: SwitchTerms): Promise<boolean>;
  /** They did not mean it: nothing waits and nothing is left out any more. What they get stays as it is. */
  forgetSwitch(to: string, subscriber: number): Promise<boolean>;
  /** How a person wants to be addressed. */
  describe(subscriber: number, as: { readonly name: string; readonly language: string | undefined }): Promise<boolean>;
  suppression(addressKey: string): Promise<SuppressionReason | undefined>;
  suppressions(): AsyncIterable<SuppressedAddress>;
}

export interface SwitchTerms {
  readonly from: string;
  readonly to: string;
  readonly waits: boolean;
  readonly wishes: Wishes;
  readonly consent: Consent;
}

export interface Person {
  readonly subscriber: Subscriber;
  readonly addressKey: string;
  readonly subscriptions: readonly Subscription[];
  /** From which newsletter to which they are changing. */
  readonly switches: readonly {
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
  readonly wishes: Wishes;
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
