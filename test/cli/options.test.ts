import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { instantFrom } from '../../src/cli/options.js';

describe('a moment on the command line', () => {
  it.each([
    ['2026-06-15T08:00:00+01:00', '2026-06-15T07:00:00.000Z'],
    ['2026-06-15T08:00Z', '2026-06-15T08:00:00.000Z'],
    ['2026-06-15', '2026-06-15T00:00:00.000Z'],
    ['2026-06-15 08:00', '2026-06-15T08:00:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
  ])('%s is %s: UTC without an offset', (text, instant) => {
    expect(instantFrom(text).toISOString()).toBe(instant);
  });

  it.each([
    'yesterday',
    '2026-13-01',
    '2026-02-31',
    '2026-02-29',
    '2026-06-15xyz',
    '2026-06-15T25:00',
    '2026-06-15T08:00+99:00',
    '20260615',
    '',
  ])('“%s” is refused', (text) => {
    expect(() => instantFrom(text)).toThrow(InvalidArgumentError);
  });
});
