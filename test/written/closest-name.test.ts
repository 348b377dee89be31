import { describe, expect, it } from 'vitest';
import { durationMs } from '../../src/config/duration.js';
import { closestName, didYouMean } from '../../src/written/closest-name.js';

const KNOWN = ['schedule', 'sources', 'sender', 'subject', 'id'];

describe('an unknown name', () => {
  it.each([
    ['schedul', 'schedule'],
    ['Schedule', 'schedule'],
    ['shcedule', 'schedule'],
    ['source', 'sources'],
    ['sendre', 'sender'],
    ['di', 'id'],
  ])('“%s” was probably meant to be “%s”', (written, meant) => {
    expect(closestName(written, KNOWN)).toBe(meant);
  });

  it.each(['colour', 'x', 'timezone', ''])('“%s” is like none', (written) => {
    expect(closestName(written, KNOWN)).toBeUndefined();
    expect(didYouMean(written, KNOWN)).toBe('');
  });
});

describe('a duration', () => {
  it.each([
    ['90m', 5_400_000],
    ['24h', 86_400_000],
    ['30d', 2_592_000_000],
    ['2 w', 1_209_600_000],
  ])('“%s” has %d milliseconds', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  it.each(['', '0d', '-1d', '1.5h', '30', '30 days', 'd', '1000000d', '30D'])('“%s” is none', (text) => {
    expect(durationMs(text)).toBeUndefined();
  });
});
