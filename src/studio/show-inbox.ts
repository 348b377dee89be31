/** The studio's own mailbox: what arrived over SMTP, newest first. */
import { GazetteError } from '../domain/errors.js';
import type { StudioInbox } from '../domain/studio-inbox.js';
import type { MailLook } from './show-mail.js';

const MOST_LISTED = 200;

export async function inboxView(inbox: StudioInbox, nth: number | undefined, look: MailLook) {
  const mails = [...inbox.mails()].reverse();
  const chosen = nth ?? mails[0]?.nth;
  const head = mails.find((mail) => mail.nth === chosen);
  if (nth !== undefined && !head) throw new GazetteError('usage', `There is no mail ${nth} in the inbox any more.`);
  const opened = head && (await inbox.mail(head.nth));
  return {
    mails: mails
      .slice(0, MOST_LISTED)
      .map((mail) => ({ ...mail, path: `/inbox/${mail.nth}`, isChosen: mail.nth === chosen })),
    total: mails.length,
    head: head ?? null,
    opened: opened ? { text: opened.text, headers: opened.headers, hasHtml: opened.html !== undefined } : null,
    frame: head ? `/inbox/${head.nth}/frame?scheme=${look.scheme}${look.images ? '' : '&images=off'}` : null,
    look,
  };
}
