/**
 * The instants of a schedule (rule: occurrence). The library is asked only in UTC, where no clock jumps,
 * for the wall-clock times of a pattern; what they mean in a time zone is decided here.
 */
import { Cron } from 'croner';
import { GazetteError } from '../domain/errors.js';
import type { Calendar } from '../domain/ports/host.js';
import { firstInstantOf, wallTimeBound, wallTimeOf } from '../domain/zoned-time.js';
import { checkSchedule, fieldsFrom } from './check-schedule.js';

/** Cron schedules in a time zone. Throws `config.invalid` for a schedule `checkSchedule` refuses. */
export const cronCalendar: Calendar = {
  next(schedule, timezone, after) {
    const pattern = patternOf(schedule);
    // Wall times at or before this one have been shown by `after` at the latest.
    let wall = wallTimeOf(after.getTime(), timezone);
    for (;;) {
      wall = following(pattern, wall, schedule);
      const instant = firstInstantOf(wall, timezone);
      if (instant > after.getTime()) return new Date(instant);
    }
  },

  previous(schedule, timezone, before) {
    const pattern = patternOf(schedule);
    let wall = wallTimeBound(before.getTime(), timezone);
    for (;;) {
      wall = preceding(pattern, wall, schedule);
      const instant = firstInstantOf(wall, timezone);
      if (instant < before.getTime()) return new Date(instant);
    }
  },

  localTime: (timezone, at) => new Date(wallTimeOf(at.getTime(), timezone)).toISOString().slice(0, 16),
};

function following(pattern: Cron, wall: number, schedule: string): number {
  const next = pattern.nextRun(new Date(wall))?.getTime();
  if (next === undefined || next <= wall) throw unsound(schedule);
  return next;
}

function preceding(pattern: Cron, wall: number, schedule: string): number {
  const previous = pattern.previousRuns(1, new Date(wall))[0]?.getTime();
  if (previous === undefined || previous >= wall) throw unsound(schedule);
  return previous;
}

const patterns = new Map<string, Cron>();

function patternOf(schedule: string): Cron {
  const known = patterns.get(schedule);
  if (known) return known;
  const problem = checkSchedule(schedule);
  if (problem !== undefined) throw new GazetteError('config.invalid', problem);
  const pattern = new Cron(...fieldsFrom(schedule));
  patterns.set(schedule, pattern);
  return pattern;
}

/** A guard: a wrong answer of the library stops the run instead of sending at a wrong time. */
function unsound(schedule: string): Error {
  return new Error(`The cron library gave no sound occurrence for “${schedule}”.`);
}
