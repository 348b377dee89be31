/** Every environment variable Gazette reads: the one list that loading, checking and the reference go by. */
import { PROVIDER_NAMES, PROVIDERS, type ProviderName } from '../domain/providers.js';

export interface Variable {
  readonly name: string;
  /** One or two sentences for the reference. */
  readonly description: string;
  readonly example: string;
  /** Secrets are never shown, and may be kept in a file named by `<NAME>_FILE`. */
  readonly isSecret: boolean;
  /** Other spellings of the name, for variables that are not ours alone. */
  readonly aliases?: readonly string[];
  /** What holds without it, for people. */
  readonly otherwise: string;
}

const ENVIRONMENT = [
  {
    name: 'SMTP_URL',
    description:
      'The mail server: smtps://user:password@host for TLS from the first byte, smtp://… for STARTTLS, file:folder to write mails to a folder. docs/mail-server.md has the settings that may follow a ?, and what to do when it does not work.',
    example: 'smtps://user:password@mail.example.org',
    isSecret: true,
    otherwise: 'nothing can be sent',
  },
  {
    name: 'DATABASE_URL',
    description:
      'The database: the path of an SQLite file, or postgres://user:password@host/database (Postgres 12 or newer, encoding UTF8). After a “?”, separated by “&”: pool=5 sets the number of connections; sslmode is disable, prefer, require, verify-ca or verify-full, with sslrootcert=/path/ca.pem for a private authority.',
    example: 'postgres://user:password@localhost/gazette',
    isSecret: true,
    otherwise: 'an SQLite file in the workspace, .gazette/gazette.db',
  },
  {
    name: 'GAZETTE_SECRET',
    description:
      'What links and bounce addresses are signed with: name:secret, several separated by commas. The first one signs and all are accepted, so put a new one first and keep the old one. A name has 1 to 8 lower-case letters and digits, a secret at least 32 characters.',
    example: 'k1:…',
    isSecret: true,
    otherwise: 'real sends are refused; `gazette init` writes one to .env',
  },
  {
    name: 'GAZETTE_PUBLIC_URL',
    description: 'The https address of the public pages: unsubscribe, preferences, archive.',
    example: 'https://news.example.org',
    isSecret: false,
    otherwise: 'real sends are refused',
  },
  {
    name: 'GAZETTE_TRUSTED_PROXIES',
    description:
      'The proxies in front of `gazette serve`, separated by commas: addresses, networks such as 203.0.113.0/24, and the names loopback, linklocal and uniquelocal (private networks); none trusts no proxy. Limits and the evidence of consent use the last address in X-Forwarded-For that is not one of them.',
    example: 'loopback, 203.0.113.0/24',
    isSecret: false,
    otherwise: 'loopback, linklocal, uniquelocal',
  },
  {
    name: 'GAZETTE_BOUNCE_ADDRESS',
    description: 'A mailbox for bounces that accepts name+anything. Each message then has its own envelope sender.',
    example: 'bounces@example.org',
    isSecret: false,
    otherwise: 'bounces go to the newsletter’s sender',
  },
  {
    name: 'GAZETTE_BOUNCE_LISTEN',
    description:
      'Where `gazette serve` receives mails that come back, for mail servers that can deliver there: lmtp://address:port or smtp://address:port. It takes mails to the addresses of GAZETTE_BOUNCE_ADDRESS that Gazette has signed, and refuses all others. docs/receiving.md says how.',
    example: 'lmtp://127.0.0.1:2424',
    isSecret: false,
    otherwise: 'no mail is received',
  },
  {
    name: 'GAZETTE_BOUNCE_MAILBOX',
    description:
      'The mailbox that `gazette serve` follows by IMAP for mails that come back: imaps://user:password@host/folder for TLS from the first byte, imap://… for STARTTLS. What was read is moved to the folders Gazette/Done and Gazette/Unknown; nothing is deleted. docs/receiving.md says how.',
    example: 'imaps://bounces%40example.org:password@mail.example.org',
    isSecret: true,
    otherwise: 'no mailbox is followed',
  },
  {
    name: 'GAZETTE_SOFT_BOUNCES',
    description:
      'When mails that come back from a mailbox that is full or unavailable suppress the address: so many issues in a row, over so long a time at least, and none accepted in between.',
    example: '3 in 14d',
    isSecret: false,
    otherwise: '3 in 14d',
  },
  {
    name: 'GAZETTE_PAUSE_AT',
    description:
      'When a running issue is paused for what comes back: the share of mails whose address does not exist, the share that was marked as spam, and after how many deliveries they count; or never.',
    example: 'bounces 5%, complaints 0.3%, after 200',
    isSecret: false,
    otherwise: 'bounces 5%, complaints 0.3%, after 200',
  },
  {
    name: 'GAZETTE_RATE',
    description: 'How fast the mail server’s operator lets you send: any of 10/s, 5000/h and 50000/d.',
    example: '10/s, 5000/h',
    isSecret: false,
    otherwise: 'as fast as the mail server accepts mail',
  },
  {
    name: 'GAZETTE_NOTIFY',
    description:
      'Who is notified, once, when an issue was not sent and why: a mail address, or an https address to which JSON is posted, signed with the first secret in the header Gazette-Signature.',
    example: 'editor@example.org',
    isSecret: true,
    otherwise: 'only the log and `gazette status` report it',
  },
  {
    name: 'GAZETTE_KEEP',
    description:
      'How long `gazette serve` keeps the outcome for each reader of an issue, at least 90d; after that only the totals remain. Posts, issues, readers and their consent are always kept.',
    example: '400d',
    isSecret: false,
    otherwise: 'kept forever',
  },
  {
    name: 'GAZETTE_LOG',
    description: 'What is logged and how: a level (info, warn, error, silent), a format (pretty, json), or both.',
    example: 'warn json',
    isSecret: false,
    otherwise: 'warn; pretty on a terminal, json elsewhere',
  },
  {
    name: 'HTTPS_PROXY',
    aliases: ['https_proxy'],
    description: 'The proxy that https addresses are asked through: feeds, links that are checked, webhooks.',
    example: 'http://proxy.example.org:3128',
    isSecret: true,
    otherwise: 'the one of HTTP_PROXY, or none',
  },
  {
    name: 'HTTP_PROXY',
    aliases: ['http_proxy'],
    description: 'The proxy that http addresses are asked through.',
    example: 'http://proxy.example.org:3128',
    isSecret: true,
    otherwise: 'no proxy',
  },
  {
    name: 'NO_PROXY',
    aliases: ['no_proxy'],
    description: 'Hosts that are asked without a proxy, separated by commas; a domain includes its subdomains.',
    example: 'localhost,.example.org',
    isSecret: false,
    otherwise: 'every host is asked through the proxy',
  },
  {
    name: 'DKIM_DOMAIN',
    description: 'The domain messages are signed for (DKIM). Needs the selector and the key as well.',
    example: 'example.org',
    isSecret: false,
    otherwise: 'Gazette does not sign; the mail server may',
  },
  {
    name: 'DKIM_SELECTOR',
    description: 'The name of the public key in DNS: selector._domainkey.domain.',
    example: 'gazette1',
    isSecret: false,
    otherwise: 'Gazette does not sign',
  },
  {
    name: 'DKIM_KEY',
    description: 'The private key in PEM, RSA with 2048 bits, usually in a file named by DKIM_KEY_FILE.',
    example: 'DKIM_KEY_FILE=/run/secrets/dkim.pem',
    isSecret: true,
    otherwise: 'Gazette does not sign',
  },
] as const satisfies readonly Variable[];

