import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arrangement, NO_ARRANGEMENT } from '../../src/domain/arrangement.js';
import { formText } from '../../src/domain/form-text.js';
import { type ArrangementChange, changeArrangement, type ShownSections } from '../../src/studio/change-arrangement.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';

const SHOWN: ShownSections = new Map([
  ['software', ['a', 'b', 'c']],
  ['other', ['d']],
]);

function change(kind: string, fields: Partial<ArrangementChange> = {}): ArrangementChange {
  return { kind, post: 'b', section: 'software', place: '', text: '', version: '', ...fields };
}

const changed = (before: Partial<Arrangement>, asked: ArrangementChange) =>
  changeArrangement({ ...NO_ARRANGEMENT, ...before }, asked, SHOWN);

describe('A change of an arrangement', () => {
  it('puts a post at a place of its section, and writes the order of the whole section', () => {
    expect(changed({}, change('place', { place: '3' })).order).toEqual(['a', 'c', 'b']);
    expect(changed({ order: ['d', 'c', 'a', 'b'] }, change('place', { place: '1' })).order).toEqual([
      'd',
      'b',
      'a',
      'c',
    ]);
  });

  it('puts pinned posts at a place among themselves', () => {
    const { pinned, order } = changed({ pinned: ['a', 'd', 'b'] }, change('place', { place: '1' }));
    expect({ pinned, order }).toEqual({ pinned: ['b', 'd', 'a'], order: [] });
  });

  it('changes nothing if the post is already there, is not in the section, or the place does not exist', () => {
    const before = { ...NO_ARRANGEMENT, pinned: ['a'], order: ['b', 'c'] };
    for (const asked of [
      { place: '1' },
      { post: 'a', place: '2' },
      { post: 'x', place: '1' },
      { place: '0' },
      { place: 'x' },
    ])
      expect(changed(before, change('place', asked))).toEqual(before);
  });

  it('removes an excluded post from all other lists, and includes it again', () => {
    const before = { pinned: ['b'], order: ['a', 'b'], sections: { b: 'other', a: 'other' } };
    const left = changed(before, change('exclude'));
    expect(left).toEqual({ ...NO_ARRANGEMENT, excluded: ['b'], order: ['a'], sections: { a: 'other' } });
    expect(changeArrangement(left, change('include'), SHOWN).excluded).toEqual([]);
  });

  it('removes an added post by no longer adding it', () => {
    expect(changed({ added: ['b'] }, change('remove'))).toEqual(NO_ARRANGEMENT);
  });

  it('keeps texts byte for byte, and removes empty ones', () => {
    for (const text of HOSTILE_TEXTS.map(formText)) {
      expect(changed({ introduction: 'Old' }, change('introduction', { text })).introduction).toBe(text);
      expect(changed({}, change('subject', { text })).subject).toBe(text);
    }
    expect(changed({ introduction: 'Old' }, change('introduction', { text: '' }))).toEqual(NO_ARRANGEMENT);
  });

  it('keeps a text that a page cannot show exactly as it is in the file, unless it is changed', () => {
    const introduction = 'Two\r\nlines and \0';
    expect(changed({ introduction }, change('introduction', { text: 'Two\nlines and \ufffd' })).introduction).toBe(
      introduction,
    );
    expect(changed({ introduction }, change('introduction', { text: 'Two\nlines' })).introduction).toBe('Two\nlines');
  });

  it('does not overwrite texts in several languages', () => {
    expect(() =>
      changed({ introduction: { en: 'Hello', de: 'Hallo' } }, change('introduction', { text: 'x' })),
    ).toThrow('several languages');
  });

  it('is refused if its kind is unknown', () => {
    for (const kind of ['', 'explode', 'constructor', '__proto__'])
      expect(() => changed({}, change(kind))).toThrow('not a change of an arrangement');
  });

  it('names a result: repeating it changes nothing, and no list names a post twice', () => {
    const kinds = ['exclude', 'include', 'add', 'pin', 'unpin', 'place', 'remove', 'move', 'reset-section'];
    const anyChange = fc.record({
      kind: fc.constantFrom(...kinds),
      post: fc.constantFrom('a', 'b', 'c', 'd'),
      section: fc.constantFrom('software', 'other'),
      place: fc.constantFrom('', '0', '1', '2', '3', '9'),
      text: fc.constant(''),
      version: fc.constant(''),
    });
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 30 }), (changes) => {
        const end = changes.reduce((before, asked) => {
          const after = changeArrangement(before, asked, SHOWN);
          expect(changeArrangement(after, asked, SHOWN)).toEqual(after);
          return after;
        }, NO_ARRANGEMENT);
        for (const list of [end.pinned, end.excluded, end.added, end.order]) {
          expect(new Set(list).size).toBe(list.length);
        }
        expect(end.excluded.filter((id) => end.pinned.includes(id) || end.added.includes(id))).toEqual([]);
      }),
    );
  });
});
