/** Dates as feeds write them: RFC 822 with its zones and short years, months in any language, W3C dates, seconds since 1970. */
import { type WrittenDate, writtenDateFrom } from '../dates.js';

/** Zones by name, as RFC 822 and common practice have them. A name that is not known means UTC (RFC 2822 §4.3). */
const ZONES: { readonly [name: string]: string } = {
  ...{ EST: '-0500', EDT: '-0400', CST: '-0600', CDT: '-0500', MST: '-0700', MDT: '-0600', PST: '-0800', PDT: '-0700' },
  ...{
    AKST: '-0900',
    AKDT: '-0800',
    HST: '-1000',
    NST: '-0330',
    AST: '-0400',
    ADT: '-0300',
    BRT: '-0300',
    ART: '-0300',
  },
  ...{
    WET: '+0000',
    WEST: '+0100',
    BST: '+0100',
    CET: '+0100',
    CEST: '+0200',
    MEZ: '+0100',
    MESZ: '+0200',
    EET: '+0200',
  },
  ...{ EEST: '+0300', MSK: '+0300', SAST: '+0200', JST: '+0900', KST: '+0900', HKT: '+0800', SGT: '+0800' },
  ...{ AWST: '+0800', ACST: '+0930', AEST: '+1000', AEDT: '+1100', NZST: '+1200', NZDT: '+1300' },
};

/** Languages whose names of months are read besides those of the feed. */
const LANGUAGES = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'pt',
  'nl',
  'pl',
  'sv',
  'da',
  'nb',
  'fi',
  'cs',
  'ru',
  'uk',
  'tr',
  'ro',
  'hu',
];
const ENGLISH = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The date a feed names; `undefined` when it names none. @param timezone where dates without an offset are read */
export function feedDateFrom(written: string, timezone: string, language?: string): WrittenDate | undefined {
  const text = written
    .replace(/\([^()]*\)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 100);
  if (/^\d{10}(?:\d{3})?$/.test(text)) return { at: new Date(Number(text.padEnd(13, '0'))) };
  if (/^\d{4}(?:-\d{2})?$/.test(text))
    return writtenDateFrom(text.length === 4 ? `${text}-01-01` : `${text}-01`, timezone);
  return writtenDateFrom(text, timezone) ?? writtenDateFrom(normalised(text, language), timezone);
}

const NAMED =
  /^(?:[\p{L}.]+,? )?(\d{1,2})[. -]+(?:de )?([\p{L}]+)\.?,?[ -]+(?:de )?(\d{2}|\d{4})(?:,? (\d{1,2}:\d{2})(?::(\d{2}))?(?:[.,]\d+)?(?: ?(\D.*))?)?$/u;
const NUMERIC = /^(\d{4}-\d{1,2}-\d{1,2})[ T](\d{1,2}:\d{2})(?::(\d{2}))?(?:[.,]\d+)?(?: ?(\D.*))?$/;

/** What `instantFrom` reads: four digits of the year, an English month, an offset in digits, no weekday. */
function normalised(text: string, language: string | undefined): string {
  const numeric = NUMERIC.exec(text);
  if (numeric) return `${numeric[1]} ${timeOf(numeric[2], numeric[3])}${zoneOf(numeric[4])}`;
  const [whole, day, month = '', year = '', time, second, zone] = NAMED.exec(text) ?? [];
  if (whole === undefined) return text;
  const date = `${day} ${monthOf(month, language)} ${fullYear(year)}`;
  return time === undefined ? date : `${date} ${timeOf(time, second)}${zoneOf(zone)}`;
}

/** A leap second is the one before it. */
function timeOf(time: string | undefined, second = '00'): string {
  return `${time}:${second === '60' ? '59' : second}`;
}

/** RFC 2822 §4.3. */
function fullYear(year: string): string {
  if (year.length === 4) return year;
  return String(Number(year) + (Number(year) < 50 ? 2000 : 1900));
}

function zoneOf(written = ''): string {
  const zone = written.trim().toUpperCase();
  if (zone === '') return '';
  const [, sign, hours = '', minutes = '00'] = /^(?:UTC|GMT|UT)? ?([+-])(\d{1,2}):?(\d{2})?$/.exec(zone) ?? [];
  if (sign !== undefined) return ` ${sign}${hours.padStart(2, '0')}${minutes}`;
  return ` ${ZONES[zone] ?? '+0000'}`;
}

let months: ReadonlyMap<string, string> | undefined;

/** The English abbreviation; the name itself where no language has it. */
function monthOf(name: string, language: string | undefined): string {
  months ??= new Map(LANGUAGES.toReversed().flatMap(monthsIn));
  const key = keyOf(name);
  const ofFeed =
    language === undefined || LANGUAGES.includes(language) ? undefined : new Map(monthsIn(language)).get(key);
  return ofFeed ?? months.get(key) ?? name;
}

function monthsIn(language: string): readonly (readonly [string, string])[] {
  return ENGLISH.flatMap((english, month) =>
    (['long', 'short'] as const).flatMap((length) =>
      ([{ month: length }, { month: length, day: 'numeric' }] as const).flatMap((format) => {
        const parts = partsOf(language, format, new Date(Date.UTC(2026, month, 1)));
        return parts === undefined ? [] : [[keyOf(parts), english] as const];
      }),
    ),
  );
}

/** Some languages decline the name of a month that has a day. */
function partsOf(language: string, format: Intl.DateTimeFormatOptions, date: Date): string | undefined {
  try {
    const formatter = new Intl.DateTimeFormat(language, { ...format, timeZone: 'UTC' });
    return formatter.formatToParts(date).find(({ type }) => type === 'month')?.value;
  } catch {
    return undefined;
  }
}

function keyOf(name: string): string {
  return name.toLowerCase().replace(/\.$/, '').normalize('NFD').replace(/\p{M}/gu, '');
}
