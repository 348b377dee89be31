/**
 * rule “occurrence” told slowly, as an oracle: walks every minute of a zone's wall clock and knows nothing of cron libraries.
 */
const MINUTE_MS = 60_000;

/** A pattern of numbers, stars, lists, ranges and steps. */
export function slowOccurrences(schedule: string, timezone: string, from: Date, to: Date): readonly string[] {
  const matches = slowMatcher(schedule);
  const found: string[] = [];
  // What the clock has shown so far; a local time is due when the clock first reaches or passes it.
  let shown = wallMinute(new Date(from.getTime() - 3 * 24 * 60 * MINUTE_MS), timezone);
  for (let t = from.getTime() - 3 * 24 * 60 * MINUTE_MS; t < to.getTime(); t += MINUTE_MS) {
    const wall = wallMinute(new Date(t), timezone);
    let due = false;
    for (let minute = shown + 1; minute <= wall; minute += 1) due ||= matches(minute);
    shown = Math.max(shown, wall);
    if (due && t > from.getTime()) found.push(new Date(t).toISOString());
  }
  return found;
}

/**
 * For each of the 1440 minutes of a local day, the first instant at which the wall clock shows it or a later one: what a daily
 * schedule of that minute must give. Walks from well before the day to well after it.
 */
export function firstInstantsOfDay(day: string, timezone: string): readonly string[] {
  const start = Date.parse(day) / MINUTE_MS;
  const instants: string[] = [];
  let next = start;
  for (let t = Date.parse(day) - 2 * 24 * 60 * MINUTE_MS; next < start + 1440; t += MINUTE_MS) {
    const wall = wallMinute(new Date(t), timezone);
    for (; next <= wall && next < start + 1440; next += 1) instants.push(new Date(t).toISOString());
  }
  return instants;
}

/** Minutes since 1970 as the wall clock counts them. */
function wallMinute(instant: Date, timezone: string): number {
  const text = wallFormat(timezone).format(instant);
  const [, month, day, year, hour, minute] = /(\d+)\/(\d+)\/(\d+), (\d+):(\d+)/.exec(text)?.map(Number) ?? [];
  return Date.UTC(year as number, (month as number) - 1, day, hour, minute) / MINUTE_MS;
}

const formats: { [timezone: string]: Intl.DateTimeFormat } = {};
function wallFormat(timezone: string): Intl.DateTimeFormat {
  formats[timezone] ??= new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    dateStyle: undefined,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  } as Intl.DateTimeFormatOptions);
  return formats[timezone];
}

function slowMatcher(schedule: string): (wallMinute: number) => boolean {
  const fields = schedule.split(' ');
  const [minutes, hours, days, months, weekdays] = [60, 24, 32, 13, 8].map((limit, index) =>
    valuesOf(fields[index] as string, limit),
  ) as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];
  const isStarred = (fields[2] as string).startsWith('*') || (fields[4] as string).startsWith('*');
  return (wallMinute) => {
    const date = new Date(wallMinute * MINUTE_MS);
    const day = days.has(date.getUTCDate());
    const weekday = weekdays.has(date.getUTCDay()) || (date.getUTCDay() === 0 && weekdays.has(7));
    return (
      minutes.has(date.getUTCMinutes()) &&
      hours.has(date.getUTCHours()) &&
      months.has(date.getUTCMonth() + 1) &&
      (isStarred ? day && weekday : day || weekday)
    );
  };
}

function valuesOf(field: string, limit: number): Set<number> {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step = '1'] = part.split('/');
    // Days and months count from 1, everything else from 0.
    const first = limit === 32 || limit === 13 ? 1 : 0;
    const [from = first, to = range === '*' ? limit - 1 : from] = range === '*' ? [] : range.split('-').map(Number);
    for (let value = from; value <= to; value += Number(step)) values.add(value);
  }
  return values;
}
