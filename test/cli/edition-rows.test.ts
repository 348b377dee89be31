/** Thousands of editions on a terminal: the largest ones, what is folded, and what they cost. */
import { expect, it } from 'vitest';
import { editionRows } from '../../src/cli/edition-rows.js';

const editionsOf = (count: number) =>
  Array.from({ length: count }, (_, nth) => ({ readers: nth + 1, name: `e${nth + 1}` }));
const rowsOf = (count: number, isAll = false) =>
  editionRows(editionsOf(count), ({ name }) => [name], { indent: '  ', isAll })
    .trimEnd()
    .split('\n');

it('the ten with most readers are listed, and the others are counted', () => {
  const rows = rowsOf(12);
  expect(rows).toHaveLength(11);
  expect(rows[0]).toMatch(/^ {2}12 +e12$/);
  expect(rows[10]).toBe('  and 2 smaller ones, 3 readers (--all lists them)');
});

it('all are listed where all are asked for, or one more takes no more room', () => {
  expect(rowsOf(12, true)).toHaveLength(12);
  expect(rowsOf(11)).toHaveLength(11);
});

it('some thousands are told with what they cost', () => {
  expect(rowsOf(2_999).at(-1)).toContain('smaller ones');
  expect(rowsOf(4_095).at(-1)).toBe('  Making 4,095 editions takes about 9 s and 9 MB in the database.');
});
