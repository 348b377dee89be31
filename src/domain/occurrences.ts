/**
 * Which moments of a schedule still lack their record, and what becomes of them (rules: occurrence, issue-by-hand, one-record). Pure: instants
 * in, instants out. The result does not depend on when it is asked, so restarts, sleep and clock changes neither repeat nor lose an issue.
 */
import type { Newsletter } from './newsletter.js';
import type { Calendar } from './ports/host.js';
import type { NewsletterHistory } from './ports/ledger.js';

export interface OccurrencesInput {
  readonly calendar: Calendar;
  readonly newsletter: Pick<Newsletter, 'schedule' | 'timezone' | 'maxLatenessMs'>;
  readonly history: NewsletterHistory;
  /** When this schedule took effect: nothing before it is due. */
  readonly since: Date;
  readonly now: Date;
}

export interface Occurrences {
  /** Missed, but their posts are in the latest issue already: it was sent by hand after them. */
  readonly covered: readonly Date[];
  readonly due?: DueOccurrence;
  /** The first one that is still to come. */
  readonly next: Date;
}

/** The latest missed occurrence: the one that makes an issue for all of them. */
export interface DueOccurrence {
  readonly occurrence: Date;
  /** Missed before it. */
  readonly earlier: readonly Date[];
  /** Over the newsletter's `maxLateness`: no issue any more. */
  readonly isLate: boolean;
}

/** Sorts the occurrences up to `now` that have no record. */
export function dueOccurrences({ calendar, newsletter, history, since, now }: OccurrencesInput): Occurrences {
  const { schedule, timezone, maxLatenessMs } = newsletter;
  const { lastScheduled, previousCutoff, previousOccurrence } = history;
  const missed: Date[] = [];
  let next = calendar.next(schedule, timezone, later(lastScheduled, since));
  while (next <= now) {
    missed.push(next);
    next = calendar.next(schedule, timezone, next);
  }
  const isCovered = (at: Date) => previousCutoff !== undefined && at <= previousCutoff;
  // An issue made by hand at this very instant is its record.
  const covered = missed.filter((at) => isCovered(at) && at.getTime() !== previousOccurrence?.getTime());
  const open = missed.filter((at) => !isCovered(at));
  const occurrence = open.at(-1);
  if (!occurrence) return { covered, next };
  const isLate = now.getTime() - occurrence.getTime() > maxLatenessMs;
  return { covered, next, due: { occurrence, earlier: open.slice(0, -1), isLate } };
}

/** How long a schedule takes from its first occurrence after a moment to the one after that. */
export function periodMs(
  calendar: Pick<Calendar, 'next'>,
  { schedule, timezone }: Pick<Newsletter, 'schedule' | 'timezone'>,
  after: Date,
): number {
  const first = calendar.next(schedule, timezone, after);
  return calendar.next(schedule, timezone, first).getTime() - first.getTime();
}

function later(one: Date | undefined, other: Date): Date {
  return one && one > other ? one : other;
}
