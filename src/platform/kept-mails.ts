/** A mailbox that keeps the latest mails it was given over SMTP, by numbers that never come again. */

import { GazetteError } from '../domain/errors.js';
import type { InboxMail, OpenedMail, StudioInbox } from '../domain/studio-inbox.js';
import { openInbox, type ReceivedMail } from './inbox.js';

export interface KeptMails extends StudioInbox {
  readonly url: string;
  close(): Promise<void>;
}

/** As many mails as stay; an issue to many readers pushes the oldest out. */
const MOST_KEPT = 500;

/** Opens the mailbox on a free port of loopback. */
export async function keepMails(): Promise<KeptMails> {
  const kept: { readonly head: InboxMail; readonly mail: ReceivedMail }[] = [];
  const listeners = new Set<() => void>();
  let last = 0;
  const inbox = await openInbox({
    onMail: async (mail) => {
      const { subject = '', from } = await mail.parsed();
      last += 1;
      const head: InboxMail = {
        nth: last,
        at: new Date(),
        to: mail.envelope.to.join(', '),
        from: from && 'address' in from ? `${from.name ?? ''} <${from.address ?? ''}>`.trim() : mail.envelope.from,
        subject,
        bytes: mail.raw.length,
      };
      kept.push({ head, mail });
      if (kept.length > MOST_KEPT) kept.shift();
      for (const listener of listeners) listener();
    },
  });
  return {
    url: inbox.url,
    mails: () => kept.map(({ head }) => head),
    onMail: (listener) => void listeners.add(listener),
    clear: () => void kept.splice(0),
    mail: async (nth) => openedFrom(kept.find(({ head }) => head.nth === nth)?.mail, nth),
    close: () => inbox.close(),
  };
}

async function openedFrom(mail: ReceivedMail | undefined, nth: number): Promise<OpenedMail> {
  if (!mail)
    throw new GazetteError('usage', `There is no mail ${nth} in the inbox any more.`, { hint: 'See the inbox.' });
  const { html, text = '', headers } = await mail.parsed();
  return {
    html,
    text,
    headers: headers.map(({ originalKey, key, value }) => ({ name: originalKey ?? key, value })),
    source: new TextDecoder().decode(mail.raw),
  };
}
