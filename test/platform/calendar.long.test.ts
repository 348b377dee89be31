import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronCalendar } from '../../src/platform/calendar.js';
import { firstInstantsOfDay, slowOccurrences } from '../support/platform-oracle.js';

function occurrencesBetween(schedule: string, timezone: string, from: Date, to: Date): readonly string[] {
  const found: string[] = [];
  for (let at = cronCalendar.next(schedule, timezone, from); at < to; at = cronCalendar.next(schedule, timezone, at))
    found.push(at.toISOString());
  return found;
}

function occurrencesBackwards(schedule: string, timezone: string, from: Date, to: Date): readonly string[] {
  const found: string[] = [];
  for (let at = cronCalendar.previous(schedule, timezone, to); at > from; ) {
    found.unshift(at.toISOString());
    at = cronCalendar.previous(schedule, timezone, at);
  }
  return found;
}

/** Days on which clocks jump, forward and back. */
const JUMPS: readonly [string, string][] = [
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Europe/London', '2026-03-29'],
  ['Europe/London', '2026-10-25'],
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['Africa/Cairo', '2024-04-26'],
  ['Africa/Cairo', '2024-10-31'],
  ['Asia/Beirut', '2026-03-29'],
  ['Asia/Beirut', '2026-10-25'],
  ['Pacific/Apia', '2011-12-30'],
];

const SCHEDULES = ['30 2 * * *', '0 0 * * *', '30 1 * * *', '15,45 0-3 * * *', '*/20 * * * *', '0 9 * * *'];

describe('the calendar', () => {
  for (const [timezone, day] of JUMPS) {
    it(`keeps to the law when clocks jump in ${timezone} around ${day}`, () => {
      const from = new Date(Date.parse(day) - 36 * 3_600_000);
      const to = new Date(Date.parse(day) + 60 * 3_600_000);
      for (const schedule of SCHEDULES) {
        const expected = slowOccurrences(schedule, timezone, from, to);
        expect(expected.length, schedule).toBeGreaterThan(0);
        expect(occurrencesBetween(schedule, timezone, from, to), schedule).toEqual(expected);
        expect(occurrencesBackwards(schedule, timezone, from, to), schedule).toEqual(expected);
      }
    });
  }

  it.each(JUMPS)('gives every minute of the day of the jump its instant: %s, %s', (timezone, day) => {
    const [from, to] = [-40, 60].map((hours) => new Date(Date.parse(day) + hours * 3_600_000)) as [Date, Date];
    const [, month, date] = day.split('-').map(Number);
    const expected = firstInstantsOfDay(day, timezone);
    for (let hour = 0; hour < 24; hour += 1) {
      // Minutes that are missing share the first instant after the gap.
      const minutes = [...new Set(expected.slice(hour * 60, hour * 60 + 60))];
      expect(occurrencesBetween(`* ${hour} ${date} ${month} *`, timezone, from, to), `hour ${hour}`).toEqual(minutes);
    }
  });

  it.each(JUMPS)('goes by the minute through the jump, and never stands still: %s, %s', (timezone, day) => {
    const from = new Date(Date.parse(day) - 12 * 3_600_000);
    const to = new Date(Date.parse(day) + 30 * 3_600_000);
    expect(occurrencesBetween('* * * * *', timezone, from, to)).toEqual(
      slowOccurrences('* * * * *', timezone, from, to),
    );
  });

  it('takes a local time that does not exist as the first instant after the gap', () => {
    const after = new Date('2026-03-07T12:00:00Z');
    expect(cronCalendar.next('30 2 * * 0', 'America/New_York', after)).toEqual(new Date('2026-03-08T07:00:00Z'));
  });

  it('takes a local time that exists twice as the first, also from between the two', () => {
    const first = new Date('2026-11-01T05:30:00Z');
    expect(cronCalendar.next('30 1 * * *', 'America/New_York', new Date('2026-11-01T05:00:00Z'))).toEqual(first);
    const between = new Date('2026-11-01T06:00:00Z');
    expect(cronCalendar.next('30 1 * * *', 'America/New_York', between)).toEqual(new Date('2026-11-02T06:30:00Z'));
    expect(cronCalendar.previous('30 1 * * *', 'America/New_York', between)).toEqual(first);
  });

  it('moves an occurrence of a day that never was to the first moment of the next', () => {
    const after = new Date('2011-12-30T08:00:00Z');
    expect(cronCalendar.next('0 9 30 12 *', 'Pacific/Apia', after)).toEqual(new Date('2011-12-30T10:00:00Z'));
  });

  it('joins day of the month and day of the week by OR', () => {
    const days = occurrencesBetween(
      '0 9 13 * 5',
      'UTC',
      new Date('2026-11-01T00:00:00Z'),
      new Date('2026-11-21T00:00:00Z'),
    );
    expect(days.map((day) => day.slice(0, 10))).toEqual(['2026-11-06', '2026-11-13', '2026-11-20']);
    const more = occurrencesBetween(
      '0 9 13 * 5',
      'UTC',
      new Date('2026-12-12T00:00:00Z'),
      new Date('2026-12-19T00:00:00Z'),
    );
    expect(more.map((day) => day.slice(0, 10))).toEqual(['2026-12-13', '2026-12-18']);
  });

  it('joins them by AND when one begins with a star, as Vixie cron does', () => {
    const days = occurrencesBetween(
      '0 9 */2 * 1',
      'UTC',
      new Date('2026-11-01T00:00:00Z'),
      new Date('2026-12-01T00:00:00Z'),
    );
    expect(days.map((day) => day.slice(0, 10))).toEqual(['2026-11-09', '2026-11-23']);
  });

  it('finds 29 February across a century that has none', () => {
    const after = new Date('2096-03-01T00:00:00Z');
    expect(cronCalendar.next('0 0 29 2 *', 'UTC', after)).toEqual(new Date('2104-02-29T00:00:00Z'));
    expect(cronCalendar.previous('0 0 29 2 *', 'UTC', new Date('2104-02-29T00:00:00Z'))).toEqual(
      new Date('2096-02-29T00:00:00Z'),
    );
  });

  it('looks at milliseconds: an instant just after an occurrence has it as its previous', () => {
    const occurrence = new Date('2026-06-15T07:00:00.000Z');
    expect(cronCalendar.previous('0 8 * * 1', 'Europe/London', new Date('2026-06-15T07:00:00.001Z'))).toEqual(
      occurrence,
    );
    expect(cronCalendar.next('0 8 * * 1', 'Europe/London', new Date('2026-06-15T06:59:59.999Z'))).toEqual(occurrence);
  });

  it('refuses a schedule that never happens', () => {
    expect(() => cronCalendar.next('0 0 30 2 *', 'UTC', new Date())).toThrow(/never happens/);
  });
});

