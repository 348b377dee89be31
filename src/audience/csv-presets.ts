/** What other programs call the columns of their exports, and what they write in them: data, one entry a program. */
import type { SubscriptionState } from '../domain/subscriber.js';
import type { Column } from './csv-columns.js';

/** How a file's own words are read. */
export interface ColumnMap {
  /** Headings, in lower case, to columns. */
  readonly columns: { readonly [heading: string]: Column | 'ignored' };
  /** What stands for a state, in lower case; `*`: any other word. */
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
      // Only the exports of those who left, or whose mail came back, have these, with a time in them.
      unsub_time: 'state',
      clean_time: 'state',
      // Tags are the other program's; what a reader wishes for here, they say here.
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
