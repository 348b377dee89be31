/**
 * Header fields by which a provider repeats our Message-ID in its reports: most of them give a mail an id of their own. They hold
 * nothing of the reader.
 */
import type { ProviderName } from '../domain/providers.js';
import type { Header } from './header-text.js';

const FIELDS: { readonly [name in ProviderName]?: (id: string) => Header } = {
  postmark: (id) => ({ name: 'X-PM-Metadata-gazette', value: id }),
  mailgun: (id) => ({ name: 'X-Mailgun-Variables', value: JSON.stringify({ gazette: id }) }),
  sendgrid: (id) => ({ name: 'X-SMTPAPI', value: JSON.stringify({ unique_args: { gazette: id } }) }),
  resend: (id) => ({ name: 'X-Gazette-ID', value: id }),
  brevo: (id) => ({ name: 'X-Mailin-custom', value: id }),
  mailjet: (id) => ({ name: 'X-MJ-CustomID', value: id }),
  sparkpost: (id) => ({ name: 'X-MSYS-API', value: JSON.stringify({ metadata: { gazette: id } }) }),
};

/** The fields for the providers whose reports are read. Amazon SES repeats the Message-ID itself. */
export function openEchoHeaders(providers: Iterable<ProviderName>): (messageId: string) => readonly Header[] {
  const fields = [...providers].flatMap((name) => FIELDS[name] ?? []);
  return (messageId) => fields.map((field) => field(messageId.replace(/^<|>$/g, '')));
}