/** One for each source that needs credentials; `sourceVariableName` makes its name. */
const SOURCE_CREDENTIALS: Variable = {
  name: 'GAZETTE_SOURCE_<NAME>',
  description:
    'The credentials of the source of this name in sources.yaml, in capitals and with “_” for anything but letters and digits. What they are is said with the kind of source.',
  example: 'GAZETTE_SOURCE_MY_BLOG=user:password',
  isSecret: true,
  otherwise: 'the source is read without credentials',
};

type HookVariableName = `GAZETTE_HOOK_${Uppercase<ProviderName>}`;

/** How the variable that proves the calls of a provider is called. */
export function hookVariableName(provider: ProviderName): HookVariableName {
  return `GAZETTE_HOOK_${provider.toUpperCase() as Uppercase<ProviderName>}`;
}

/** What each of them holds, with an example. */
const HOOK_PROOFS: { readonly [name in ProviderName]: readonly [what: string, example: string] } = {
  ses: ['the ARN of the SNS topic', 'arn:aws:sns:eu-central-1:123456789012:gazette'],
  postmark: ['user:password, as in the address of the webhook', 'gazette:a-long-password'],
  mailgun: ['the HTTP webhook signing key', '0123456789abcdef0123456789abcdef'],
  sendgrid: ['the verification key of the signed event webhook', 'MFkwEwYHKoZI…'],
  resend: ['the signing secret of the webhook', 'whsec_…'],
  brevo: ['the token of the webhook', 'a-long-token'],
  mailjet: ['user:password, as in the address of the webhook', 'gazette:a-long-password'],
  sparkpost: ['user:password, or the token, of the webhook', 'gazette:a-long-password'],
};

const HOOKS = PROVIDER_NAMES.map((name): Variable & { readonly name: HookVariableName } => {
  const [what, example] = HOOK_PROOFS[name];
  return {
    name: hookVariableName(name),
    description: `What proves that reports at /hooks/${name} come from ${PROVIDERS[name]}: ${what}. docs/providers/${name}.md says what to click.`,
    example,
    isSecret: true,
    otherwise: `/hooks/${name} is not served`,
  };
});

export type VariableName = (typeof ENVIRONMENT)[number]['name'] | HookVariableName;

export const VARIABLES: readonly Variable[] = [...ENVIRONMENT, ...HOOKS];

/** The same with the variables whose names depend on settings: what the reference lists. */
export const DOCUMENTED_VARIABLES: readonly Variable[] = [...VARIABLES, SOURCE_CREDENTIALS];
