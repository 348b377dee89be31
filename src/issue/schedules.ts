/**
 * The occurrences of a newsletter's schedule, counted from the moment the schedule was first followed. Occurrences before that
 * moment were never promised to a reader, so a new newsletter or a changed schedule has nothing to catch up on.
 */
import type { Newsletter } from '../domain/newsletter.js';
import { dueOccurrences, type Occurrences } from '../domain/occurrences.js';
import type { Calendar } from '../domain/ports/host.js';
import type { NewsletterHistory } from '../domain/ports/ledger.js';
import type { Store } from '../domain/ports/storage.js';

export interface SchedulesDeps {
  readonly store: Pick<Store, 'shared'>;
  readonly calendar: Calendar;
}

export type Schedules = ReturnType<typeof openSchedules>;

export function openSchedules({ store: { shared }, calendar }: SchedulesDeps) {
  /** When this very schedule was first followed; `undefined` before that, and after a change to another schedule. */
  async function startedAt(newsletter: Newsletter): Promise<Date | undefined> {
    const sinceMs = sinceFrom(await shared.read(keyOf(newsletter)), newsletter);
    return sinceMs === undefined ? undefined : new Date(sinceMs);
  }

  /** Follows a schedule from `now` on, unless it is followed already; a schedule followed before it no longer is. */
  async function start(newsletter: Newsletter, now: Date): Promise<Date> {
    const since = await startedAt(newsletter);
    // A clock that was ahead when it wrote this must not silence the newsletter until then.
    if (since && since <= now) return since;
    return shared.change(keyOf(newsletter), (before) => {
      const sinceMs = Math.min(sinceFrom(before, newsletter) ?? now.getTime(), now.getTime());
      const { schedule, timezone } = newsletter;
      return { after: { schedule, timezone, since: sinceMs } satisfies Followed, result: new Date(sinceMs) };
    });
  }

  /** What is due and what comes next. Writes nothing. */
  async function occurrences(newsletter: Newsletter, history: NewsletterHistory, now: Date): Promise<Occurrences> {
    const started = await startedAt(newsletter);
    const since = started && started < now ? started : now;
    return dueOccurrences({ calendar, newsletter, history, since, now });
  }

  /** The occurrence the next issue is for: the one that is due and not too late, else the next one (rule: issue-by-hand). */
  async function awaited(newsletter: Newsletter, history: NewsletterHistory, now: Date): Promise<Date> {
    const started = await startedAt(newsletter);
    // An issue made by hand at the very instant of an occurrence is its record.
    const since = new Date(Math.min(started?.getTime() ?? now.getTime(), now.getTime() - 1));
    const { due, next } = dueOccurrences({ calendar, newsletter, history, since, now });
    return due && !due.isLate ? due.occurrence : next;
  }

  return { startedAt, start, occurrences, awaited };
}

/** What the store keeps for a newsletter: the one schedule that is followed. */
interface Followed {
  readonly schedule: string;
  readonly timezone: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

function sinceFrom(kept: unknown, { schedule, timezone }: Newsletter): number | undefined {
  const followed = kept as Followed | undefined;
  return followed?.schedule === schedule && followed.timezone === timezone ? followed.since : undefined;
}

function keyOf({ id }: Newsletter): string {
  return `schedule ${id}`;
}
