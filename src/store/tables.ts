/**
 * The tables as Kysely sees them: one shape for SQLite and Postgres.
 * Moments are epoch milliseconds, flags are 0 or 1, structured values are JSON text.
 */
import type { Generated } from 'kysely';
import type { DeliveryState, SkipReason } from '../domain/delivery.js';
import type { ReportFinding } from '../domain/feedback.js';
import type { IssueState, SkippedOccurrence } from '../domain/issue.js';
import type { OnUnknownOutcome } from '../domain/newsletter.js';
import type { Tie } from '../domain/ports/feedback-store.js';
import type { KnownKey } from '../domain/ports/posts.js';
import type { Outcome, ReplyScope } from '../domain/reply.js';
import type { CarriedOverWhy, PostOutcome } from '../domain/selection.js';
import type { SignUpPurpose } from '../domain/sign-up.js';
import type { SubscriptionState, SuppressionReason } from '../domain/subscriber.js';

export interface Tables {
  feedback: FeedbackTable;
  sources: SourcesTable;
  posts: PostsTable;
  post_bodies: PostBodiesTable;
  post_keys: PostKeysTable;
  file_looks: FileLooksTable;
  newsletters: NewslettersTable;
  issues: IssuesTable;
  skips: SkipsTable;
  post_outcomes: PostOutcomesTable;
  pieces: PiecesTable;
  editions: EditionsTable;
  routes: RoutesTable;
  deliveries: DeliveriesTable;
  attempts: AttemptsTable;
  subscribers: SubscribersTable;
  subscriptions: SubscriptionsTable;
  suppressions: SuppressionsTable;
  sign_ups: SignUpsTable;
  tokens: TokensTable;
  shared_state: SharedStateTable;
  switches: FrequencyChangesTable;
  tallies: TalliesTable;
  archive_posts: ArchivePostsTable;
  archive_gone: ArchiveGoneTable;
  archive_stale: ArchiveStaleTable;
  archive_settings: ArchiveSettingsTable;
}

export interface SourcesTable {
  name: string;
  first_collected_at: number;
  /** When it was last listed whole. */
  looked_at: number | null;
  /** Why that listing is not believed: a `Suspicion` as JSON. */
  suspicion: string | null;
  /** What is kept of that listing, while it is true of the posts: a `KeptListing` as JSON. */
  listing: string | null;
}

export interface PostsTable {
  uid: string;
  source: string;
  head: string;
  published_at: number;
  news_at: number | null;
  withdrawn_at: number | null;
  broken_where: string | null;
  broken_message: string | null;
}

/** Bodies are in a table of their own, so that listing heads never reads them. */
export interface PostBodiesTable {
  uid: string;
  /** `Html` as JSON, or null: none was ever read. */
  body: string;
  /** Of the post at the latest reading. */
  body_key: string;
  /** Why it could not be read: a `BrokenPlace` as JSON. */
  broken: string | null;
}

/** What files gave when they were read: a memory that may be lost at any time. */
export interface FileLooksTable {
  source: string;
  path: string;
  version: string;
  hash: string;
  reading: string;
}

export interface PostKeysTable {
  source: string;
  kind: KnownKey['kind'];
  value: string;
  uid: string;
}

/** The head of each newsletter's memory: it counts up with every record. */
export interface NewslettersTable {
  id: string;
  head: number;
}

export interface IssuesTable {
  id: Generated<number>;
  uid: string;
  newsletter: string;
  number: number;
  occurrence: number;
  manual: number;
  since: number;
  until: number;
  state: IssueState;
  frozen_at: number;
  title: string;
  sender_name: string;
  sender_address: string;
  reply_to: string | null;
  in_doubt: OnUnknownOutcome;
  posts: string;
  held_over: number;
  /** 1 when it was cancelled before its first message, and its posts were given back (rule: issue-states). */
  released: number;
  /** Which arrangement it had, and in which version. */
  arrangement: string | null;
  arrangement_version: string | null;
}

export interface SkipsTable {
  newsletter: string;
  occurrence: number;
  cutoff: number;
  outcome: SkippedOccurrence['outcome'];
  recorded_at: number;
}

export interface PostOutcomesTable {
  newsletter: string;
  uid: string;
  kind: PostOutcome['kind'];
  issue_number: number | null;
  why: CarriedOverWhy | null;
}

/** What editions of an issue share. */
export interface PiecesTable {
  id: Generated<number>;
  issue: number;
  key: string;
  segments: string;
}

export interface EditionsTable {
  id: Generated<number>;
  issue: number;
  key: string;
  language: string;
  direction: 'ltr' | 'rtl';
  sections: string;
  posts: string;
  mail: string;
  html_bytes: number;
  post_count: Generated<number>;
}

