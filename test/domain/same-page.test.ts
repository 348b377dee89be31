import { expect, it } from 'vitest';
import { pageOf, spellingsOf, withoutTracking } from '../../src/domain/same-page.js';

it('One page has one name, however its address is spelled', () => {
  const page = pageOf('https://blog.example.org/a/');
  for (const url of [
    'http://blog.example.org/a/',
    'https://www.blog.example.org/a',
    'https://BLOG.example.org/a/#top',
    'https://blog.example.org/a/?utm_source=feed&utm_medium=rss&fbclid=1',
  ])
    expect(pageOf(url)).toBe(page);
  for (const url of [
    'https://blog.example.org/b/',
    'https://blog.example.org/a/?p=1',
    'https://example.org/a/',
    'http://blog.example.org:8080/a/',
  ])
    expect(pageOf(url)).not.toBe(page);
  expect([pageOf('mailto:a@b.example'), pageOf('')]).toEqual(['mailto:a@b.example', '']);
});

it('Only tracking is taken from an address', () => {
  expect(withoutTracking('https://a.example/?p=1&utm_source=x&q=%20')).toBe('https://a.example/?p=1&q=+');
  expect(withoutTracking('https://a.example/?q=%20')).toBe('https://a.example/?q=%20');
  expect(spellingsOf('https://a.example/b')).toContain('http://www.a.example/b/');
});
