/**
 * Messages of Amazon SNS over HTTPS: whether Amazon signed one, and confirming a subscription. The certificate comes from Amazon's
 * own host only, by https, and is kept.
 */
import { type KeyObject, verify, X509Certificate } from 'node:crypto';
import type { FetchWeb } from '../../domain/ports/host.js';
import { textAt } from './json.js';
import { signatureFrom } from './proof.js';

/** What is signed, in this order, of each type of message; a field that is not there is left out. */
const SIGNED = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;

const ALGORITHMS: { readonly [version: string]: string } = { 1: 'RSA-SHA1', 2: 'RSA-SHA256' };

const MOST_CERTIFICATE_BYTES = 20_000;
const MOST_KEPT = 20;

export type SnsEnd =
  | { readonly kind: 'signed' }
  | { readonly kind: 'forged' }
  | { readonly kind: 'later'; readonly text: string };

export interface SnsMessages {
  /** Whether Amazon signed a message. The certificate is asked for where it is not known yet. */
  check(message: unknown, now: Date): Promise<SnsEnd>;
  /** Confirms that we want what a topic publishes. Only for a message that was checked. */
  confirm(message: unknown): Promise<SnsEnd>;
}

export function openSnsMessages(fetchWeb: FetchWeb): SnsMessages {
  const keys = new Map<string, Promise<Certificate>>();

  function certificateAt(url: string): Promise<Certificate> {
    const kept = keys.get(url);
    if (kept) return kept;
    if (keys.size >= MOST_KEPT) keys.clear();
    const asked = fetchCertificate(fetchWeb, url);
    keys.set(url, asked);
    // Amazon may answer next time.
    asked.catch(() => keys.delete(url));
    return asked;
  }

  return {
    async check(message, now) {
      const url = textAt(message, 'SigningCertURL') ?? '';
      const signed = signedText(message);
      const algorithm = ALGORITHMS[textAt(message, 'SignatureVersion') ?? ''];
      const signature = signatureFrom(textAt(message, 'Signature'));
      if (signed === undefined || algorithm === undefined || signature === undefined) return { kind: 'forged' };
      if (!isCertificateUrl(url, regionOf(message))) return { kind: 'forged' };
      try {
        const { key, from, to } = await certificateAt(url);
        const isValid = from <= now.getTime() && now.getTime() <= to;
        return { kind: isValid && verify(algorithm, Buffer.from(signed), key, signature) ? 'signed' : 'forged' };
      } catch (error) {
        return { kind: 'later', text: (error as Error).message };
      }
    },
    async confirm(message) {
      const url = textAt(message, 'SubscribeURL') ?? '';
      if (!isConfirmationUrl(url, message)) return { kind: 'forged' };
      const answer = await fetchWeb({ url, maxBytes: MOST_CERTIFICATE_BYTES });
      if (answer.kind === 'answered' && answer.status === 200) return { kind: 'signed' };
      return { kind: 'later', text: 'Amazon does not confirm the subscription.' };
    },
  };
}

interface Certificate {
  readonly key: KeyObject;
  readonly from: number;
  readonly to: number;
}

async function fetchCertificate(fetchWeb: FetchWeb, url: string): Promise<Certificate> {
  const answer = await fetchWeb({ url, maxBytes: MOST_CERTIFICATE_BYTES });
  // A redirect leads away from the only host whose word counts.
  if (answer.kind !== 'answered' || answer.status !== 200 || answer.url !== url)
    throw new Error(`The certificate at ${url} cannot be read.`);
  const certificate = new X509Certificate(answer.body);
  return {
    key: certificate.publicKey,
    from: Date.parse(certificate.validFrom),
    to: Date.parse(certificate.validTo),
  };
}

/** `name\nvalue\n` for each signed field. */
function signedText(message: unknown): string | undefined {
  const type = textAt(message, 'Type') ?? '';
  if (!Object.hasOwn(SIGNED, type)) return undefined;
  const fields = SIGNED[type as keyof typeof SIGNED].map((name) => [name, textAt(message, name)] as const);
  return fields.map(([name, value]) => (value === undefined ? '' : `${name}\n${value}\n`)).join('');
}

/** `arn:aws:sns:<region>:…` */
function regionOf(message: unknown): string {
  return (textAt(message, 'TopicArn') ?? '').split(':')[3] ?? '';
}

function isCertificateUrl(text: string, region: string): boolean {
  const url = snsUrl(text, region);
  return (
    url !== undefined && /^\/SimpleNotificationService-[0-9a-f]{1,64}\.pem$/.test(url.pathname) && url.search === ''
  );
}

function isConfirmationUrl(text: string, message: unknown): boolean {
  const asked = snsUrl(text, regionOf(message))?.searchParams;
  return (
    asked?.get('Action') === 'ConfirmSubscription' && asked.get('TopicArn') === (textAt(message, 'TopicArn') ?? '')
  );
}

/** An https address of Amazon SNS in a region, without a port or a password. */
function snsUrl(text: string, region: string): URL | undefined {
  if (!/^[a-z]{2}(?:-[a-z]{1,12}){1,3}-\d{1,2}$/.test(region) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const hosts = [`sns.${region}.amazonaws.com`, `sns.${region}.amazonaws.com.cn`];
  const isPlain = url.port === '' && url.username === '' && url.password === '';
  return url.protocol === 'https:' && hosts.includes(url.host) && isPlain ? url : undefined;
}
