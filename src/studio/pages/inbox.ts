/** The studio's own inbox: mails that arrived over SMTP, newest first. */
import { GazetteError } from '../../domain/errors.js';
import type { InboxMail } from '../../domain/studio-inbox.js';
import type { StudioDownload, StudioFrame, StudioPage } from '../page.js';
import { type Display, displayFrom, emptyFrame } from '../views/frame.js';

export interface InboxView {
  readonly mails: readonly (InboxMail & { readonly path: string; readonly isChosen: boolean })[];
  readonly total: number;
  /** The mail that is shown; null in an empty inbox. */
  readonly chosen: InboxMail | null;
  readonly text: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly frame: string;
  readonly display: Display;
}

const MAX_LISTED = 200;

export const inboxPage: StudioPage<InboxView> = {
  kind: 'page',
  path: '/inbox/:nth{[0-9]+}?',
  template: 'inbox',
  tab: 'inbox',
  async view({ inbox }, { param, query }) {
    const mailbox = inbox.required();
    const mails = [...mailbox.mails()].reverse();
    const nth = param('nth') === '' ? mails[0]?.nth : Number(param('nth'));
    const chosen = mails.find((mail) => mail.nth === nth);
    if (nth !== undefined && !chosen) throw new GazetteError('usage', `Mail ${nth} is no longer in the inbox.`);
    const opened = chosen && (await mailbox.mail(chosen.nth));
    const display = displayFrom(query);
    return {
      mails: mails
        .slice(0, MAX_LISTED)
        .map((mail) => ({ ...mail, path: `/inbox/${mail.nth}`, isChosen: mail === chosen })),
      total: mails.length,
      chosen: chosen ?? null,
      text: opened?.text ?? '',
      headers: opened?.headers ?? [],
      frame: chosen ? `/inbox/${chosen.nth}/frame?scheme=${display.scheme}${display.images ? '' : '&images=off'}` : '',
      display,
    };
  },
};

export const inboxFrame: StudioFrame = {
  kind: 'frame',
  path: '/inbox/:nth{[0-9]+}/frame',
  async html({ inbox, framed }, { param, query }) {
    const { html } = await inbox.required().mail(Number(param('nth')));
    return html === undefined
      ? emptyFrame('This mail has no HTML part.')
      : framed(html, { scheme: displayFrom(query).scheme });
  },
};

export const inboxDownload: StudioDownload = {
  kind: 'download',
  path: '/inbox/:nth{[0-9]+}/source',
  async file({ inbox }, { param }) {
    const { source } = await inbox.required().mail(Number(param('nth')));
    return { name: `mail-${Number(param('nth'))}.eml`, text: source };
  },
};
