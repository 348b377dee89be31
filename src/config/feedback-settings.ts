/** Reads the variables of what comes back: webhooks, the receiver of mails, and the mailbox that is followed. */
import { createPublicKey } from 'node:crypto';
import type { MailboxSettings } from '../domain/ports/feedback.js';
import { type HookSettings, PROVIDER_NAMES, type ProviderName } from '../domain/providers.js';
import { WrongValue } from './wrong-value.js';

export interface FeedbackSettings {
  /** Absent: no provider reports by webhook. */
  readonly hooks?: HookSettings;
  /** Where mails that come back are received; absent: nowhere. */
  readonly receiver?: ReceiverSettings;
  /** The mailbox that is followed; absent: none. */
  readonly mailbox?: MailboxSettings;
}

export interface ReceiverSettings {
  readonly protocol: 'lmtp' | 'smtp';
  readonly host: string;
  readonly port: number;
}

const SHORTEST_PASSWORD = 16;

/** Reads what proves the calls of each provider, as `GAZETTE_HOOK_<NAME>` has it. */
export const HOOK_PROOFS: { readonly [name in ProviderName]: (text: string) => readonly string[] } = {
  ses: (text) =>
    several(text, (part) => {
      if (!/^arn:aws[a-z-]{0,20}:sns:[a-z0-9-]{1,40}:\d{12}:[\w-]{1,256}$/.test(part))
        throw new WrongValue(
          'Must be the ARN of an SNS topic, such as arn:aws:sns:eu-central-1:123456789012:gazette; several are separated by commas.',
        );
    }),
  postmark: passwordFrom,
  mailgun: (text) => several(text, (part) => longEnough(part, 'the webhook signing key')),
  sendgrid: (text) => several(text, isP256),
  resend: (text) =>
    several(text, (part) => {
      if (!/^whsec_[A-Za-z0-9+/]{22,200}={0,2}$/.test(part))
        throw new WrongValue('Must be the signing secret, whsec_….');
    }),
  brevo: (text) => several(text, (part) => longEnough(part, 'the token')),
  mailjet: passwordFrom,
  sparkpost: (text) =>
    text.includes(':') ? passwordFrom(text) : several(text, (part) => longEnough(part, 'the token')),
};

/** The providers whose variable is set and right. */
export function hooksFrom(read: (name: ProviderName) => readonly string[] | undefined): HookSettings | undefined {
  const hooks = new Map(
    PROVIDER_NAMES.flatMap((name) => {
      const proofs = read(name);
      return proofs ? [[name, proofs] as const] : [];
    }),
  );
  return hooks.size > 0 ? hooks : undefined;
}

function several(text: string, check: (part: string) => void): readonly string[] {
  const parts = text.split(',').flatMap((part) => part.trim() || []);
  for (const part of parts) check(part);
  return parts;
}

function longEnough(part: string, what: string): void {
  if (part.length < SHORTEST_PASSWORD)
    throw new WrongValue(`Must be ${what}, at least ${SHORTEST_PASSWORD} characters long.`);
}

/** One alone: a password may hold commas. */
function passwordFrom(text: string): readonly string[] {
  const [, password] = /^[^:]{1,200}:(.{1,500})$/.exec(text) ?? [];
  if (password === undefined) throw new WrongValue('Must be user:password, as in the address of the webhook.');
  if (password.length < SHORTEST_PASSWORD)
    throw new WrongValue(
      `Must have a password of at least ${SHORTEST_PASSWORD} characters; it has ${password.length}.`,
    );
  return [text];
}

function isP256(part: string): void {
  try {
    const key = createPublicKey({ key: Buffer.from(part, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return;
  } catch {
    // The same words for every text that is no such key.
  }
  throw new WrongValue('Must be the verification key that SendGrid shows, which begins with MFkw.');
}

/** Where mails that come back are received: `lmtp://127.0.0.1:2424`. */
export function receiverFrom(text: string): ReceiverSettings {
  const [, protocol, host, port] =
    /^(lmtp|smtp):\/\/(\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253}):(\d{1,5})\/?$/i.exec(text) ?? [];
  if (protocol === undefined || host === undefined || Number(port) > 65_535)
    throw new WrongValue('Must be an address to listen on, such as lmtp://127.0.0.1:2424 or smtp://0.0.0.0:2525.');
  const bare = host.replace(/^\[|\]$/g, '');
  return { protocol: protocol.toLowerCase() as 'lmtp' | 'smtp', host: bare, port: Number(port) };
}

/** The mailbox that is followed: `imaps://user:password@host/folder`. */
export function mailboxFrom(text: string): MailboxSettings {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^imaps?:$/.test(url.protocol) || !url.hostname || !url.username || !url.password)
    throw new WrongValue('Must be imaps://user:password@host, with a folder behind it where it is not INBOX.');
  const secure = url.protocol === 'imaps:';
  try {
    return {
      ...{ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || (secure ? 993 : 143)), secure },
      ...{ user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) },
      folder: decodeURIComponent(url.pathname.slice(1)) || 'INBOX',
    };
  } catch {
    throw new WrongValue('Has a “%” that is not followed by two hexadecimal digits.');
  }
}
