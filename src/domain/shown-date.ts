/** Dates as people see them: a calendar date is the same day in every zone (rule: time). */

/** A moment, or a calendar date such as `2026-06-09`, which is shown as that day in every zone (rule: time). */
export type ShownDate = Date | string;

/** When a post was published, as people are shown it. */
export function shownDateOf(post: { readonly publishedAt: Date; readonly publishedOn?: string }): ShownDate {
  return post.publishedOn ?? post.publishedAt;
}

/** Formats a shown date; a calendar date without a time. @throws TypeError when it is no date at all */
export function formatShownDate(
  shown: unknown,
  language: string,
  options: Intl.DateTimeFormatOptions & { readonly timeZone: string },
): string {
  if (shown instanceof Date) return formatterOf(language, options).format(shown);
  if (typeof shown !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(shown)) throw new TypeError('no date');
  const { hour, minute, second, timeStyle, ...day } = options;
  return formatterOf(language, { ...day, timeZone: 'UTC' }).format(new Date(`${shown}T12:00:00Z`));
}

/** A formatter takes far longer to make than to use. There are as many as languages, zones and styles. */
const formatters = new Map<string, Intl.DateTimeFormat>();
const MOST_FORMATTERS = 200;

function formatterOf(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([language, options]);
  const known = formatters.get(key);
  if (known) return known;
  if (formatters.size >= MOST_FORMATTERS) formatters.clear();
  const fresh = new Intl.DateTimeFormat(language, options);
  formatters.set(key, fresh);
  return fresh;
}
