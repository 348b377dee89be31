import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrangementText } from '../../src/config/arrangement-text.js';
import { readArrangement } from '../../src/config/read-arrangement.js';
import { type Arrangement, NO_ARRANGEMENT } from '../../src/domain/arrangement.js';
import { OTHER } from '../../src/domain/category.js';
import { formText } from '../../src/domain/form-text.js';
import { aNewsletter } from '../support/builders.js';
import { HOSTILE_LINES, HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { runs } from '../support/runs.js';

const newsletter = aNewsletter();
const SPECIAL = [
  '#',
  ':',
  '- a',
  '"',
  "'",
  '|',
  '>',
  '*a',
  '&a',
  '!b',
  '@',
  '{',
  '}',
  '[',
  'true',
  '1',
  '~',
  '%',
  '\\',
];
const piece = fc.oneof(
  fc.constantFrom(...SPECIAL),
  fc.string({ maxLength: 8 }),
  fc.constantFrom('a', 'ü', ' ', '日本', '🎂'),
);
const joined = (separator: string) =>
  fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(separator));

const key = joined(' ').filter((text) => text !== '' && !/\p{Cc}/u.test(text));
const line = fc.oneof(key, fc.constantFrom(...HOSTILE_LINES));
const prose = fc.oneof(
  fc.array(joined('  '), { minLength: 1, maxLength: 5 }).map((lines) => lines.join('\n')),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).map(formText),
  fc.constantFrom(...HOSTILE_TEXTS.map(formText)),
);
const byLanguage = (text: fc.Arbitrary<string>) => fc.oneof(text, fc.record({ en: text, de: text }));

const arrangements: fc.Arbitrary<Arrangement> = fc
  .record(
    {
      posts: fc.uniqueArray(key, { maxLength: 8 }),
      cut: fc.tuple(fc.nat(8), fc.nat(8)),
      order: fc.uniqueArray(key, { maxLength: 4 }),
      sections: fc.dictionary(key, fc.constantFrom('chemistry', 'software', OTHER), { maxKeys: 3 }),
      introduction: byLanguage(prose),
      subject: byLanguage(line),
    },
    { requiredKeys: ['posts', 'cut', 'order', 'sections'] },
  )
  .map(({ posts, cut: [one, other], ...rest }) => ({
    ...rest,
    sections: { ...rest.sections },
    pinned: posts.slice(0, one),
    excluded: posts.slice(one, one + other),
    added: posts.slice(one + other),
  }));

function read(text: string): Arrangement {
  return readArrangement(new TextEncoder().encode(text), 'file.yaml', newsletter).arrangement;
}

/** Notes in every place of a file, each once. */
function noted(text: string): string {
  let count = 0;
  const lines = text.split('\n').flatMap((each) => {
    if (!/^[a-zA-Z]+:/.test(each)) return [each];
    count += 1;
    return [`# note ${count}`, each];
  });
  return `${lines.join('\n')}# the end\n`;
}

describe('The text of an arrangement', () => {
  it('reads back as what was written, whatever stood there before', () => {
    fc.assert(
      fc.property(arrangements, arrangements, (one, other) => {
        const first = arrangementText(undefined, one);
        expect(read(first)).toEqual(one);
        const second = arrangementText(first, other);
        expect(read(second)).toEqual(other);
        expect(arrangementText(second, other)).toBe(second);
      }),
      { numRuns: runs(80) },
    );
  });

  it('keeps every comment between the keys', () => {
    fc.assert(
      fc.property(arrangements, arrangements, (one, other) => {
        const before = noted(arrangementText(undefined, one));
        const after = arrangementText(before, other);
        expect(read(after)).toEqual(other);
        const notesIn = (text: string) => text.split('\n').filter((each) => /^# (?:note \d+|the end)$/.test(each));
        expect(notesIn(after)).toEqual(notesIn(before));
        expect(read(arrangementText(after, NO_ARRANGEMENT))).toEqual(NO_ARRANGEMENT);
      }),
      { numRuns: runs(60) },
    );
  });
});
