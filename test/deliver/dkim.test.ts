import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { describe, expect, it } from 'vitest';
import type { DkimKey } from '../../src/deliver/dkim.js';
import { openMailBuilder } from '../../src/deliver/message.js';
import { AT, aChoice, aDelivery, aMergeField, anEdition, fieldsOf, links, rawOf } from '../support/deliver-messages.js';

const DOMAIN = 'fourth-floor.example.org';
const pem = { type: 'pkcs8', format: 'pem' } as const;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const rsaKey: DkimKey = { domain: DOMAIN, selector: 'r1', privateKey: rsa.privateKey.export(pem).toString() };
const edKey: DkimKey = { domain: DOMAIN, selector: 'e1', privateKey: ed25519.privateKey.export(pem).toString() };

/** The zone of our domain, without a network. */
async function resolver(name: string): Promise<string[][]> {
  if (name === `r1._domainkey.${DOMAIN}`)
    return [[`v=DKIM1; k=rsa; p=${rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`]];
  if (name === `e1._domainkey.${DOMAIN}`)
    return [
      [
        `v=DKIM1; k=ed25519; p=${ed25519.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')}`,
      ],
    ];
  throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
}

async function verdictsOn(raw: Buffer): Promise<readonly string[]> {
  const { results } = await dkimVerify(raw, { resolver });
  return results.map(({ selector, status }) => `${selector} ${status.result}`);
}

async function signed(
  edition = anEdition(),
  delivery = aDelivery(),
  dkim: readonly DkimKey[] = [rsaKey],
): Promise<Buffer> {
  return rawOf(await openMailBuilder({ links, dkim }).build(edition, delivery, AT));
}

describe('a DKIM signature', () => {
  it('is accepted by a verifier we did not write', async () => {
    expect(await verdictsOn(await signed())).toEqual(['r1 pass']);
    expect(await verdictsOn(await signed(anEdition(), aDelivery(), [rsaKey, edKey]))).toEqual(['r1 pass', 'e1 pass']);
  });

  it('holds for every edition and every reader, also the second of an edition', async () => {
    const builder = openMailBuilder({ links, dkim: [rsaKey] });
    const text = fc.string({ unit: 'grapheme', maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(text, text, text, fc.nat(), async (subject, body, name, id) => {
        const pieces = [
          aChoice('name', ['Dear you'], ['Dear reader']),
          `  ${body}\t x  y \n\n`,
          aMergeField('name', 'text'),
          `${body}  \n\n\n`,
        ] as const;
        const edition = anEdition({
          id,
          mail: { subject: [subject, aMergeField('name', 'header')], html: pieces, text: pieces },
        });
        for (const [subscriber, called] of [name, '', name, ''].entries()) {
          const raw = rawOf(await builder.build(edition, aDelivery({ subscriber, name: called }), AT));
          expect(await verdictsOn(raw)).toEqual(['r1 pass']);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('survives a relay that folds white space, as relaxed signatures may', async () => {
    const raw = (await signed()).toString('latin1').replace(/^Subject: /m, 'SUBJECT:\t ');
    expect(await verdictsOn(Buffer.from(raw, 'latin1'))).toEqual(['r1 pass']);
  });

  it.each([
    ['From', 'From: x@example.com'],
    ['Subject', 'Subject: Other'],
    ['To', 'To: x@example.com'],
    ['Reply-To', 'Reply-To: x@example.com'],
    ['List-Unsubscribe', 'List-Unsubscribe: <https://example.com/>'],
    ['List-Unsubscribe-Post', 'List-Unsubscribe-Post: List-Unsubscribe=One-Click'],
  ])('breaks when a second %s is added', async (_name, line) => {
    const raw = Buffer.concat([Buffer.from(`${line}\r\n`), await signed()]);
    expect(await verdictsOn(raw)).toEqual(['r1 fail']);
  });

  // The verifier’s word for a body hash that does not match.
  it('breaks when the body is changed', async () => {
    const raw = (await signed()).toString('latin1').replace('Leave', 'Leaf!');
    expect(await verdictsOn(Buffer.from(raw, 'latin1'))).toEqual(['r1 neutral']);
  });

  it('covers both headers of one-click unsubscribing, and every field that says something', async () => {
    const fields = fieldsOf(await signed(anEdition({ issue: { replyTo: 'editors@fourth-floor.example.org' } })));
    const value = fields.find(({ name }) => name === 'DKIM-Signature')?.value ?? '';
    const covered = (/h=([^;]*)/.exec(value)?.[1] ?? '').replace(/\s/g, '').split(':');
    const silent = ['DKIM-Signature', 'X-Auto-Response-Suppress'];
    for (const { name } of fields) if (!silent.includes(name)) expect(covered).toContain(name.toLowerCase());
    expect(covered.filter((name) => name === 'list-unsubscribe')).toHaveLength(2);
  });

  it.each([
    ['no key at all', 'nonsense'],
    ['too short', generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey.export(pem).toString()],
    ['of another kind', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(pem).toString()],
  ])('is refused from a key that is %s', (_what, privateKey) => {
    expect(() => openMailBuilder({ links, dkim: [{ ...rsaKey, privateKey }] })).toThrow(
      expect.objectContaining({ code: 'env.invalid' }),
    );
  });
});
