/**
 * Since when this very schedule is followed: from the first time that anybody looked. What it says of the time before was never
 * promised to a reader, so a new newsletter or a changed schedule makes up for nothing.
 */
import type { Newsletter } from '../domain/newsletter.js';
import { dueOccurrences, type Occurrences } from '../domain/occurrences.js';
import type { NewsletterHistory } from '../domain/ports/storage.js';
import type { AppContext } from './app-context.js';

/** Follows a schedule from this moment, unless it is followed already; whichever was followed before it is not any more. */
export async function startSchedule(deps: AppContext, newsletter: Newsletter): Promise<Date> {
  const now = deps.clock.now();
  const since = await scheduleStart(deps, newsletter);
  // A clock that was ahead when it wrote this must not silence the newsletter until then.
  if (since && since <= now) return since;
  return deps.store.shared.change(keyOf(newsletter), (before) => {
    const sinceMs = Math.min(sinceFrom(before, newsletter) ?? now.getTime(), now.getTime());
    const { schedule, timezone } = newsletter;
    return { after: { schedule, timezone, since: sinceMs } satisfies Followed, result: new Date(sinceMs) };
  });
}

/** What is due and what comes next, for somebody who only looks. */
export async function readOccurrences(
  deps: AppContext,
  newsletter: Newsletter,
  history: NewsletterHistory,
): Promise<Occurrences> {
  const now = deps.clock.now();
  const followed = await scheduleStart(deps, newsletter);
  const since = followed && followed < now ? followed : now;
  return dueOccurrences({ calendar: deps.calendar, newsletter, history, since, now });
}

/** The occurrence the next issue stands for, whoever makes it: the one that is due, or else the next (rule: issue-by-hand). */
export async function nextOccurrence(
  deps: AppContext,
  newsletter: Newsletter,
  history: NewsletterHistory,
  now: Date,
): Promise<Date> {
  const followed = await scheduleStart(deps, newsletter);
  // An issue made by hand at the very instant of an occurrence is its record.
  const sinceMs = Math.min(followed?.getTime() ?? now.getTime(), now.getTime() - 1);
  const since = new Date(sinceMs);
  const { due, next } = dueOccurrences({ calendar: deps.calendar, newsletter, history, since, now });
  return due && !due.isLate ? due.occurrence : next;
}

/** `undefined` for a schedule that nobody has followed yet, or not since another one. */
export async function scheduleStart({ store }: AppContext, newsletter: Newsletter): Promise<Date | undefined> {
  const sinceMs = sinceFrom(await store.shared.read(keyOf(newsletter)), newsletter);
  return sinceMs === undefined ? undefined : new Date(sinceMs);
}

/** What a store keeps under a newsletter's key: the one schedule that is followed. */
interface Followed {
  readonly schedule: string;
  readonly timezone: string;
  /** In milliseconds of the epoch. */
  readonly since: number;
}

function sinceFrom(kept: unknown, { schedule, timezone }: Newsletter): number | undefined {
  const followed = kept as Followed | undefined;
  return followed?.schedule === schedule && followed.timezone === timezone ? followed.since : undefined;
}

function keyOf({ id }: Newsletter): string {
  return `schedule ${id}`;
}
