/** How the time of our own stages grows with what strangers write: with its length, never with its square. */
import { describe, expect, it } from 'vitest';
import { excerptFrom } from '../../src/compose/excerpt.js';
import { readingMinutesOf } from '../../src/compose/reading-time.js';
import type { Html } from '../../src/domain/html.js';
import { plainTextFrom } from '../../src/render/plain-text.js';
import { CodeRanges } from '../../src/sources/code-ranges.js';
import { withFormulasAsCode } from '../../src/sources/formulas.js';
import { withoutMdx } from '../../src/sources/mdx.js';
import { figureFrom } from '../../src/sources/shortcodes.js';
import { withoutTemplates } from '../../src/sources/template-languages.js';
import { proseText } from '../../src/sources/template-marks.js';
import { HOSTILE_BODIES } from '../support/hostile-bodies.js';

const noCode = () => new CodeRanges([]);
const paragraph = (text: string): Html => [
  { type: 'element', tagName: 'p', properties: {}, children: [{ type: 'text', value: text }] },
];

const STAGES: { readonly [name: string]: (text: string) => unknown } = {
  'finding formulas': (text) => withFormulasAsCode(text, noCode),
  'taking templates out': (text) => withoutTemplates(text, undefined, noCode),
  'taking MDX out': (text) => withoutMdx(text, noCode),
  'cleaning prose': proseText,
  'reading a figure': figureFrom,
  'counting words': (text) => readingMinutesOf(paragraph(text)),
  'cutting an excerpt': (text) => excerptFrom({ body: paragraph(text), language: 'en', usualChars: 300 }),
  'writing plain text': (text) => plainTextFrom(paragraph(text), { width: 72 }),
};

function processorMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const SHORT = 8_000;
const TIMES = 4;
/** Between 4, which is linear, and 16, which is quadratic. */
const MOST_GROWTH = 9;
/** What takes less than this at the longer length is lost in noise, and harmless. */
const TOO_SHORT_TO_TELL_MS = 40;

/** The middle one of three; 1 for what is too short to tell. */
function growthOf(stage: (text: string) => unknown, make: (length: number) => string): number {
  const [short, long] = [make(SHORT), make(SHORT * TIMES)];
  const growths: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const longMs = processorMs(() => stage(long));
    if (longMs < TOO_SHORT_TO_TELL_MS) return 1;
    growths.push(
      longMs /
        Math.max(
          1,
          processorMs(() => stage(short)),
        ),
    );
  }
  return growths.sort((one, other) => one - other)[1] as number;
}

describe.each(Object.entries(STAGES))('%s', (_, stage) => {
  it(`grows with the text, for each of ${HOSTILE_BODIES.length} hostile ones`, () => {
    const slow = HOSTILE_BODIES.map(({ name, make }) => ({ name, growth: growthOf(stage, make) }));
    expect(slow.filter(({ growth }) => growth > MOST_GROWTH)).toEqual([]);
  });
});

describe('the measure itself', () => {
  it('tells a stage that grows with the square', () => {
    const quadratic = (text: string) => {
      let count = 0;
      for (let at = 0; at < text.length; at += 1) for (let to = at; to < text.length; to += 1) count += to & 1;
      return count;
    };
    expect(growthOf(quadratic, (length) => 'a'.repeat(length))).toBeGreaterThan(MOST_GROWTH);
  });
});
