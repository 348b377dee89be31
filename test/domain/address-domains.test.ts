/** Domains are read as a browser reads host names, also where that is known without asking it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asciiDomainFrom } from '../../src/domain/address.js';

it.each([
  ['Example.ORG', 'example.org'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['a--b.example', 'a--b.example'],
  ['127.0.0.1', undefined],
  ['example.0x7f', undefined],
  ['example', undefined],
  ['example..org', undefined],
  ['-a.example', undefined],
])('%s is %s', (domain, expected) => {
  expect(asciiDomainFrom(domain)).toBe(expected);
});

it('gives the host name of a URL, or none', () => {
  const piece = fc.constantFrom('a', 'b', 'Z', '0', '1', '9', '-', '.', 'xn--', '0x', 'e');
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 9 }), (pieces) => {
      const found = asciiDomainFrom(pieces.join(''));
      if (found !== undefined) expect(new URL(`http://${pieces.join('')}/`).hostname).toBe(found);
    }),
  );
});
