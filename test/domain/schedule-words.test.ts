import { expect, it } from 'vitest';
import { scheduleWords } from '../../src/domain/schedule-words.js';

it.each([
  ['0 8 * * 1', 'every Monday at 08:00'],
  ['30 17 * * fri', 'every Friday at 17:30'],
  ['0 8 * * 7', 'every Sunday at 08:00'],
  ['0 8,18 * * *', 'every day at 08:00 and 18:00'],
  ['0 8 * * 1-5', 'every weekday at 08:00'],
  ['0 8 * * mon,wed,fri', 'every Monday, Wednesday and Friday at 08:00'],
  ['0 9 1 * *', 'on the 1st of the month at 09:00'],
  ['0 9 1,13,22 * *', 'on the 1st, 13th and 22nd of the month at 09:00'],
  ['0 9 13 * 5', 'on the 13th of the month and every Friday at 09:00'],
  ['0 9 1 jan,7 *', 'on the 1st of the month in January and July at 09:00'],
  ['@weekly', 'every Sunday at 00:00'],
  ['@hourly', 'every day every hour at minute 0'],
  ['0 9 1-7 * 1', 'at “0 9 1-7 * 1”'],
])('%s is said as “%s”', (schedule, words) => {
  expect(scheduleWords(schedule)).toBe(words);
});
