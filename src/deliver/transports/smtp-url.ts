/** Reads `smtp://user:pass@mail.example.org:587?pool=5` and `smtps://…` (RFC 8314 §3, TLS unless told otherwise). */
import { domainToASCII } from 'node:url';
import { GazetteError, type Problem } from '../../domain/errors.js';

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** `implicit`: TLS from the first byte · `required`: STARTTLS or nothing · `optional`: where offered · `never`. */
  readonly tls: 'implicit' | 'required' | 'optional' | 'never';
  readonly login?: { readonly user: string; readonly pass: string };
  /** How many connections are open at once. */
  readonly connections: number;
  /** After how many messages a connection is closed and opened anew; 0: never. */
  readonly maxMessages: number;
  /** What EHLO says of us; absent: this host’s name. */
  readonly name?: string;
  /** A file of certificates in PEM to trust beside the system’s; relative to the workspace. */
  readonly caFile?: string;
  readonly loopback: boolean;
  /** Without user and password. */
  readonly description: string;
}

const KEYS = ['pool', 'tls', 'maxMessages', 'name', 'ca'];

/** Throws `env.invalid` with every mistake at once; user and password are in no message. */
export function smtpSettingsFrom(text: string): SmtpSettings {
  const url = urlFrom(text);
  const problems: Problem[] = [];
  const wrong = (message: string) => problems.push({ where: 'SMTP_URL', message });
  const secure = url.protocol === 'smtps:';
  const host = hostFrom(url);
  if (host === '') wrong('It names no host.');
  const loopback = isLoopback(host);
  for (const key of url.searchParams.keys())
    if (!KEYS.includes(key)) wrong(`“${key}” is not one of ${KEYS.join(', ')}.`);
  const tls = secure ? 'implicit' : tlsFrom(url.searchParams.get('tls'), loopback, wrong);
  if (secure && url.searchParams.has('tls')) wrong('“tls” has no meaning with smtps.');
  const login = loginFrom(url, wrong);
  if (login && tls === 'never' && !loopback)
    wrong('A password would go over the network unencrypted: leave out tls=never.');
  const settings: SmtpSettings = {
    host,
    port: Number(url.port) || (secure ? 465 : 587),
    tls,
    connections: countFrom(url, 'pool', 5, 1, wrong),
    maxMessages: countFrom(url, 'maxMessages', 0, 0, wrong),
    loopback,
    description: `${url.protocol}//${host.includes(':') ? `[${host}]` : host}:${Number(url.port) || (secure ? 465 : 587)}`,
    ...(login ? { login } : {}),
    ...(url.searchParams.get('ca') ? { caFile: url.searchParams.get('ca') as string } : {}),
    ...(url.searchParams.get('name') ? { name: url.searchParams.get('name') as string } : {}),
  };
  if (problems.length > 0)
    throw new GazetteError('env.invalid', `The SMTP address has ${problems.length === 1 ? 'a mistake' : 'mistakes'}.`, {
      hint: 'Write it as smtp://user:password@mail.example.org:587; signs such as @ : / ? # in a password as %40 %3A %2F %3F %23.',
      problems,
    });
  return settings;
}

function urlFrom(text: string): URL {
  try {
    return new URL(text);
  } catch {
    // The cause would quote the whole text, password and all.
    throw new GazetteError('env.invalid', 'The SMTP address is not a URL.', {
      hint: 'Write it as smtp://user:password@mail.example.org:587; signs such as @ : / ? # in a password as %40 %3A %2F %3F %23.',
    });
  }
}

function hostFrom(url: URL): string {
  const host = decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '');
  return host.includes(':') ? host : domainToASCII(host);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function tlsFrom(word: string | null, loopback: boolean, wrong: (message: string) => void): SmtpSettings['tls'] {
  if (word === null) return loopback ? 'never' : 'required';
  if (word === 'required' || word === 'optional' || word === 'never') return word;
  wrong('“tls” is one of required, optional, never.');
  return 'required';
}

function loginFrom(url: URL, wrong: (message: string) => void): SmtpSettings['login'] {
  if (url.username === '' && url.password === '') return undefined;
  if (url.username === '' || url.password === '') {
    wrong('It needs both a user and a password, or neither.');
    return undefined;
  }
  try {
    return { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
  } catch {
    wrong('User and password hold a % that is not followed by two hexadecimal digits: write % as %25.');
    return undefined;
  }
}

function countFrom(url: URL, key: string, otherwise: number, least: number, wrong: (message: string) => void): number {
  const word = url.searchParams.get(key);
  if (word === null) return otherwise;
  const count = /^\d{1,6}$/.test(word) ? Number(word) : Number.NaN;
  if (count >= least) return count;
  wrong(`“${key}” is a whole number, at least ${least}.`);
  return otherwise;
}
