import { describe, expect, it } from 'vitest';
import { checkSchedule } from '../../src/platform/check-schedule.js';

describe('checkSchedule', () => {
  it.each([
    '0 8 * * 1',
    '*/15 * * * *',
    '0 9 1,15 * MON-FRI',
    '0 0 1 jan *',
    '0 8 * * 7',
    '0 0 29 2 *',
    '@weekly',
    '@Daily',
    ' 0  8 * * 1 ',
    '0 8-18/2 * * *',
  ])('takes “%s”', (schedule) => {
    expect(checkSchedule(schedule)).toBeUndefined();
  });

  it.each([
    ['', /has 0 fields/],
    ['0 8 * *', /has 4 fields/],
    ['0 0 8 * * 1', /Seconds and years are not supported/],
    ['@reboot', /is not a time/],
    ['@fortnightly', /is not known/],
    ['0 8 ? * 1', /“\?” in the day of the month/],
    ['H 8 * * 1', /“H” in the minute/],
    ['0 8 L * *', /“L” is not a day of the month/],
    ['0 8 15W * *', /is not a day of the month/],
    ['0 8 * * 5#2', /is not a day of the week/],
    ['0 8 * * +1', /is not a day of the week/],
    ['5/15 * * * *', /is not a minute/],
    ['60 8 * * *', /cannot be used/],
    ['0 24 * * *', /cannot be used/],
    ['0 8 0 * *', /cannot be used/],
    ['0 8 5-1 * *', /cannot be used/],
    ['*/0 8 * * *', /cannot be used/],
    ['0 8 * * 1,,2', /is not a day of the week/],
    ['0 8 * * monday', /is not a day of the week/],
    ['0 0 30 2 *', /never happens/],
    ['0 0 31 4,6,9,11 *', /never happens/],
    ['2026-01-01T00:00:00', /has 1 fields/],
  ])('refuses “%s” in a sentence', (schedule, why) => {
    expect(checkSchedule(schedule)).toMatch(why);
  });
});
