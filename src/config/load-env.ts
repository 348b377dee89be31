/** The operator's settings: environment and .env, all problems at once, no secret in any message (rule: ready-to-send). */
import { isIP } from 'node:net';
import { addressFrom, asciiDomainFrom } from '../domain/address.js';
import { GazetteError, type Problem } from '../domain/errors.js';
import type { BreakerPolicy, SoftBouncePolicy } from '../domain/feedback-effects.js';
import { trimEndOf } from '../domain/trim.js';
import type { LogFormat, LogLevel } from '../platform/log.js';
import { didYouMean } from '../written/closest-name.js';
import { DURATION_EXAMPLES, durationMs } from './duration.js';
import { hookVariableName, type VariableName } from './environment.js';
import { breakerFrom, softBouncesFrom } from './feedback-limits.js';
import { type FeedbackSettings, HOOK_PROOFS, hooksFrom, mailboxFrom, receiverFrom } from './feedback-settings.js';
import { type EnvironmentSources, readVariables, type Variables } from './read-variables.js';
import { WrongValue as Wrong } from './wrong-value.js';

export interface OperatorSettings extends FeedbackSettings {
  /** As written: transports read their own URLs. */
  readonly smtpUrl?: string;
  /** As written; absent: the workspace's own SQLite file. */
  readonly databaseUrl?: string;
  /** The first signs, all verify; empty when none is set. */
  readonly secrets: readonly { readonly kid: string; readonly secret: string }[];
  /** https, or http on loopback; without a slash at the end. */
  readonly publicUrl?: string;
  /** The proxies whose word on a client's address is taken; absent: those in this machine's own networks. */
  readonly trustedProxies?: readonly string[];
  /** ASCII, its domain in A-labels. */
  readonly bounceAddress?: string;
  /** When soft bounces suppress an address; absent: as `SOFT_BOUNCES` says. */
  readonly softBounces?: SoftBouncePolicy;
  /** When a running issue is paused for what comes back; absent: as `BREAKER` says. */
  readonly breaker?: BreakerPolicy;
  readonly rate: Rate;
  /** Who is notified when an issue is kept back. */
  readonly notify?:
    | { readonly kind: 'mail'; readonly address: string }
    | { readonly kind: 'webhook'; readonly url: string };
  /** How long it is kept what became of each reader; absent: for ever. */
  readonly keepMs?: number;
  readonly log: { readonly level?: LogLevel; readonly format?: LogFormat };
  /** The proxies of requests to the web, as written. */
  readonly proxies: { readonly http?: string; readonly https?: string; readonly none?: string };
  /** The credentials of sources, by the name of their variable. */
  readonly sourceCredentials: ReadonlyMap<string, string>;
  readonly dkim?: { readonly domain: string; readonly selector: string; readonly privateKey: string };
}

/** The most messages that may leave in any such span. */
export interface Rate {
  readonly perSecond?: number;
  readonly perHour?: number;
  readonly perDay?: number;
}

const LEVELS: readonly LogLevel[] = ['info', 'warn', 'error', 'silent'];
const FORMATS: readonly LogFormat[] = ['pretty', 'json'];

