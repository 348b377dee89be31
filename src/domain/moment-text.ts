/** A moment for people, as clocks in a time zone show it: `Mon 30 Nov 2026, 08:00 GMT`. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** @param timezone a zone that this host knows */
export function momentText(moment: Date, timezone: string): string {
  const parts = new Map(
    formatOf(timezone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return `${part('weekday')} ${part('day')} ${part('month')} ${part('year')}, ${part('hour')}:${part('minute')} ${part('timeZoneName')}`;
}

/** The calendar day of a moment in a zone: `2026-11-30`. */
export function dayText(moment: Date, timezone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: timezone }).format(moment);
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    ...({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const),
    ...({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short', timeZone: timezone } as const),
  });
  formats.set(timezone, format);
  return format;
}
