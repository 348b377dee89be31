/** Every provider whose webhooks are read. A new one is one file, one line here, and one in the list of providers. */
import type { ProviderName } from '../../domain/providers.js';
import { brevo } from './brevo.js';
import { mailgun } from './mailgun.js';
import { mailjet } from './mailjet.js';
import { postmark } from './postmark.js';
import type { Provider } from './provider.js';
import { resend } from './resend.js';
import { sendgrid } from './sendgrid.js';
import { ses } from './ses.js';
import { sparkpost } from './sparkpost.js';

export const PROVIDERS_READ: { readonly [name in ProviderName]: Provider } = {
  ses,
  postmark,
  mailgun,
  sendgrid,
  resend,
  brevo,
  mailjet,
  sparkpost,
};