/** Which edition each group of readers gets: filled and emptied within a freeze. */
export interface RoutesTable {
  issue: number;
  wishes: string;
  /** Empty for readers who named no language. */
  language: string;
  /** `FrequencyChangesTable.left_out`; empty for readers who have changed from nothing. */
  left_out: string;
  edition: number | null;
}

export interface DeliveriesTable {
  issue: number;
  subscriber: number;
  /** Absent only on rows skipped at the freeze. */
  edition: number | null;
  state: DeliveryState;
  reason: SkipReason | null;
  /** 0 until a try was put off. */
  due_at: number;
  owner: string | null;
  lease_until: number | null;
  begun_at: number | null;
  attempts: number;
  deferrals: number;
  doubts: number;
  reply_code: number | null;
  reply_enhanced: string | null;
  reply_text: string | null;
  settled_at: number | null;
}

/** Every attempt that did not end accepted; the accepted one is on its delivery. */
export interface AttemptsTable {
  issue: number;
  subscriber: number;
  attempt: number;
  begun_at: number;
  ended_at: number;
  outcome: Outcome['kind'];
  scope: ReplyScope | null;
  code: number | null;
  enhanced: string | null;
  text: string;
}

export interface SubscribersTable {
  id: Generated<number>;
  address: string;
  address_key: string;
  name: string;
  language: string | null;
  erased: number;
}

export interface SubscriptionsTable {
  newsletter: string;
  subscriber: number;
  state: SubscriptionState;
  /** `preferencesKey`; `*` for everything. */
  wishes: string;
  paused_until: number | null;
  consent_source: string;
  consent_at: number;
}

/** The posts that the public archive shows, by newsletter and section: those that are readable, and not a copy of another. */
export interface ArchivePostsTable {
  newsletter: string;
  section: string;
  published_at: number;
  uid: string;
  expires_at: number | null;
}

/** The posts that no public page shows from a moment on: 0 for those that are withdrawn or drafts. */
export interface ArchiveGoneTable {
  uid: string;
  gone_at: number;
}

/** The posts that changed since their places in the archive were worked out. */
export interface ArchiveStaleTable {
  uid: string;
}

/** The settings that the places of a newsletter's posts were worked out by. */
export interface ArchiveSettingsTable {
  newsletter: string;
  settings: string;
}

/** `DeliveryCounts` of an issue whose single rows are not kept any more, as JSON. */
export interface TalliesTable {
  issue: number;
  counts: string;
}

/** Readers who change from one newsletter to another (rule: frequency-change). */
export interface FrequencyChangesTable {
  newsletter: string;
  subscriber: number;
  left_newsletter: string;
  /** Waiting for the next issue of the old one; due with the next of the new one; arrived with that; over. */
  stage: 'waiting' | 'due' | 'arrived' | 'over';
  /** The issue of the new one, where they have arrived with one that may still be taken back. */
  arrived_with: number | null;
  /** 1 while the old subscription has still to be ended. */
  still_there: number;
  /** Names the posts that the next issue omits; empty for none. */
  left_out: string;
  /** Their uids, a JSON list. */
  left_posts: string;
  wishes: string;
  consent_source: string;
  consent_at: number;
}

/** Every report that was taken, once. */
export interface FeedbackTable {
  /** `FeedbackReport.id`. */
  id: string;
  taken_at: number;
  happened_at: number | null;
  tie: Tie;
  issue: number | null;
  subscriber: number | null;
  /** Of the reader's address; empty where it is tied to nobody. */
  domain: string;
  kind: ReportFinding['kind'];
  bounce: 'hard' | 'soft' | 'policy' | null;
  code: number | null;
  enhanced: string | null;
  text: string;
}

export interface SuppressionsTable {
  address_key: string;
  reason: SuppressionReason;
  suppressed_at: number;
}

/** JSON by key; `null` where nothing is remembered. */
export interface SharedStateTable {
  key: string;
  value: string;
}

export interface SignUpsTable {
  id: Generated<number>;
  purpose: SignUpPurpose;
  newsletter: string;
  subscriber: number | null;
  address: string;
  address_key: string;
  name: string;
  language: string;
  wishes: string;
  asked: string;
  asked_at: number;
  /** When its mail left, or it was decided that none will. */
  settled_at: Generated<number | null>;
  mailed: Generated<string | null>;
  mailed_at: Generated<number | null>;
  reminded_at: Generated<number | null>;
  confirmed: Generated<string | null>;
  confirmed_at: Generated<number | null>;
  /** Its next mail is tried no sooner; 0: at once. */
  due_at: Generated<number>;
  deferrals: Generated<number>;
}

export interface TokensTable {
  /** SHA-256 of the token, in hex. */
  hash: string;
  sign_up: number;
  purpose: SignUpPurpose;
  expires_at: number;
}
