import { describe, expect, it } from 'vitest';
import { canonicalOf } from '../../src/sources/post-canonical.js';
import { postOf, withKeys } from '../support/sources-files.js';

describe('the address a post names as its own', () => {
  it.each(['canonical_url', 'canonicalURL', 'canonicalUrl', 'canonical'])('is read from %s', (key) => {
    const post = postOf(withKeys(`${key}: https://first.example.org/a`));
    expect(post.canonical).toBe('https://first.example.org/a');
    expect(post.url).not.toBe(post.canonical);
  });

  it.each([undefined, '/a', 'javascript:alert(1)', 'https://', `https://a.example/${'x'.repeat(3000)}`])(
    'is none: %s',
    (written) => {
      expect(canonicalOf(written, undefined)).toEqual({});
    },
  );

  it('is nothing besides the address it is read at', () => {
    expect(canonicalOf('https://a.example/b', 'https://a.example/b')).toEqual({});
  });
});
