/**
 * DKIM signatures, RSA and Ed25519, relaxed/relaxed (RFC 6376, RFC 8301, RFC 8463). The bodies this room writes are
 * their own relaxed canonical form, so they are hashed as they are; the hash goes on from where readers part.
 */
import { createHash, createPrivateKey, type Hash, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { GazetteError } from '../domain/errors.js';
import type { Body } from './byte-writer.js';
import { type Header, relaxedHeader } from './header-text.js';

/** One key to sign with. Give an RSA key, and an Ed25519 key only beside one (RFC 8301 §3). */
export interface DkimKey {
  /** In A-labels. */
  readonly domain: string;
  readonly selector: string;
  /** PEM, PKCS #8 or PKCS #1. */
  readonly privateKey: string;
}

/** Signs one message: its header fields and its body give the DKIM-Signature fields to put before them. */
export type DkimSigner = (headers: readonly Header[], body: Body, at: Date) => Promise<readonly Header[]>;

const LINE = 76;

/** Fields signed when present: those of RFC 6376 §5.4.1, both of RFC 8058 §3.1, and what Gazette adds. */
const SIGNED = [
  'from',
  'reply-to',
  'subject',
  'date',
  'to',
  'message-id',
  'mime-version',
  'content-type',
  'content-language',
  'list-id',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'list-help',
  'list-post',
  'archived-at',
  'feedback-id',
  'auto-submitted',
  'precedence',
  'x-ms-reactions',
];

/** Named once more than they occur, so that a field added on the way breaks the signature (RFC 6376 §5.4.2). */
const OVERSIGNED = ['from', 'reply-to', 'subject', 'date', 'to', 'list-unsubscribe', 'list-unsubscribe-post'];

/** Reads the keys; throws `env.invalid` for one that cannot sign. */
export function openDkimSigner(keys: readonly DkimKey[]): DkimSigner {
  const signers = keys.map((key) => ({ ...key, ...privateKeyFrom(key) }));
  const leads: Leads = new WeakMap();
  return (headers, body, at) => {
    const bodyHash = hashBody(body, leads);
    const chosen = signedFields(headers);
    const block = chosen.map(({ header }) => (header === undefined ? '' : relaxedHeader(header))).join('');
    const names = foldedNames(chosen.map(({ name }) => name));
    const signatures = signers.map(async ({ domain, selector, algorithm, key }) => {
      const value =
        `v=1; a=${algorithm}; c=relaxed/relaxed; d=${domain};\r\n s=${selector}; ` +
        `t=${Math.floor(at.getTime() / 1000)};\r\n h=${names};\r\n bh=${bodyHash};\r\n b=`;
      const unsigned = relaxedHeader({ name: 'DKIM-Signature', value }).slice(0, -2);
      return { name: 'DKIM-Signature', value: value + folded(await signatureOf(block + unsigned, key)) };
    });
    return Promise.all(signatures);
  };
}

function privateKeyFrom({ privateKey, selector }: DkimKey): { readonly algorithm: string; readonly key: KeyObject } {
  const wrong = (why: string, cause?: unknown) =>
    new GazetteError('env.invalid', `The DKIM key of selector “${selector}” ${why}.`, {
      hint: 'Give an RSA key of 2048 bits or an Ed25519 key, as PEM.',
      cause,
    });
  let key: KeyObject;
  try {
    key = createPrivateKey(privateKey);
  } catch (cause) {
    throw wrong('is not a private key', cause);
  }
  if (key.asymmetricKeyType === 'ed25519') return { algorithm: 'ed25519-sha256', key };
  if (key.asymmetricKeyType !== 'rsa') throw wrong('is neither RSA nor Ed25519');
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < 1024) throw wrong('has less than 1024 bits');
  return { algorithm: 'rsa-sha256', key };
}

function signedFields(headers: readonly Header[]): { readonly name: string; readonly header?: Header }[] {
  const byName = new Map(headers.map((header) => [header.name.toLowerCase(), header]));
  const present = SIGNED.flatMap((name) => {
    const header = byName.get(name);
    return header === undefined ? [] : [{ name, header }];
  });
  return [...present, ...OVERSIGNED.map((name) => ({ name }))];
}

/** The state of the hash where readers part, by the first part of the body. */
type Leads = WeakMap<Uint8Array, { readonly parts: readonly Uint8Array[]; readonly hash: Hash }>;

function hashBody({ parts, lead }: Body, leads: Leads): string {
  const hash = leadHash(parts.slice(0, lead), leads).copy();
  for (const part of parts.slice(lead)) hash.update(part);
  return hash.digest('base64');
}

function leadHash(lead: readonly Uint8Array[], leads: Leads): Hash {
  const [first] = lead;
  const known = first && leads.get(first);
  if (known && known.parts.length === lead.length && known.parts.every((part, at) => part === lead[at]))
    return known.hash;
  const hash = createHash('sha256');
  for (const part of lead) hash.update(part);
  if (first) leads.set(first, { parts: lead, hash });
  return hash;
}

/** Signing takes far longer than all the rest of a message: a thread of the pool does it while others are sent. */
const signAside = promisify(sign);

async function signatureOf(text: string, key: KeyObject): Promise<string> {
  const bytes = Buffer.from(text);
  // RFC 8463 §3: Ed25519 signs the SHA-256 of the header fields.
  const signed =
    key.asymmetricKeyType === 'rsa'
      ? await signAside('RSA-SHA256', bytes, key)
      : await signAside(null, createHash('sha256').update(bytes).digest(), key);
  return signed.toString('base64');
}

function foldedNames(names: readonly string[]): string {
  let text = '';
  let column = ' h='.length;
  for (const name of names) {
    const isFull = column + name.length + 1 > LINE;
    text += `${text === '' ? '' : ':'}${isFull ? '\r\n  ' : ''}${name}`;
    column = (isFull ? 2 : column) + name.length + 1;
  }
  return text;
}

function folded(base64: string): string {
  return base64.replace(/.{72}(?=.)/g, '$&\r\n ');
}
