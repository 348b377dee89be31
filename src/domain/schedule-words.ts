/** A schedule as people say it: `every Monday at 08:00`. What has no short name is shown as it is written. */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const DAY_NAMES: { readonly [name: string]: number } = { sun: 0, mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6 };
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const MONTH_NAMES = MONTHS.map((month) => month.slice(0, 3).toLowerCase());
/** What cron calls a schedule by name, and its five fields. */
export const NICKNAMES: { readonly [name: string]: string } = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** In English, without the time zone. @param schedule one that `checkSchedule` takes */
export function scheduleWords(schedule: string): string {
  const written = schedule.trim();
  const fields = (NICKNAMES[written.toLowerCase()] ?? written).toLowerCase().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const time = timeWords(minute, hour);
  const days = daysWords(day, weekday);
  const months = month === '*' ? '' : listed(month, (text) => MONTHS[monthFrom(text)]);
  if (time === undefined || days === undefined || months === undefined) return `at “${written}”`;
  if (months === '') return `${days} ${time}`.trim();
  return `${days === 'every day' ? 'every day' : days} in ${months} ${time}`.trim();
}

function timeWords(minute: string, hour: string): string | undefined {
  if (!/^\d+$/.test(minute)) return minute === '*' && hour === '*' ? 'every minute' : undefined;
  const padded = minute.padStart(2, '0');
  if (hour === '*') return `every hour at minute ${Number(minute)}`;
  const every = /^\*\/(\d+)$/.exec(hour);
  if (every) return `every ${every[1]} hours at minute ${Number(minute)}`;
  const hours = listed(hour, (text) => `${text.padStart(2, '0')}:${padded}`);
  return hours === undefined ? undefined : `at ${hours}`;
}

function daysWords(day: string, weekday: string): string | undefined {
  const dates = day === '*' ? '' : listed(day, (text) => `${ordinal(Number(text))}`);
  const names = weekday === '*' ? '' : weekdayWords(weekday);
  if (dates === undefined || names === undefined) return undefined;
  if (dates === '' && names === '') return 'every day';
  if (dates === '') return names;
  const onDates = `on the ${dates} of the month`;
  // crontab(5): where both are restricted, either will do.
  return names === '' ? onDates : `${onDates} and ${names}`;
}

function weekdayWords(weekday: string): string | undefined {
  if (weekday === '1-5' || weekday === 'mon-fri') return 'every weekday';
  const names = listed(weekday, (text) => DAYS[DAY_NAMES[text] ?? Number(text) % 7]);
  return names === undefined ? undefined : `every ${names}`;
}

function monthFrom(text: string): number {
  return /^\d+$/.test(text) ? Number(text) - 1 : MONTH_NAMES.indexOf(text);
}

/** `a, b and c` of a list of plain values; `undefined` where there are ranges or steps. */
function listed(field: string, say: (value: string) => string | undefined): string | undefined {
  const values = field.split(',');
  if (!values.every((value) => /^(?:\d+|[a-z]{3})$/.test(value))) return undefined;
  const words = values.map(say);
  if (words.includes(undefined)) return undefined;
  return words.length === 1 ? words[0] : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function ordinal(day: number): string {
  const last = day % 10;
  const isTeen = day >= 11 && day <= 13;
  if (last === 1 && !isTeen) return `${day}st`;
  if (last === 2 && !isTeen) return `${day}nd`;
  return last === 3 && !isTeen ? `${day}rd` : `${day}th`;
}
