import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arrangement, NO_ARRANGEMENT } from '../../src/domain/arrangement.js';
import { formText } from '../../src/domain/form-text.js';
import { type ArrangeWish, arrange, type Shown } from '../../src/flows/studio/arrange.js';

import { HOSTILE_TEXTS } from '../support/hostile-texts.js';

const SHOWN: Shown = new Map([
  ['software', ['a', 'b', 'c']],
  ['other', ['d']],
]);

function wish(kind: string, fields: Partial<ArrangeWish> = {}): ArrangeWish {
  return { kind, post: 'b', section: 'software', neighbour: '', text: '', version: '', ...fields };
}

const arranged = (before: Partial<Arrangement>, asked: ArrangeWish) =>
  arrange({ ...NO_ARRANGEMENT, ...before }, asked, SHOWN);

describe('a wish of the editor', () => {
  it('changes the places of two posts, and writes the order of the whole section', () => {
    expect(arranged({}, wish('swap', { neighbour: 'c' })).order).toEqual(['a', 'c', 'b']);
    expect(arranged({ order: ['d', 'c', 'a', 'b'] }, wish('swap', { neighbour: 'a' })).order).toEqual([
      'd',
      'b',
      'a',
      'c',
    ]);
  });

  it('changes the places of pinned posts among themselves', () => {
    const { pinned, order } = arranged({ pinned: ['a', 'b'] }, wish('swap', { neighbour: 'a' }));
    expect({ pinned, order }).toEqual({ pinned: ['b', 'a'], order: [] });
  });

  it('changes nothing between a pinned post and one that is not: pinned ones stand first', () => {
    const before = { ...NO_ARRANGEMENT, pinned: ['a'], order: ['b', 'c'] };
    expect(arranged(before, wish('swap', { neighbour: 'a' }))).toEqual(before);
    expect(arranged(before, wish('swap', { post: 'a', neighbour: 'b' }))).toEqual(before);
  });

  it('takes a post out of everything when it is left out, and puts it back', () => {
    const before = { pinned: ['b'], order: ['a', 'b'], sections: { b: 'other', a: 'other' } };
    const left = arranged(before, wish('leave-out'));
    expect(left).toEqual({ ...NO_ARRANGEMENT, leftOut: ['b'], order: ['a'], sections: { a: 'other' } });
    expect(arrange(left, wish('put-back'), SHOWN).leftOut).toEqual([]);
  });

  it('leaves out what was brought in by bringing it in no more', () => {
    expect(arranged({ broughtIn: ['b'] }, wish('leave-out'))).toEqual(NO_ARRANGEMENT);
  });

  it('keeps words byte for byte, and takes them away when they are emptied', () => {
    for (const text of HOSTILE_TEXTS.map(formText)) {
      expect(arranged({ introduction: 'Old' }, wish('introduce', { text })).introduction).toBe(text);
      expect(arranged({}, wish('subject', { text })).subject).toBe(text);
    }
    expect(arranged({ introduction: 'Old' }, wish('introduce', { text: '' }))).toEqual(NO_ARRANGEMENT);
  });

  it('leaves words that no page can show exactly as the file has them, unless they are changed', () => {
    const introduction = 'Two\r\nlines and \0';
    expect(arranged({ introduction }, wish('introduce', { text: 'Two\nlines and \ufffd' })).introduction).toBe(
      introduction,
    );
    expect(arranged({ introduction }, wish('introduce', { text: 'Two\nlines' })).introduction).toBe('Two\nlines');
  });

  it('does not write over words in several languages', () => {
    expect(() => arranged({ introduction: { en: 'Hello', de: 'Hallo' } }, wish('introduce', { text: 'x' }))).toThrow(
      'several languages',
    );
  });

  it('is refused when nobody knows it', () => {
    for (const kind of ['', 'explode', 'constructor', '__proto__'])
      expect(() => arranged({}, wish(kind))).toThrow('cannot be arranged');
  });

  it('never names a post twice in a list, whatever is asked and in which order', () => {
    const kinds = ['leave-out', 'put-back', 'bring-in', 'pin', 'unpin', 'swap', 'move', 'home'];
    const anyWish = fc.record({
      kind: fc.constantFrom(...kinds),
      post: fc.constantFrom('a', 'b', 'c', 'd'),
      section: fc.constantFrom('software', 'other'),
      neighbour: fc.constantFrom('a', 'b', 'c', 'd'),
      text: fc.constant(''),
      version: fc.constant(''),
    });
    fc.assert(
      fc.property(fc.array(anyWish, { maxLength: 30 }), (wishes) => {
        const end = wishes.reduce((before, asked) => arrange(before, asked, SHOWN), NO_ARRANGEMENT);
        for (const list of [end.pinned, end.leftOut, end.broughtIn, end.order]) {
          expect(new Set(list).size).toBe(list.length);
        }
        expect(end.leftOut.filter((id) => end.pinned.includes(id) || end.broughtIn.includes(id))).toEqual([]);
      }),
    );
  });
});
