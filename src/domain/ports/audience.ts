/** Readers: who they are, what they get, and who must not be written to. */
import type { CategoryPreferences } from '../category.js';
import type { SkipReason } from '../delivery.js';
import type {
  Consent,
  ReaderNow,
  Subscriber,
  Subscription,
  SubscriptionState,
  SuppressionReason,
} from '../subscriber.js';
import type { ReaderGroup } from './ledger.js';

/** Who may be written to. */
export interface AudienceStore {
  /** Readers of a newsletter as a freeze would find them, counted by preferences, language and reason for no mail. */
  groups(newsletter: string, now: Date): Promise<readonly CountedGroup[]>;
  find(addressKey: string): Promise<
    | {
        readonly subscriber: Subscriber;
        readonly subscriptions: readonly Subscription[];
        readonly suppressed?: SuppressionReason;
      }
    | undefined
  >;
  /** The posts that the next issue omits for one reader because another newsletter has sent them (rule: frequency-change). */
  alreadySent(newsletter: string, subscriber: number): Promise<ReaderGroup['alreadySent']>;
  /** The reader of a newsletter as they are at this moment. */
  reader(newsletter: string, subscriber: number): Promise<ReaderNow | undefined>;
  /** Adds or renews subscriptions in one transaction; suppressed addresses are kept but get no mail. */
  add(newsletter: string, rows: readonly NewSubscription[], now: Date): Promise<AddResult>;
  /**
   * The same for a long list, read once: all of it, or nothing. Of an address that comes again, the first line counts; readers
   * who were erased are left out. Holds few of the lines in memory.
   */
  importList(newsletter: string, readers: AsyncIterable<ListedReader>, terms: ImportTerms): Promise<ImportResult>;
  list(newsletter?: string): AsyncIterable<SubscriberRow>;
  suppress(addressKey: string, reason: SuppressionReason, now: Date): Promise<void>;
  /** A long list of them, read once: all of it, or nothing. Of each address the first reason is kept. Holds few of the lines in memory. */
  suppressList(addresses: AsyncIterable<ListedSuppression>, terms: SuppressionTerms): Promise<SuppressResult>;
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
  /** By the reader: also restores a subscription that had ended. False when there is no such person. */
  subscribe(
    newsletter: string,
    subscriber: number,
    terms: { readonly preferences: CategoryPreferences; readonly consent: Consent },
  ): Promise<boolean>;
  /**
   * The reader wants one newsletter instead of another (rule: frequency-change). At once: the first issue of the new one omits
   * what the old one sent since its previous issue. `waits`: after the next issue of the old one, whose posts are then omitted.
   * False when they do not get the old one.
   */
  changeFrequency(subscriber: number, terms: FrequencyChange): Promise<boolean>;
  /** Cancels a change: nothing waits and nothing is omitted. The subscriptions stay as they are. */
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
    /** They still get the old one and have asked not to. */
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

/** A line of a list of addresses that no mail may go to. */
export interface ListedSuppression {
  readonly line: number;
  readonly addressKey: string;
  readonly reason: SuppressionReason;
}

export interface SuppressionTerms {
  readonly now: Date;
  /** Only counts: writes nothing. */
  readonly isDry?: boolean;
}

export interface SuppressResult {
  readonly added: number;
  /** Suppressed already. */
  readonly unchanged: number;
  /** Lines whose address is on an earlier line. */
  readonly repeated: number;
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

/** A reader of a list that was imported. */
export interface ListedReader extends NewSubscription {
  readonly line: number;
  /** Set when the list says that no mail may go to the address. */
  readonly suppressed?: SuppressionReason;
}

export interface ImportTerms {
  readonly now: Date;
  /** The keyed hashes under which the address of an erased reader may be kept. */
  erasedKeys(addressKey: string): readonly string[];
  /** Sees what the list would change and says whether it does; absent: it does. */
  decide?(result: ImportResult): Promise<boolean>;
}

export interface ImportResult extends AddResult {
  /** Lines whose address is on an earlier line. */
  readonly repeated: number;
  /** Lines of readers who were erased: how many, and the first of them. */
  readonly erased: { readonly count: number; readonly lines: readonly number[] };
  readonly isWritten: boolean;
}

export interface SubscriberRow {
  readonly subscriber: Subscriber;
  readonly subscription: Subscription;
  readonly suppressed?: SuppressionReason;
}
