/** A message of an issue that is in no ledger: what previews, tests and checks look at. */
import type { Edition } from '../domain/edition.js';
import type { FrozenEdition } from '../domain/ports/ledger.js';
import type { MailBuilder, Message } from '../domain/ports/mail.js';
import type { Subscriber } from '../domain/subscriber.js';
import type { Draft } from './draft.js';

export type UnsentIssue = Pick<Draft, 'newsletter' | 'number'>;

/** @param uid of no other issue, so that its Message-IDs are unique */
export function buildUnsent(
  mailBuilder: MailBuilder,
  { issue, edition, uid }: { readonly issue: UnsentIssue; readonly edition: Edition; readonly uid: string },
  subscriber: Subscriber,
  at: Date,
): Message | Promise<Message> {
  const reader = { subscriber, state: 'active', preferences: undefined, erased: false } as const;
  const delivery = { issue: 0, subscriber: subscriber.id, edition: 0, attempt: 1, reader };
  return mailBuilder.build(frozenFrom(issue, edition, uid), delivery, at);
}

function frozenFrom({ newsletter, number }: UnsentIssue, edition: Edition, uid: string): FrozenEdition {
  const { id, title, sender, replyTo } = newsletter;
  return {
    id: 0,
    key: edition.key,
    language: edition.language,
    sections: edition.sections.map(({ key }) => key),
    mail: edition.mail,
    issue: { id: 0, uid, newsletter: id, number, title, sender, ...(replyTo !== undefined && { replyTo }) },
  };
}
