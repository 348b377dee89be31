/** How the exports of other programs name their columns and states: one entry for each program. */
import type { SubscriptionState, SuppressionReason } from '../domain/subscriber.js';
import type { Column } from './csv-columns.js';

/** What the state of a reader in another program comes to here. */
export const STATE_MEANINGS = {
  active: { state: 'active' },
  /** Has not confirmed yet: gets no mail. */
  pending: { state: 'pending' },
  unsubscribed: { state: 'unsubscribed' },
  /** The address does not exist any more. */
  bounced: { state: 'active', suppressed: 'hard-bounce' },
  complained: { state: 'unsubscribed', suppressed: 'complaint' },
} as const satisfies { readonly [name: string]: StateMeaning };

export type StateName = keyof typeof STATE_MEANINGS;

export interface StateMeaning {
  readonly state: SubscriptionState;
  readonly suppressed?: SuppressionReason;
}

/** How a file's headings and states are read. */
export interface ColumnMap {
  /** Headings, in lower case, to columns. */
  readonly columns: { readonly [heading: string]: Column | 'ignored' };
  /** Values of the state column, in lower case; `*`: any other value. */
  readonly states: { readonly [value: string]: StateName };
  /** The state of readers whose line has none; absent: active. */
  readonly stateOtherwise?: StateName;
  /** Every export of that program has a state column: one without it is not read by a guess. */
  readonly alwaysHasState?: boolean;
}

/** Words that programs use for states, beside our own. */
export const STATE_WORDS: { readonly [word: string]: StateName } = {
  active: 'active',
  subscribed: 'active',
  confirmed: 'active',
  enabled: 'active',
  pending: 'pending',
  unconfirmed: 'pending',
  unactivated: 'pending',
  unsubscribed: 'unsubscribed',
  inactive: 'unsubscribed',
  disabled: 'unsubscribed',
  removed: 'unsubscribed',
  cancelled: 'unsubscribed',
  canceled: 'unsubscribed',
  blocked: 'unsubscribed',
  blocklisted: 'unsubscribed',
  bounced: 'bounced',
  cleaned: 'bounced',
  undeliverable: 'bounced',
  complained: 'complained',
  spam: 'complained',
};

export const CSV_PRESETS: { readonly [program: string]: ColumnMap } = {
  listmonk: {
    columns: { email: 'email', name: 'name', status: 'state', created_at: 'consent_at' },
    states: {},
    alwaysHasState: true,
  },
  mailchimp: {
    columns: {
      'email address': 'email',
      'first name': 'name',
      language: 'language',
      confirm_time: 'consent_at',
      // Only exports of unsubscribed and cleaned contacts have these columns; they hold a time.
      unsub_time: 'state',
      clean_time: 'state',
      // Tags are internal labels there, not categories that a reader chose.
      tags: 'ignored',
    },
    states: { '*': 'unsubscribed' },
  },
  ghost: {
    columns: { email: 'email', name: 'name', subscribed_to_emails: 'state', created_at: 'consent_at' },
    states: { true: 'active', false: 'unsubscribed' },
    alwaysHasState: true,
  },
  substack: {
    columns: {
      email: 'email',
      name: 'name',
      email_disabled: 'state',
      created_at: 'consent_at',
      'subscription date': 'consent_at',
    },
    states: { false: 'active', true: 'unsubscribed' },
    alwaysHasState: true,
  },
  buttondown: {
    columns: {
      email_address: 'email',
      email: 'email',
      type: 'state',
      subscriber_type: 'state',
      creation_date: 'consent_at',
      source: 'consent_source',
      tags: 'ignored',
    },
    states: {
      regular: 'active',
      premium: 'active',
      gifted: 'active',
    },
    alwaysHasState: true,
  },
};