const zones = fc.constantFrom(...new Set(JUMPS.map(([zone]) => zone)), 'UTC', 'Asia/Kathmandu', 'America/Sao_Paulo');
const instants = fc.integer({ min: Date.UTC(2008, 0, 1), max: Date.UTC(2035, 0, 1) }).map((ms) => new Date(ms));
const field = (low: number, high: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min: low, max: high }).map(String),
    fc.integer({ min: 1, max: 5 }).map((step) => `*/${step}`),
    fc.uniqueArray(fc.integer({ min: low, max: high }), { minLength: 2, maxLength: 3 }).map((list) => list.join(',')),
  );
const schedules = fc
  .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7))
  .map((fields) => fields.join(' '));

describe('for every schedule, zone and reference', () => {
  it('next is after, previous is before, and they undo each other', () => {
    fc.assert(
      fc.property(schedules, zones, instants, (schedule, zone, at) => {
        const next = cronCalendar.next(schedule, zone, at);
        const previous = cronCalendar.previous(schedule, zone, at);
        expect(next.getTime()).toBeGreaterThan(at.getTime());
        expect(previous.getTime()).toBeLessThan(at.getTime());
        const back = cronCalendar.previous(schedule, zone, next);
        expect(cronCalendar.next(schedule, zone, previous).getTime()).toBe(
          back.getTime() === at.getTime() ? at.getTime() : next.getTime(),
        );
        expect([previous.getTime(), at.getTime()]).toContain(back.getTime());
      }),
      { numRuns: 300 },
    );
  });

  it('agrees with a walk through every minute', () => {
    fc.assert(
      fc.property(schedules, fc.constantFrom(...JUMPS), (schedule, [zone, day]) => {
        const from = new Date(Date.parse(day) - 12 * 3_600_000);
        const to = new Date(Date.parse(day) + 36 * 3_600_000);
        expect(occurrencesBetween(schedule, zone, from, to)).toEqual(slowOccurrences(schedule, zone, from, to));
      }),
      { numRuns: 40 },
    );
  });
});
