/** What a written date means (rule: time): without an offset it is read in its source's time zone. */
import { firstInstantOf, wallTimeOf } from '../domain/zoned-time.js';

/** A reading of a clock on a wall, month and day from 1. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const YEAR_FIRST = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:(?:[ \t]*[Tt][ \t]*|[ \t]+)(\S.*))?$/;
const MONTH_FIRST = /^(?:[a-z]{3,9},?\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:,?\s+(\S.*))?$/i;
const DAY_FIRST = /^(?:[a-z]{3,9},?\s+)?(\d{1,2})(?:st|nd|rd|th)?\.?\s+([a-z]{3,9})\.?,?\s+(\d{4})(?:,?\s+(\S.*))?$/i;
// The year may be written again after the time, as ctime and Ruby do.
const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?:\s+(\d{4}))?(?:\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?$/i;

/**
 * The instant a written date names: `2026-06-09`, `2026-06-09 9:30`, RFC 3339, `Jun 9 2026`, `Tue, 9 Jun 2026 …`.
 * `undefined` when it is not a date that exists.
 */
export function instantFrom(written: string, timezone: string): Date | undefined {
  return writtenDateFrom(written, timezone)?.at;
}

/** A date as it was written. */
export interface WrittenDate {
  /** The start of the day, when no time is written. */
  readonly at: Date;
  /** `2026-06-09` when no time is written: a calendar date, which is that day everywhere. */
  readonly day?: string;
}

/** The same, and whether it is only a day. */
export function writtenDateFrom(written: string, timezone: string): WrittenDate | undefined {
  const day = dayFrom(written.trim());
  if (day === undefined) return undefined;
  const time = TIME.exec(day.time ?? '0:00');
  if (time === null || (time[4] !== undefined && Number(time[4]) !== day.year)) return undefined;
  const wall = {
    ...{ year: day.year, month: day.month, day: day.day },
    ...{ hour: Number(time[1]), minute: Number(time[2]), second: Number(time[3] ?? 0) },
  };
  if (!isReal(wall)) return undefined;
  const offset = time[5] === undefined ? undefined : offsetMsFrom(time[5]);
  if (offset !== undefined) return { at: new Date(utcMsOf(wall) - offset) };
  return { at: instantAt(wall, timezone), ...(day.time === undefined && { day: dayOf(wall) }) };
}

/** `2026-06-09`. */
export function dayOf(wall: WallTime): string {
  return new Date(utcMsOf(wall)).toISOString().slice(0, 10);
}

/** The instant at which clocks in a zone show this time: the first of two, or the first after a gap. */
export function instantAt(wall: WallTime, timezone: string): Date {
  return new Date(firstInstantOf(utcMsOf(wall), timezone));
}

/** What clocks in a zone show at an instant. */
export function wallTimeAt(instant: Date, timezone: string): WallTime {
  const wall = new Date(wallTimeOf(instant.getTime(), timezone));
  return {
    ...{ year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() },
    ...{ hour: wall.getUTCHours(), minute: wall.getUTCMinutes(), second: wall.getUTCSeconds() },
  };
}

/** Whether the day and time exist in the calendar. */
export function isReal(wall: WallTime): boolean {
  const { year, month, day, hour, minute, second } = wall;
  if (year < 1900 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return false;
  return day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The day of the year, from 1. */
export function dayOfYear(wall: WallTime): number {
  return Math.floor((utcMsOf(wall) - Date.UTC(wall.year, 0, 1)) / 86_400_000) + 1;
}

function dayFrom(written: string) {
  const iso = YEAR_FIRST.exec(written);
  if (iso) return { year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]), time: iso[4] };
  const american = MONTH_FIRST.exec(written);
  const named = american ?? DAY_FIRST.exec(written);
  if (named === null) return undefined;
  const [month, day] = american ? [named[1], named[2]] : [named[2], named[1]];
  const index = MONTHS.indexOf((month as string).slice(0, 3).toLowerCase());
  return { year: Number(named[3]), month: index + 1, day: Number(day), time: named[4] };
}

function offsetMsFrom(written: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(written);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
}

function utcMsOf({ year, month, day, hour, minute, second }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
