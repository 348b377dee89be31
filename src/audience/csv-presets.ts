/** How the exports of other programs name their columns and states: one entry for each program. */
import type { SubscriptionState } from '../domain/subscriber.js';
import type { Column } from './csv-columns.js';

/** How a file's headings and states are read. */
export interface ColumnMap {
  /** Headings, in lower case, to columns. */
  readonly columns: { readonly [heading: string]: Column | 'ignored' };
  /** Values of the state column, in lower case; `*`: any other value. */
  readonly states: { readonly [value: string]: SubscriptionState };
}

export const CSV_PRESETS: { readonly [program: string]: ColumnMap } = {
  listmonk: {
    columns: { email: 'email', name: 'name', status: 'state', created_at: 'consent_at' },
    states: { enabled: 'active', disabled: 'unsubscribed', blocklisted: 'unsubscribed' },
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
  },
  substack: {
    columns: { email: 'email', name: 'name', email_disabled: 'state', created_at: 'consent_at' },
    states: { false: 'active', true: 'unsubscribed' },
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
      unactivated: 'pending',
      unsubscribed: 'unsubscribed',
      removed: 'unsubscribed',
      complained: 'unsubscribed',
      blocked: 'unsubscribed',
      undeliverable: 'unsubscribed',
    },
  },
};