/** Reads the operator's settings. Throws `env.invalid` with every problem, each with the place it was set at. */
export async function loadEnv(sources: EnvironmentSources): Promise<OperatorSettings> {
  const variables = await readVariables(sources);
  const problems: Problem[] = [...variables.problems];
  const check = <Value>(name: VariableName, read: (text: string) => Value): Value | undefined => {
    const variable = variables.set.get(name);
    if (variable === undefined) return undefined;
    try {
      return read(variable.value);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      problems.push({ where: variable.where, message: `${name}: ${error.message}` });
      return undefined;
    }
  };
  const settings = {
    smtpUrl: check('SMTP_URL', (text) => text),
    databaseUrl: check('DATABASE_URL', databaseUrlFrom),
    secrets: check('GAZETTE_SECRET', secretsFrom) ?? [],
    publicUrl: check('GAZETTE_PUBLIC_URL', publicUrlFrom),
    trustedProxies: check('GAZETTE_TRUSTED_PROXIES', proxiesFrom),
    bounceAddress: check('GAZETTE_BOUNCE_ADDRESS', bounceAddressFrom),
    softBounces: check('GAZETTE_SOFT_BOUNCES', softBouncesFrom),
    breaker: check('GAZETTE_PAUSE_AT', breakerFrom),
    receiver: check('GAZETTE_BOUNCE_LISTEN', receiverFrom),
    mailbox: check('GAZETTE_BOUNCE_MAILBOX', mailboxFrom),
    hooks: hooksFrom((name) => check(hookVariableName(name), HOOK_PROOFS[name])),
    rate: check('GAZETTE_RATE', rateFrom) ?? {},
    notify: check('GAZETTE_NOTIFY', notifyFrom),
    keepMs: check('GAZETTE_KEEP', keepFrom),
    log: check('GAZETTE_LOG', logFrom) ?? {},
    proxies: withoutAbsent({
      http: check('HTTP_PROXY', proxyFrom),
      https: check('HTTPS_PROXY', proxyFrom),
      none: check('NO_PROXY', (text) => text),
    }),
    sourceCredentials: new Map(
      [...variables.set].flatMap(([name, { value }]) => (name.startsWith('GAZETTE_SOURCE_') ? [[name, value]] : [])),
    ),
    dkim: dkimFrom(
      {
        domain: check('DKIM_DOMAIN', domainFrom),
        selector: check('DKIM_SELECTOR', selectorFrom),
        privateKey: check('DKIM_KEY', keyFrom),
      },
      variables,
      problems,
    ),
  };
  if (settings.receiver && !variables.set.has('GAZETTE_BOUNCE_ADDRESS'))
    problems.push({
      where: variables.set.get('GAZETTE_BOUNCE_LISTEN')?.where ?? '',
      message: 'GAZETTE_BOUNCE_LISTEN: Needs GAZETTE_BOUNCE_ADDRESS, because only mails to its addresses are received.',
    });
  if (problems.length > 0) throw invalid(problems);
  return withoutAbsent(settings);
}

function invalid(problems: readonly Problem[]): GazetteError {
  const [first] = problems;
  const message = problems.length === 1 ? first?.message : `There are ${problems.length} problems in the environment.`;
  return new GazetteError('env.invalid', message ?? '', { problems, ...(first && { where: first.where }) });
}

const NETWORK_NAMES = ['loopback', 'linklocal', 'uniquelocal'];

function proxiesFrom(text: string): readonly string[] {
  const parts = text.split(',').flatMap((part) => part.trim() || []);
  const wrong = parts.find((part) => part !== 'none' && !NETWORK_NAMES.includes(part) && !isNetwork(part));
  if (wrong !== undefined)
    throw new Wrong(`“${wrong}” is no address, network such as 203.0.113.0/24, or one of ${NETWORK_NAMES.join(', ')}.`);
  return parts.filter((part) => part !== 'none');
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const most = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1;
  return more.length === 0 && most > 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
}

const SHORTEST_SECRET = 32;

function secretsFrom(text: string): OperatorSettings['secrets'] {
  const parts = text.split(/[,\n]/).flatMap((part) => part.trim() || []);
  const secrets = parts.map((part, index) => {
    const [, kid, secret = ''] = /^([a-z0-9]{1,8}):(.*)$/.exec(part) ?? [];
    const nth = parts.length > 1 ? `Part ${index + 1} must` : 'Must';
    if (kid === undefined)
      throw new Wrong(`${nth} be name:secret, with a name of 1 to 8 lower-case letters and digits.`);
    if (secret.length < SHORTEST_SECRET)
      throw new Wrong(`${nth} hold a secret of at least ${SHORTEST_SECRET} characters; it has ${secret.length}.`);
    return { kid, secret };
  });
  const kids = secrets.map(({ kid }) => kid);
  const twice = kids.find((kid, index) => kids.indexOf(kid) < index);
  if (twice !== undefined) throw new Wrong(`Has two secrets of the name ${twice}.`);
  return secrets;
}

function databaseUrlFrom(text: string): string {
  const [, scheme] = /^([a-z][a-z0-9+.-]*:)\/\//i.exec(text) ?? [];
  if (scheme === undefined || /^postgres(?:ql)?:$/i.test(scheme)) return text;
  throw new Wrong(`“${scheme}” is no database Gazette knows; write postgres://…, or the path of a file.`);
}

function publicUrlFrom(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url?.protocol === 'http:' && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (!url || !(url.protocol === 'https:' || isLocal))
    throw new Wrong('Must be an https address, such as https://news.example.org.');
  if (url.search || url.hash || url.username || url.password)
    throw new Wrong('Must be an address alone, without “?”, “#”, user or password.');
  return trimEndOf(url.href, '/');
}

