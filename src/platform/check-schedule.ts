/**
 * Which schedules Gazette takes: the five fields of Vixie cron and its nicknames.
 * Anything that another cron would read differently is refused, not guessed at.
 */
import { Cron, type CronOptions } from 'croner';
import { NICKNAMES } from '../domain/schedule-words.js';

const FIELD_NAMES = ['minute', 'hour', 'day of the month', 'month', 'day of the week'] as const;

const MONTH = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const WEEKDAY = 'sun|mon|tue|wed|thu|fri|sat';

/** What a field may hold: `*`, values and ranges, each with a step where there is something to step through. */
const FIELD_FORMS: readonly RegExp[] = [
  fieldForm('\\d{1,2}'),
  fieldForm('\\d{1,2}'),
  fieldForm('\\d{1,2}'),
  fieldForm(`\\d{1,2}|${MONTH}`),
  fieldForm(`\\d|${WEEKDAY}`),
];

function fieldForm(value: string): RegExp {
  const range = `(?:\\*|(?:${value})-(?:${value}))(?:/\\d{1,2})?|(?:${value})`;
  return new RegExp(`^(?:${range})(?:,(?:${range}))*$`, 'i');
}

/** Why a schedule cannot be used, in one sentence; `undefined` when it can. */
export function checkSchedule(text: string): string | undefined {
  const schedule = text.trim();
  if (/^@reboot$/i.test(schedule)) return '“@reboot” is not a time; write five fields, for example “0 8 * * 1”.';
  if (schedule.startsWith('@') && NICKNAMES[schedule.toLowerCase()] === undefined)
    return `“${schedule}” is not known; write one of ${Object.keys(NICKNAMES).join(', ')}, or five fields.`;
  const fields = expandNickname(schedule).split(/\s+/);
  if (fields.length !== 5) return countProblem(schedule, schedule === '' ? 0 : fields.length);
  for (const [index, field] of fields.entries()) {
    if (!FIELD_FORMS[index]?.test(field)) return fieldProblem(field, FIELD_NAMES[index] as string);
  }
  return occursProblem(schedule);
}

function countProblem(schedule: string, count: number): string {
  const seconds = count === 6 ? ' Seconds and years are not supported.' : '';
  return `“${schedule}” has ${count} fields; a schedule has five: minute, hour, day of the month, month, day of the week.${seconds}`;
}

function fieldProblem(field: string, name: string): string {
  if (field.includes('?')) return `“?” in the ${name} is not supported; write “*”.`;
  if (/^H/.test(field)) return `“${field}” in the ${name} is not supported; write a fixed value.`;
  return `“${field}” is not a ${name}; use numbers, names of three letters, “*”, lists, ranges and steps such as “*/2”.`;
}

function occursProblem(schedule: string): string | undefined {
  let pattern: Cron;
  try {
    pattern = new Cron(...fieldsFrom(schedule));
  } catch (error) {
    return `“${schedule}” cannot be used: ${reasonFrom(error)}.`;
  }
  // Any start serves: the calendar repeats itself after 400 years, and 29 February after 8 at the most.
  const occurs = pattern.nextRun(new Date('2001-01-01T00:00:00Z')) !== null;
  return occurs ? undefined : `“${schedule}” never happens: there is no such day in that month.`;
}

function reasonFrom(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^CronPattern: /, '').replace(/\.$/, '');
}

/** What the library is given: the five fields, read in UTC, with Vixie's rule for the two day fields. */
export function fieldsFrom(schedule: string): [string, CronOptions] {
  const fields = expandNickname(schedule.trim()).split(/\s+/);
  // crontab(5): the days are joined by OR only when neither field starts with a star; `*/2` counts as a star.
  const domAndDow = [fields[2], fields[4]].some((field) => field?.startsWith('*'));
  return [fields.join(' '), { timezone: 'UTC', mode: '5-part', paused: true, domAndDow }];
}

function expandNickname(schedule: string): string {
  return NICKNAMES[schedule.toLowerCase()] ?? schedule;
}
