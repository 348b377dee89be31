import { describe, expect, it } from 'vitest';
import { formatShownDate, shownDateOf } from '../../src/domain/shown-date.js';

describe('the date a post is shown with', () => {
  const publishedAt = new Date('2026-06-08T23:00:00Z');

  it('is its moment, by the clocks of the reader’s zone', () => {
    const shown = shownDateOf({ publishedAt });
    expect(formatShownDate(shown, 'en-GB', { dateStyle: 'long', timeZone: 'Europe/London' })).toBe('9 June 2026');
    expect(formatShownDate(shown, 'en-GB', { dateStyle: 'long', timeZone: 'America/Phoenix' })).toBe('8 June 2026');
  });

  it.each(['America/Phoenix', 'UTC', 'Pacific/Kiritimati'])(
    'is its day in %s too, when no time is written',
    (timeZone) => {
      const shown = shownDateOf({ publishedAt, publishedOn: '2026-06-09' });
      expect(formatShownDate(shown, 'en-GB', { dateStyle: 'long', timeZone })).toBe('9 June 2026');
      expect(formatShownDate(shown, 'en-GB', { day: 'numeric', hour: '2-digit', timeZone })).toBe('9');
    },
  );

  it.each(['soon', 7, undefined, '2026-06-09T10:00'])('cannot be %s', (shown) => {
    expect(() => formatShownDate(shown, 'en', { timeZone: 'UTC' })).toThrow();
  });
});
