/** The services that report by webhook what became of mails sent through them. */

/** Their names, as `/hooks/<name>` and `GAZETTE_HOOK_<NAME>` have them, with what they call themselves. */
export const PROVIDERS = {
  ses: 'Amazon SES',
  postmark: 'Postmark',
  mailgun: 'Mailgun',
  sendgrid: 'SendGrid',
  resend: 'Resend',
  brevo: 'Brevo',
  mailjet: 'Mailjet',
  sparkpost: 'SparkPost',
} as const;

export type ProviderName = keyof typeof PROVIDERS;

export const PROVIDER_NAMES = Object.keys(PROVIDERS) as readonly ProviderName[];

/** What proves that a call comes from a provider: secrets, keys or topics, each of which is good enough. */
export type HookSettings = ReadonlyMap<ProviderName, readonly string[]>;
