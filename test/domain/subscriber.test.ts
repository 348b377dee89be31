import { describe, expect, it } from 'vitest';
import { withBalancedBidi } from '../../src/domain/direction.js';
import { nameAsGiven } from '../../src/domain/subscriber.js';

describe('a name', () => {
  it('is cut between graphemes, never inside an emoji', () => {
    const family = '👩‍👩‍👧‍👦';
    expect(nameAsGiven(`${'a'.repeat(99)}${family}b`)).toBe('a'.repeat(99) + family);
    expect(nameAsGiven('a'.repeat(100) + family)).toBe('a'.repeat(100));
    expect(nameAsGiven(family.repeat(100))).toBe(family.repeat(Math.floor(400 / family.length)));
  });
  it('has no grapheme without end', () => {
    expect(nameAsGiven(`Ann e${'\u0301'.repeat(1000)}`)).toBe('Ann ');
  });
  it('is one line without bidi controls', () => {
    expect(nameAsGiven('Ann\r\nLee')).toBe('Ann Lee');
    expect(nameAsGiven('Ann\u202e\u2066 eeL\u200f')).toBe('Ann eeL\u200f');
  });
});

describe('bidi controls', () => {
  it('stay where each is closed', () => {
    const text = 'a \u2068شاي\u2069 b \u202bc\u202c';
    expect(withBalancedBidi(text)).toBe(text);
  });
  it.each(['a \u202eb', 'a \u2067b', 'a\u2069 b', 'a\u202c b', '\u2067a \u202eb\u2069\u202c', '\u202aa\u2069'])(
    'are taken out of %j',
    (text) => expect(withBalancedBidi(text)).toBe(text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')),
  );
});