function proxyFrom(text: string): string {
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (URL.canParse(written) && /^https?:$/.test(new URL(written).protocol)) return written;
  throw new Wrong('Must be the http or https address of a proxy, such as http://proxy.example.org:3128.');
}

function bounceAddressFrom(text: string): string {
  const read = addressFrom(text);
  if (!read || read.needsSmtpUtf8) throw new Wrong('Must be an address in ASCII letters, such as bounces@example.org.');
  return `${read.address.slice(0, read.address.lastIndexOf('@'))}@${read.asciiDomain}`;
}

function notifyFrom(text: string): NonNullable<OperatorSettings['notify']> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url?.protocol === 'http:' && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url?.protocol === 'https:' || isLocal) return { kind: 'webhook', url: text };
  const read = addressFrom(text);
  if (!read || read.needsSmtpUtf8) throw new Wrong('Must be an https address, or a mail address in ASCII letters.');
  return { kind: 'mail', address: read.address };
}

/** Bounces and complaints come for weeks, and a reader who changes to a monthly newsletter is known by what they were sent. */
const SHORTEST_KEEP_MS = 90 * 86_400_000;

function keepFrom(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined) throw new Wrong(`Must be a time such as ${DURATION_EXAMPLES}.`);
  if (ms < SHORTEST_KEEP_MS) throw new Wrong('Must be 90d at the least.');
  return ms;
}

const SPANS = { s: 'perSecond', h: 'perHour', d: 'perDay' } as const;

function rateFrom(text: string): Rate {
  const rate: { -readonly [span in keyof Rate]: number } = {};
  for (const part of text.split(/[,\s]+/).filter((each) => each !== '')) {
    const [, count, span] = /^([1-9]\d{0,8})\/([shd])$/.exec(part) ?? [];
    if (count === undefined) throw new Wrong('Must be limits such as 10/s, 5000/h or 50000/d.');
    const name = SPANS[span as keyof typeof SPANS];
    if (rate[name] !== undefined) throw new Wrong(`Has two limits for the same span, “/${span}”.`);
    rate[name] = Number(count);
  }
  return rate;
}

function logFrom(text: string): OperatorSettings['log'] {
  const words = text.toLowerCase().split(/[,/\s]+/);
  const unknown = words.find((word) => ![...LEVELS, ...FORMATS].some((known) => known === word));
  if (unknown !== undefined)
    throw new Wrong(
      `Must be a level (${LEVELS.join(', ')}), a format (${FORMATS.join(', ')}), or both.${didYouMean(unknown, [...LEVELS, ...FORMATS])}`,
    );
  const level = LEVELS.find((known) => words.includes(known));
  const format = FORMATS.find((known) => words.includes(known));
  return { ...(level && { level }), ...(format && { format }) };
}

function domainFrom(text: string): string {
  const domain = asciiDomainFrom(text);
  if (domain === undefined) throw new Wrong('Must be a domain such as example.org.');
  return domain;
}

function selectorFrom(text: string): string {
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(text))
    throw new Wrong('Must be a name of letters, digits, “-” and “.”, such as gazette1.');
  return text;
}

function keyFrom(text: string): string {
  if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) throw new Wrong('Must be a private key in PEM.');
  return text;
}

const DKIM_PARTS = { domain: 'DKIM_DOMAIN', selector: 'DKIM_SELECTOR', privateKey: 'DKIM_KEY' } as const;

/** All three or none: a part that is missing is a problem, one that is wrong was named already. */
function dkimFrom(
  parts: { readonly [part in keyof typeof DKIM_PARTS]: string | undefined },
  { set }: Variables,
  problems: Problem[],
): OperatorSettings['dkim'] {
  const names = Object.values(DKIM_PARTS);
  const first = names.find((name) => set.has(name));
  for (const name of names)
    if (first && !set.has(name))
      problems.push({ where: set.get(first)?.where ?? '', message: `${name}: Is missing; ${first} is set.` });
  const { domain, selector, privateKey } = parts;
  return domain && selector && privateKey ? { domain, selector, privateKey } : undefined;
}

type Present<Settings> = { [Key in keyof Settings as undefined extends Settings[Key] ? never : Key]: Settings[Key] } & {
  [Key in keyof Settings as undefined extends Settings[Key] ? Key : never]?: Exclude<Settings[Key], undefined>;
};

function withoutAbsent<Settings extends object>(settings: Settings): Present<Settings> {
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Present<Settings>;
}
