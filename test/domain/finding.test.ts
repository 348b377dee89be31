import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FINDING_LEVELS, findingOf, hasFindingsAt, openMergedFindings, worstFirst } from '../../src/domain/finding.js';

const SAID = { message: 'x', fix: 'y', where: 'z' };
const ERROR = findingOf('link.relative', SAID);
const WARNING = findingOf('link.bare-text', SAID);
const NOTE = findingOf('post.expired', SAID);

it('A level asks for itself and for what is worse', () => {
  expect(hasFindingsAt([WARNING, NOTE], 'error')).toBe(false);
  expect(hasFindingsAt([WARNING], 'warning')).toBe(true);
  expect(hasFindingsAt([ERROR], 'warning')).toBe(true);
  expect(hasFindingsAt([NOTE], 'warning')).toBe(false);
});

it('The worst come first, else the order stays', () => {
  const other = { ...WARNING, where: 'a' };
  expect(worstFirst([NOTE, WARNING, other, ERROR])).toEqual([ERROR, WARNING, other, NOTE]);
});

it('A finding of one edition names it once, however often it occurs there', () => {
  const merged = openMergedFindings();
  merged.add('en', [ERROR, WARNING, WARNING]);
  merged.add('de', [ERROR]);
  expect(merged.findings()).toEqual([ERROR, { ...WARNING, editions: ['en'], editionCount: 1 }]);
});

it('A finding of many editions says in how many it is, and names three', () => {
  const merged = openMergedFindings();
  for (let edition = 0; edition < 100; edition += 1) merged.add(`en: ${edition}`, edition < 40 ? [{ ...WARNING }] : []);
  expect(merged.findings()).toEqual([{ ...WARNING, editions: ['en: 0', 'en: 1', 'en: 2'], editionCount: 40 }]);
});

it('Every code is in docs/checking.md, with its level', () => {
  const rows = readFileSync('docs/checking.md', 'utf8').matchAll(/^\| (`[^|]*`) \| ([^|]*) \|/gm);
  const documented = [...rows].flatMap(([, codes = '', levels = '']) => {
    const each = levels.split(', ');
    return codes.split(', ').map((code, at) => [code.replaceAll('`', ''), each[at] ?? each[0]]);
  });
  expect(Object.fromEntries(documented)).toEqual(FINDING_LEVELS);
});
