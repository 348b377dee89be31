import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deadLinks, openLinks } from '../../src/audience/links.js';
import type { SigningSecret } from '../../src/audience/signature.js';

const first: SigningSecret = { kid: 'a', secret: 'first-secret-of-at-least-32-characters' };
const second: SigningSecret = { kid: 'b', secret: 'second-secret-of-at-least-32-characters' };
const publicUrl = 'https://example.org';
const links = openLinks({ publicUrl, secrets: [first] });

function tokenOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

const readers = fc.record({
  newsletter: fc.oneof(fc.constantFrom('weekly', 'monthly-digest'), fc.string({ unit: 'grapheme', minLength: 1 })),
  subscriber: fc.nat(),
});

describe('signed links', () => {
  it('name the newsletter and the reader to the holder of the secret, and contain no address', () => {
    fc.assert(
      fc.property(readers, ({ newsletter, subscriber }) => {
        const url = links.unsubscribeUrl(newsletter, subscriber);
        expect(new URL(url).href).toBe(url);
        expect(new URL(url).search + new URL(url).hash).toBe('');
        expect(links.verify(tokenOf(url))).toEqual({ newsletter, subscriber });
      }),
    );
  });

  it('are invalid with any one bit changed', () => {
    fc.assert(
      fc.property(readers, fc.nat(), fc.integer({ min: 0, max: 6 }), (reader, place, bit) => {
        const token = tokenOf(links.preferencesUrl(reader.newsletter, reader.subscriber));
        const at = place % token.length;
        const changed = String.fromCharCode(token.charCodeAt(at) ^ (1 << bit));
        expect(links.verify(token.slice(0, at) + changed + token.slice(at + 1))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('are invalid when shortened, extended or invented', () => {
    const token = tokenOf(links.unsubscribeUrl('weekly', 5));
    for (let length = 0; length < token.length; length += 1)
      expect(links.verify(token.slice(0, length))).toBeUndefined();
    fc.assert(fc.property(fc.string({ minLength: 1 }), (more) => links.verify(token + more) === undefined));
    fc.assert(fc.property(fc.string(), (text) => links.verify(text) === undefined));
  });

  it('never name another reader or newsletter', () => {
    const [kid, newsletter, tail] = tokenOf(links.unsubscribeUrl('weekly', 5)).split('.') as [string, string, string];
    expect(links.verify(`${kid}.${newsletter}.6${tail.slice(1)}`)).toBeUndefined();
    expect(links.verify(`${kid}.${newsletter}.05${tail.slice(1)}`)).toBeUndefined();
    expect(links.verify(`${kid}.monthly.${tail}`)).toBeUndefined();
    expect(links.verify(`${kid}.%77eekly.${tail}`)).toBeUndefined();
  });

  it('still work when a new secret signs, until the old one is removed', () => {
    const old = tokenOf(links.unsubscribeUrl('weekly', 5));
    const rotated = openLinks({ publicUrl, secrets: [second, first] });
    expect(rotated.verify(old)).toEqual({ newsletter: 'weekly', subscriber: 5 });
    expect(tokenOf(rotated.unsubscribeUrl('weekly', 5))).toMatch(/^b\./);
    expect(openLinks({ publicUrl, secrets: [second] }).verify(old)).toBeUndefined();
    expect(openLinks({ publicUrl, secrets: [{ ...second, kid: 'a' }] }).verify(old)).toBeUndefined();
  });

  it('fit a header line of 76 characters on a short host, and stay far below the limit on a long one', () => {
    expect(`List-Unsubscribe: <${links.oneClickUrl('weekly', 46_655)}>`.length).toBeLessThanOrEqual(76);
    const long = openLinks({ publicUrl: 'https://newsletters.department.example.org/mail/', secrets: [first] });
    expect(`List-Unsubscribe: <${long.oneClickUrl('monthly-digest', 9_999_999)}>`.length).toBeLessThan(120);
  });

  it('are below the path of the public URL, with or without a trailing slash', () => {
    const below = openLinks({ publicUrl: 'https://example.org/news/', secrets: [first] });
    expect(below.unsubscribeUrl('weekly', 1)).toMatch(/^https:\/\/example\.org\/news\/u\/a\.weekly\.1/);
    expect(below.preferencesUrl('weekly', 1)).toMatch(/^https:\/\/example\.org\/news\/p\/a\.weekly\.1/);
  });

  it('lead to the archive without naming the reader', () => {
    expect(links.webUrl('weekly', 7)).toBe('https://example.org/archive/weekly/7');
  });

  it('need a secret', () => {
    expect(() => openLinks({ publicUrl, secrets: [] })).toThrow(/at least one secret/);
  });
});

it('gives previews links that lead nowhere and say so', () => {
  for (const url of [
    deadLinks.unsubscribeUrl('weekly', 1),
    deadLinks.preferencesUrl('weekly', 1),
    deadLinks.webUrl('weekly', 1),
  ])
    expect(new URL(url).hostname).toBe('preview.invalid');
  expect(deadLinks.verify(tokenOf(links.unsubscribeUrl('weekly', 1)))).toBeUndefined();
});
