/** Every environment variable Gazette reads: the one list that loading, checking and the reference go by. */
export interface Variable {
  readonly name: string;
  /** One or two sentences for the reference. */
  readonly description: string;
  readonly example: string;
  /** Secrets are never shown, and may be kept in a file named by `<NAME>_FILE`. */
  readonly isSecret: boolean;
  /** What holds without it, for people. */
  readonly otherwise: string;
}

const ENVIRONMENT = [
  {
    name: 'SMTP_URL',
    description:
      'The mail server messages leave by: smtps://user:password@host for TLS from the first byte, smtp://… for STARTTLS, file:folder to write mails to a folder. After a ?, pool=5 says how many connections to keep.',
    example: 'smtps://user:password@mail.example.org',
    isSecret: true,
    otherwise: 'nothing can be sent',
  },
  {
    name: 'DATABASE_URL',
    description:
      'Where everything is remembered: the path of an SQLite file, or postgres://user:password@host/database.',
    example: 'postgres://user:password@localhost/gazette',
    isSecret: true,
    otherwise: 'an SQLite file in the workspace, .gazette/gazette.db',
  },
  {
    name: 'GAZETTE_SECRET',
    description:
      'What links and bounce addresses are signed with: name:secret, several joined by commas. The first signs, all are accepted, so a new one goes in front and the old one stays. A name has 1 to 8 lower-case letters and digits, a secret at least 32 characters.',
    example: 'k1:…',
    isSecret: true,
    otherwise: 'nothing is sent to the outside; `gazette init` writes one to .env',
  },
  {
    name: 'GAZETTE_PUBLIC_URL',
    description: 'The https address the public pages are reached at: unsubscribing, preferences, archive.',
    example: 'https://news.example.org',
    isSecret: false,
    otherwise: 'nothing is sent to the outside',
  },
  {
    name: 'GAZETTE_BOUNCE_ADDRESS',
    description:
      'A mailbox for reports of non-delivery that takes name+anything. Each message then has an envelope sender of its own.',
    example: 'bounces@example.org',
    isSecret: false,
    otherwise: 'reports of non-delivery go to the newsletter’s sender',
  },
  {
    name: 'GAZETTE_RATE',
    description: 'How fast messages may leave, as the mail server’s owner allows it: any of 10/s, 5000/h and 50000/d.',
    example: '10/s, 5000/h',
    isSecret: false,
    otherwise: 'as fast as the mail server takes them',
  },
  {
    name: 'GAZETTE_NOTIFY',
    description:
      'Who is told, once, why an issue did not go out: an address that gets a mail, or an https address that is posted JSON, signed with the first secret in the header Gazette-Signature.',
    example: 'editor@example.org',
    isSecret: true,
    otherwise: 'only the log and `gazette status` say it',
  },
  {
    name: 'GAZETTE_KEEP',
    description:
      'How long `gazette serve` keeps what became of each reader of an issue, 90d at the least; after that only the sums stay. Posts, issues, readers and their consent are kept in any case.',
    example: '400d',
    isSecret: false,
    otherwise: 'it is kept for ever',
  },
  {
    name: 'GAZETTE_LOG',
    description: 'What is logged and how: a level (info, warn, error, silent), a format (pretty, json), or both.',
    example: 'warn json',
    isSecret: false,
    otherwise: 'warn; pretty on a terminal, json elsewhere',
  },
  {
    name: 'DKIM_DOMAIN',
    description: 'The domain Gazette signs messages for (DKIM); it needs the selector and the key as well.',
    example: 'example.org',
    isSecret: false,
    otherwise: 'Gazette does not sign; the mail server may',
  },
  {
    name: 'DKIM_SELECTOR',
    description: 'The name under which the public key stands in DNS: selector._domainkey.domain.',
    example: 'gazette1',
    isSecret: false,
    otherwise: 'Gazette does not sign',
  },
  {
    name: 'DKIM_KEY',
    description: 'The private key in PEM, RSA of 2048 bits; most easily in a file named by DKIM_KEY_FILE.',
    example: 'DKIM_KEY_FILE=/run/secrets/dkim.pem',
    isSecret: true,
    otherwise: 'Gazette does not sign',
  },
] as const satisfies readonly Variable[];

export type VariableName = (typeof ENVIRONMENT)[number]['name'];

export const VARIABLES: readonly Variable[] = ENVIRONMENT;
