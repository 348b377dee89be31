import type { CategoryPreferences } from './category.js';
import { withoutBidiControls } from './direction.js';
import { graphemesOf } from './text-width.js';

/** A person's address, with a name and a language where they gave one. */
export interface Subscriber {
  readonly id: number;
  /** As given for delivery: the local part is never changed. */
  readonly address: string;
  /** Empty when none was given. */
  readonly name: string;
  /** BCP 47; absent: the newsletter's. */
  readonly language?: string;
}

const LONGEST_NAME = { graphemes: 100, codeUnits: 400 };

/** A name as it was given, on one line, without bidi controls, cut where it is longer than a name may be. */
export function nameAsGiven(text: string): string {
  const line = withoutBidiControls(text.replace(/[\r\n]+/g, ' '));
  if (line.length <= LONGEST_NAME.graphemes) return line;
  let count = 0;
  for (const { segment, index } of graphemesOf(line)) {
    count += 1;
    if (count > LONGEST_NAME.graphemes || index + segment.length > LONGEST_NAME.codeUnits) return line.slice(0, index);
  }
  return line;
}

/** The same as a mail says it: without control characters, its white space tidied; empty for a blank one. */
export function nameInMail(name: string): string {
  return name.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}

/** What each state of a subscription means. */
export const SUBSCRIPTION_STATES = {
  /** Asked for and not confirmed yet. */
  pending: { isCurrent: true },
  active: { isCurrent: true },
  unsubscribed: { isCurrent: false },
} as const;
export type SubscriptionState = keyof typeof SUBSCRIPTION_STATES;

/** A person's relation to one newsletter. */
export interface Subscription {
  readonly newsletter: string;
  readonly state: SubscriptionState;
  readonly preferences: CategoryPreferences;
  /** No mail before this moment. */
  readonly pausedUntil?: Date;
  readonly consent: Consent;
}

/** Whether there is a subscription that its reader has not ended. */
export function isCurrent(subscription: Pick<Subscription, 'state'> | undefined): boolean {
  return subscription !== undefined && SUBSCRIPTION_STATES[subscription.state].isCurrent;
}

/** The recorded proof that a reader agreed to receive mail. */
export interface Consent {
  /** Where it was given: a form, a paper list, another program. Never empty. */
  readonly source: string;
  readonly at: Date;
}

export const SUPPRESSION_REASONS = ['hard-bounce', 'soft-bounces', 'complaint', 'manual', 'erased'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** What a reader undoes by confirming a new sign-up, which proves the mailbox; a complaint never (rule: feedback). */
export const LIFTED_BY_CONFIRMING = ['hard-bounce', 'soft-bounces'] as const satisfies readonly SuppressionReason[];

/** A reader as they are at one moment, for one newsletter: what `begin` decides on (rule: as-they-are-now). */
export interface ReaderNow {
  readonly subscriber: Subscriber;
  readonly state: SubscriptionState;
  readonly preferences: CategoryPreferences;
  readonly pausedUntil?: Date;
  readonly suppressed?: SuppressionReason;
  readonly erased: boolean;
}

/** Plain text on one line: controls become spaces, runs of white space become one space, direction marks are removed. */
export function plainLine(text: string): string {
  return text
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .trim();
}
