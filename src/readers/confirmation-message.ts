/** The mail that asks for a confirmation, or reminds of it. */

import { newToken, tokenHash, versionOf } from '../audience/tokens.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Message } from '../domain/ports/mail.js';
import type { SignUpToken } from '../domain/ports/sign-ups.js';
import { CONFIRM_MS, type SignUp } from '../domain/sign-up.js';
import type { Newsletters } from './newsletters.js';
import type { PublicSite } from './public-site.js';

export interface ConfirmationMessagesDeps {
  readonly site: Pick<PublicSite, 'paths' | 'pages' | 'notices'>;
  readonly newsletters: Newsletters;
}

export interface ToMail {
  readonly signUp: SignUp;
  readonly newsletter: Newsletter;
  readonly isReminder: boolean;
}

export interface ConfirmationMessage {
  readonly message: Message;
  /** To be stored before the mail is sent. */
  readonly token: SignUpToken;
  readonly textVersion: string;
}

export type ConfirmationMessages = ReturnType<typeof openConfirmationMessages>;

const DAY_MS = 86_400_000;

export function openConfirmationMessages({ site: { paths, pages, notices }, newsletters }: ConfirmationMessagesDeps) {
  /** Each mail has a link of its own. */
  async function build({ signUp, newsletter, isReminder }: ToMail, at: Date): Promise<ConfirmationMessage> {
    const { purpose, address } = signUp;
    const token = newToken();
    const hash = tokenHash(token) ?? '';
    const mail = await pages.noticeMail({
      newsletter,
      language: await newsletters.languageFor(newsletter, signUp.language),
      purpose,
      isReminder,
      frequency: newsletters.frequency(newsletter, at),
      address,
      confirmUrl: paths.absolute(paths.confirm(token)),
      days: Math.round(CONFIRM_MS / DAY_MS),
    });
    const from = newsletter.confirmationSender ?? newsletter.sender;
    return {
      message: await notices.build(mail, from, address, hash, at),
      token: { tokenHash: hash, purpose, expiresAt: new Date(at.getTime() + CONFIRM_MS) },
      textVersion: versionOf(mail.text.replace(token, '')),
    };
  }

  return { build };
}
