/** Readers as rows and as nouns: who a newsletter may write to, and what a reader is at one moment. */
import { sql } from 'kysely';
import { preferencesFromKey } from '../domain/category.js';
import type { SkipReason } from '../domain/delivery.js';
import type {
  ReaderNow,
  Subscriber,
  Subscription,
  SubscriptionState,
  SuppressionReason,
} from '../domain/subscriber.js';
import type { Queries } from './database.js';
import type { SubscriptionsTable } from './tables.js';

/** The readers of a newsletter that a freeze gives a row: active, not erased. */
export function activeReaders(db: Queries, newsletter: string) {
  return db
    .selectFrom('subscriptions')
    .innerJoin('subscribers', 'subscribers.id', 'subscriptions.subscriber')
    .leftJoin('suppressions', 'suppressions.address_key', 'subscribers.address_key')
    .leftJoin('switches', (join) =>
      join
        .onRef('switches.newsletter', '=', 'subscriptions.newsletter')
        .onRef('switches.subscriber', '=', 'subscriptions.subscriber')
        .on('switches.stage', '=', 'due'),
    )
    .where('subscriptions.newsletter', '=', newsletter)
    .where('subscriptions.state', '=', 'active')
    .where('subscribers.erased', '=', 0);
}

/** What the next issue omits for one of `activeReaders` because another newsletter has sent it; empty for most. */
export const ALREADY_SENT = sql<string>`coalesce(switches.left_out, '')`;

/** Why one of `activeReaders` gets no mail at a moment; null when they may be written to. */
export function skipReasonAt(now: Date) {
  return sql<Extract<SkipReason, 'suppressed' | 'paused'> | null>`case
    when suppressions.address_key is not null then 'suppressed'
    when subscriptions.paused_until > ${now.getTime()} then 'paused' end`;
}

export interface SubscriberColumns {
  readonly subscriber: number;
  readonly address: string;
  readonly name: string;
  readonly language: string | null;
}

export function subscriberFrom(row: SubscriberColumns): Subscriber {
  return {
    id: row.subscriber,
    address: row.address,
    name: row.name,
    ...(row.language !== null && { language: row.language }),
  };
}

export function subscriptionFrom(row: SubscriptionsTable): Subscription {
  return {
    newsletter: row.newsletter,
    state: row.state,
    preferences: preferencesFromKey(row.wishes),
    ...(row.paused_until !== null && { pausedUntil: new Date(row.paused_until) }),
    consent: { source: row.consent_source, at: new Date(row.consent_at) },
  };
}

/** The columns `readerFrom` needs; the subscription's are null where there is none. */
export interface ReaderColumns extends SubscriberColumns {
  readonly erased: number;
  readonly subscription_state: SubscriptionState | null;
  readonly wishes: string | null;
  readonly paused_until: number | null;
  readonly suppressed: SuppressionReason | null;
}

/** Names for the columns of `ReaderColumns`, for a query that joins subscribers, subscriptions and suppressions. */
export const READER_COLUMNS = [
  'subscribers.id as subscriber',
  'subscribers.address',
  'subscribers.name',
  'subscribers.language',
  'subscribers.erased',
  'subscriptions.state as subscription_state',
  'subscriptions.wishes',
  'subscriptions.paused_until',
  'suppressions.reason as suppressed',
] as const;

/** A subscription that is gone counts as unsubscribed. */
export function readerFrom(row: ReaderColumns): ReaderNow {
  return {
    subscriber: subscriberFrom(row),
    state: row.subscription_state ?? 'unsubscribed',
    preferences: preferencesFromKey(row.wishes ?? ''),
    ...(row.paused_until !== null && { pausedUntil: new Date(row.paused_until) }),
    ...(row.suppressed !== null && { suppressed: row.suppressed }),
    erased: row.erased === 1,
  };
}
