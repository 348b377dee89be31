import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arrangement, NO_ARRANGEMENT } from '../../src/domain/arrangement.js';
import { formText } from '../../src/domain/form-text.js';
import { type ArrangeWish, arrange, type Shown } from '../../src/studio/arrange.js';

import { HOSTILE_TEXTS } from '../support/hostile-texts.js';

const SHOWN: Shown = new Map([
  ['software', ['a', 'b', 'c']],
  ['other', ['d']],
]);

function wish(kind: string, fields: Partial<ArrangeWish> = {}): ArrangeWish {
  return { kind, post: 'b', section: 'software', place: '', text: '', version: '', ...fields };
}

const arranged = (before: Partial<Arrangement>, asked: ArrangeWish) =>
  arrange({ ...NO_ARRANGEMENT, ...before }, asked, SHOWN);

describe('a wish of the editor', () => {
  it('puts a post at a place of its section, and writes the order of the whole section', () => {
    expect(arranged({}, wish('place', { place: '3' })).order).toEqual(['a', 'c', 'b']);
    expect(arranged({ order: ['d', 'c', 'a', 'b'] }, wish('place', { place: '1' })).order).toEqual([
      'd',
      'b',
      'a',
      'c',
    ]);
  });

  it('puts pinned posts at a place among themselves', () => {
    const { pinned, order } = arranged({ pinned: ['a', 'd', 'b'] }, wish('place', { place: '1' }));
    expect({ pinned, order }).toEqual({ pinned: ['b', 'd', 'a'], order: [] });
  });

  it('changes nothing where a post stands there already, or is not there, or the place is none', () => {
    const before = { ...NO_ARRANGEMENT, pinned: ['a'], order: ['b', 'c'] };
    for (const asked of [
      { place: '1' },
      { post: 'a', place: '2' },
      { post: 'x', place: '1' },
      { place: '0' },
      { place: 'x' },
    ])
      expect(arranged(before, wish('place', asked))).toEqual(before);
  });

  it('takes a post out of everything when it is left out, and puts it back', () => {
    const before = { pinned: ['b'], order: ['a', 'b'], sections: { b: 'other', a: 'other' } };
    const left = arranged(before, wish('leave-out'));
    expect(left).toEqual({ ...NO_ARRANGEMENT, leftOut: ['b'], order: ['a'], sections: { a: 'other' } });
    expect(arrange(left, wish('put-back'), SHOWN).leftOut).toEqual([]);
  });

  it('leaves out what was brought in by bringing it in no more', () => {
    expect(arranged({ broughtIn: ['b'] }, wish('take-out'))).toEqual(NO_ARRANGEMENT);
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

  it('asks for a result: asked twice is asked once, and no list names a post twice', () => {
    const kinds = ['leave-out', 'put-back', 'bring-in', 'pin', 'unpin', 'place', 'take-out', 'move', 'home'];
    const anyWish = fc.record({
      kind: fc.constantFrom(...kinds),
      post: fc.constantFrom('a', 'b', 'c', 'd'),
      section: fc.constantFrom('software', 'other'),
      place: fc.constantFrom('', '0', '1', '2', '3', '9'),
      text: fc.constant(''),
      version: fc.constant(''),
    });
    fc.assert(
      fc.property(fc.array(anyWish, { maxLength: 30 }), (wishes) => {
        const end = wishes.reduce((before, asked) => {
          const after = arrange(before, asked, SHOWN);
          expect(arrange(after, asked, SHOWN)).toEqual(after);
          return after;
        }, NO_ARRANGEMENT);
        for (const list of [end.pinned, end.leftOut, end.broughtIn, end.order]) {
          expect(new Set(list).size).toBe(list.length);
        }
        expect(end.leftOut.filter((id) => end.pinned.includes(id) || end.broughtIn.includes(id))).toEqual([]);
      }),
    );
  });
});
