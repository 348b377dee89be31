import { describe, expect, it } from 'vitest';
import { EditionCache } from '../../src/deliver/edition-cache.js';

describe('the cache of encoded editions', () => {
  it('makes an entry once and gives it again', () => {
    const cache = new EditionCache(100);
    const made = { bytes: 10 };
    expect(cache.get('a', () => made)).toBe(made);
    expect(cache.get('a', () => ({ bytes: 10 }))).toBe(made);
  });

  it('lets go of what was used longest ago when there is no room', () => {
    const cache = new EditionCache<{ bytes: number; name: string }>(30);
    const entry = (name: string) => cache.get(name, () => ({ bytes: 10, name }));
    const [a, b, c] = ['a', 'b', 'c'].map(entry);
    expect(entry('a')).toBe(a);
    entry('d');
    expect(entry('a')).toBe(a);
    expect(entry('c')).toBe(c);
    expect(entry('b')).not.toBe(b);
  });

  it('keeps the latest entry even when it alone is larger than the room', () => {
    const cache = new EditionCache(10);
    const large = cache.get('a', () => ({ bytes: 50 }));
    expect(cache.get('a', () => ({ bytes: 50 }))).toBe(large);
  });
});
