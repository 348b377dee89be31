import { expect, it } from 'vitest';
import { dayText, momentText } from '../../src/domain/moment-text.js';

it('A moment is shown as the clocks of its zone show it, with weekday, year and zone', () => {
  const moment = new Date('2026-11-30T23:30:00Z');
  expect(momentText(moment, 'Europe/London')).toBe('Mon 30 Nov 2026, 23:30 GMT');
  expect(momentText(moment, 'Europe/Berlin')).toBe('Tue 1 Dec 2026, 00:30 CET');
  expect(momentText(moment, 'UTC')).toBe('Mon 30 Nov 2026, 23:30 UTC');
  expect(dayText(moment, 'Europe/London')).toBe('2026-11-30');
  expect(dayText(moment, 'Asia/Tokyo')).toBe('2026-12-01');
});
