import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openBounceAddresses } from '../../src/audience/bounce-addresses.js';
import { openLinks } from '../../src/audience/links.js';
import type { SigningSecret } from '../../src/audience/signature.js';
import { addressFrom } from '../../src/domain/address.js';

const first: SigningSecret = { kid: 'a1', secret: 'first-secret-of-at-least-32-characters' };
const second: SigningSecret = { kid: 'b2', secret: 'second-secret-of-at-least-32-characters' };
const bounces = openBounceAddresses({ address: 'Bounces@mail.example.org', secrets: [first] });
const deliveries = fc.record({ issue: fc.nat(), subscriber: fc.nat() });

describe('bounce addresses', () => {
  it('name their delivery, in an address that every server accepts, in any letter case', () => {
    fc.assert(
      fc.property(deliveries, (delivery) => {
        const address = bounces.bounceAddress(delivery);
        expect(addressFrom(address)?.address).toBe(address);
        expect(bounces.verify(address)).toEqual(delivery);
        expect(bounces.verify(address.toUpperCase())).toEqual(delivery);
        expect(bounces.verify(address.toLowerCase())).toEqual(delivery);
      }),
    );
  });

  it('of the other purpose name the delivery as well, and unsubscribe', () => {
    fc.assert(
      fc.property(deliveries, (delivery) => {
        const address = bounces.unsubscribeAddress(delivery);
        expect(address).not.toBe(bounces.bounceAddress(delivery));
        expect(addressFrom(address)?.address).toBe(address);
        expect(bounces.verify(address.toUpperCase())).toEqual(delivery);
        expect(bounces.isUnsubscribe(address.toUpperCase())).toBe(true);
        expect(bounces.isUnsubscribe(bounces.bounceAddress(delivery))).toBe(false);
      }),
    );
  });

  it('are invalid with any one character changed', () => {
    fc.assert(
      fc.property(deliveries, fc.nat(), fc.constantFrom(...'abz029-+@'), (delivery, place, character) => {
        const address = bounces.bounceAddress(delivery).toLowerCase();
        const at = place % address.length;
        fc.pre(address[at] !== character);
        expect(bounces.verify(address.slice(0, at) + character + address.slice(at + 1))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('are invalid when invented', () => {
    fc.assert(fc.property(fc.string(), (text) => bounces.verify(text) === undefined));
    expect(bounces.verify('bounces@mail.example.org')).toBeUndefined();
    expect(bounces.verify('bounces+a1-1-1-aaaaaaaaaaaaaaaa@mail.example.org')).toBeUndefined();
  });

  it('still work when a new secret signs', () => {
    const address = bounces.bounceAddress({ issue: 3, subscriber: 4 });
    const rotated = openBounceAddresses({ address: 'Bounces@mail.example.org', secrets: [second, first] });
    expect(rotated.verify(address)).toEqual({ issue: 3, subscriber: 4 });
    expect(
      openBounceAddresses({ address: 'Bounces@mail.example.org', secrets: [second] }).verify(address),
    ).toBeUndefined();
  });

  it('cannot be used to unsubscribe a reader', () => {
    const links = openLinks({ publicUrl: 'https://example.org', secrets: [first] });
    const signature = bounces.bounceAddress({ issue: 1, subscriber: 1 }).split(/[-@]/)[3] ?? '';
    expect(links.verify(`a1.1.1${signature}`)).toBeUndefined();
  });

  it('are refused on a mailbox whose name leaves no room for the signature', () => {
    const address = `${'x'.repeat(24)}@example.org`;
    expect(() => openBounceAddresses({ address, secrets: [first] })).toThrow(/too long to carry a signature/);
  });
});
