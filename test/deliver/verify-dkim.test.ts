import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { DkimKey } from '../../src/deliver/dkim.js';
import { openMailBuilder } from '../../src/deliver/message.js';
import { verifyDkim } from '../../src/deliver/verify-dkim.js';
import { AT, aDelivery, anEdition, links, rawOf } from '../support/deliver-messages.js';

const pem = { type: 'pkcs8', format: 'pem' } as const;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const keyOf = (selector: string, key: KeyObject): DkimKey => ({
  domain: 'example.org',
  selector,
  privateKey: key.export(pem).toString(),
});
const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });
const ZONE = {
  's1._domainkey.example.org': `v=DKIM1; k=rsa; p=${spki(rsa.publicKey)
    .toString('base64')
    .replace(/(.{60})/g, '$1 ')}`,
  'e1._domainkey.example.org': `v=DKIM1; k=ed25519; p=${spki(ed25519.publicKey).subarray(-32).toString('base64')}`,
};

const KEYS = [keyOf('s1', rsa.privateKey), keyOf('e1', ed25519.privateKey)];

async function aMessage(): Promise<Buffer> {
  return rawOf(await openMailBuilder({ links, dkim: KEYS }).build(anEdition(), aDelivery(), AT));
}

async function verdicts(raw: Uint8Array, zone: { readonly [name: string]: string } = ZONE) {
  const found = await verifyDkim(raw, async (name) => (zone[name] === undefined ? [] : [zone[name]]));
  return found.map(({ name, result }) => `${name.split('.')[0]} ${result}`);
}

function edited(raw: Buffer, from: string, to: string): Buffer {
  const text = raw.toString('latin1');
  expect(text).toContain(from);
  return Buffer.from(text.replace(from, to), 'latin1');
}

describe('a receiver', () => {
  it('passes what Gazette signs, with RSA and with Ed25519', async () => {
    expect(await verdicts(await aMessage())).toEqual(['s1 pass', 'e1 pass']);
  });

  it('fails a body, a subject or a field more that came in on the way', async () => {
    const raw = await aMessage();
    const end = raw.toString('latin1').trimEnd();
    expect(await verdicts(Buffer.from(`${end}\r\nmore\r\n`, 'latin1'))).toEqual(['s1 bad-body', 'e1 bad-body']);
    expect(await verdicts(edited(raw, 'Subject: ', 'Subject: Not '))).toEqual(['s1 wrong-key', 'e1 wrong-key']);
    const twice = edited(raw, '\r\nSubject: ', '\r\nSubject: first\r\nSubject: ');
    expect(await verdicts(twice)).toEqual(['s1 wrong-key', 'e1 wrong-key']);
  });

  it('needs the other half of the key, where the signature says it is', async () => {
    const raw = await aMessage();
    const other = `v=DKIM1; p=${spki(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey).toString('base64')}`;
    const name = 's1._domainkey.example.org';
    expect((await verdicts(raw, { [name]: other }))[0]).toBe('s1 wrong-key');
    expect((await verdicts(raw, { [name]: 'v=DKIM1; p=' }))[0]).toBe('s1 revoked');
    expect((await verdicts(raw, { [name]: 'v=DKIM1; p=bm8ga2V5' }))[0]).toBe('s1 bad-key');
    expect(await verdicts(raw, {})).toEqual(['s1 no-key', 'e1 no-key']);
  });

  it('finds nothing to judge where nobody signed', async () => {
    expect(await verdicts(rawOf(await openMailBuilder({ links }).build(anEdition(), aDelivery(), AT)))).toEqual([]);
  });
});
