/**
 * Local wall-clock time to instants and back, by the host's time-zone data.
 * Wall-clock time is written as the milliseconds it would be in UTC.
 */
const HOUR_MS = 3_600_000;

/** Longer than any zone has ever jumped at once: Samoa's lost day is 24 h. */
const REACH_MS = 26 * HOUR_MS;

/** Whether the host knows the zone by this name. Offsets such as +02:00 are none: they have no daylight saving time. */
export function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The wall-clock time of an instant, to the second. Throws `RangeError` for a zone the host does not know. */
export function wallTimeOf(instant: number, timezone: string): number {
  if (timezone === 'UTC' && Number.isFinite(instant)) return Math.floor(instant / 1000) * 1000;
  const field: { [type: string]: number } = {};
  for (const part of formatOf(timezone).formatToParts(instant)) field[part.type] = Number(part.value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = field;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * The first instant at which the wall clock shows this time or a later one (rule: occurrence):
 * the end of the gap for a time that does not exist, the first of the two for one that exists twice.
 */
export function firstInstantOf(wall: number, timezone: string): number {
  if (timezone === 'UTC') return wall;
  const candidates = offsetsAround(wall, timezone)
    .map((offset) => wall - offset)
    .filter((instant) => wallTimeOf(instant, timezone) === wall);
  return candidates.length > 0 ? Math.min(...candidates) : endOfGap(wall, timezone);
}

/** A whole second of wall-clock time that no instant before this one has reached. */
export function wallTimeBound(instant: number, timezone: string): number {
  return Math.ceil((instant + Math.max(...offsetsAround(instant, timezone))) / 1000) * 1000;
}

/** Every offset from UTC in force near this time, in milliseconds; may hold neighbours' offsets as well. */
function offsetsAround(time: number, timezone: string): readonly number[] {
  const offsets = new Set<number>();
  for (const shift of [-REACH_MS, -REACH_MS / 2, 0, REACH_MS / 2, REACH_MS]) {
    const second = Math.floor((time + shift) / 1000) * 1000;
    offsets.add(wallTimeOf(second, timezone) - second);
  }
  return [...offsets];
}

function endOfGap(wall: number, timezone: string): number {
  let before = wall - REACH_MS;
  let after = wall + REACH_MS;
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2000) * 1000;
    if (wallTimeOf(middle, timezone) >= wall) after = middle;
    else before = middle;
  }
  return after;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timezone, format);
  return format;
}
