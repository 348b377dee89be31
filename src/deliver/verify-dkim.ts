/**
 * Verifies the signatures of a message as a receiver would (RFC 6376 §6.1): from the bytes on the wire and the keys in DNS,
 * and with nothing of what signed it. Takes what Gazette writes: relaxed/relaxed, SHA-256, RSA or Ed25519, no `l=`.
 */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { SignatureVerdict } from '../domain/sender-records.js';
import { type Header, relaxedHeader } from './header-text.js';

/** A verdict for each signature; none for a message without one. @param txt the records of a name */
export async function verifyDkim(
  raw: Uint8Array,
  txt: (name: string) => Promise<readonly string[]>,
): Promise<readonly SignatureVerdict[]> {
  const text = Buffer.from(raw).toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const headers = headersIn(text.slice(0, end + 2));
  const bodyHash = createHash('sha256')
    .update(Buffer.from(relaxedBody(text.slice(end + 4)), 'latin1'))
    .digest('base64');
  const signatures = headers.filter(({ name }) => name.toLowerCase() === 'dkim-signature');
  return Promise.all(signatures.map((signature) => verdictOn(signature, headers, bodyHash, txt)));
}

async function verdictOn(
  signature: Header,
  headers: readonly Header[],
  bodyHash: string,
  txt: (name: string) => Promise<readonly string[]>,
): Promise<SignatureVerdict> {
  const tags = tagsOf(signature.value);
  const domain = tags.get('d') ?? '';
  const name = `${tags.get('s') ?? ''}._domainkey.${domain}`;
  const verdict = (result: SignatureVerdict['result']): SignatureVerdict => ({ domain, name, result });
  const [record] = (await txt(name)).filter((each) => /(?:^|;)\s*p\s*=/i.test(each));
  if (record === undefined) return verdict('no-key');
  const published = tagsOf(record);
  if ((published.get('p') ?? '') === '') return verdict('revoked');
  const key = keyFrom(published);
  if (!key) return verdict('bad-key');
  if (tags.get('bh') !== bodyHash) return verdict('bad-body');
  const signed = Buffer.from(signedText(tags.get('h') ?? '', headers, signature), 'latin1');
  const bytes = Buffer.from(tags.get('b') ?? '', 'base64');
  const isRsa = key.asymmetricKeyType === 'rsa';
  const isGood = isRsa
    ? verify('RSA-SHA256', signed, key, bytes)
    : verify(null, createHash('sha256').update(signed).digest(), key, bytes);
  return verdict(isGood ? 'pass' : 'wrong-key');
}

/** RFC 6376 §3.7: the named fields from the bottom up, each one once, and the signature without its own value at the end. */
function signedText(names: string, headers: readonly Header[], signature: Header): string {
  const left = [...headers].reverse();
  const fields = names.split(':').flatMap((each) => {
    const at = left.findIndex(({ name }) => name.toLowerCase() === each.trim().toLowerCase());
    return at < 0 ? [] : left.splice(at, 1);
  });
  const unsigned = { ...signature, value: signature.value.replace(/(^|;)(\s*b\s*=)[^;]*/, '$1$2') };
  return fields.map(relaxedHeader).join('') + relaxedHeader(unsigned).slice(0, -2);
}

function headersIn(text: string): readonly Header[] {
  return text
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
    .filter((line) => line.includes(':'))
    .map((line) => ({ name: line.slice(0, line.indexOf(':')).trim(), value: line.slice(line.indexOf(':') + 1) }));
}

function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  while (lines.at(-1) === '') lines.pop();
  return lines.map((line) => `${line}\r\n`).join('');
}

function keyFrom(tags: ReadonlyMap<string, string>): KeyObject | undefined {
  const bytes = Buffer.from(tags.get('p') ?? '', 'base64');
  try {
    if (tags.get('k') !== 'ed25519') return createPublicKey({ key: bytes, format: 'der', type: 'spki' });
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/** White space means nothing in the values that are asked for here. */
function tagsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(';').flatMap((part) => {
      const at = part.indexOf('=');
      return at < 0 ? [] : [[part.slice(0, at).trim(), part.slice(at + 1).replace(/\s+/g, '')] as const];
    }),
  );
}
