/**
 * Since when this very schedule is followed: from the first time that anybody looked. What it says of the time before was never
 * promised to a reader, so a new newsletter or a changed schedule makes up for nothing.
 */
import type { Newsletter } from '../domain/newsletter.js';
import { dueOccurrences, type Occurrences } from '../domain/occurrences.js';
import type { Standing } from '../domain/ports.js';
import type { House } from './house.js';

/** Follows a schedule from this moment, unless it is followed already. */
export async function followSchedule(house: House, newsletter: Newsletter): Promise<Date> {
  const nowMs = house.clock.now().getTime();
  const since = await house.store.shared.read(keyOf(newsletter));
  // A clock that was ahead when it wrote this must not silence the newsletter until then.
  if (typeof since === 'number' && since <= nowMs) return new Date(since);
  return house.store.shared.change(keyOf(newsletter), (before) => {
    const firstMs = typeof before === 'number' ? Math.min(before, nowMs) : nowMs;
    return { after: firstMs, result: new Date(firstMs) };
  });
}

/** What is due and what comes next, for somebody who only looks. */
export async function readOccurrences(house: House, newsletter: Newsletter, standing: Standing): Promise<Occurrences> {
  const now = house.clock.now();
  const since = await house.store.shared.read(keyOf(newsletter));
  const sinceMs = typeof since === 'number' ? Math.min(since, now.getTime()) : now.getTime();
  return dueOccurrences({ calendar: house.calendar, newsletter, standing, since: new Date(sinceMs), now });
}

/** The occurrence the next issue stands for, whoever makes it: the one that is due, or else the next (laws §3.2). */
export async function nextOccurrence(
  house: House,
  newsletter: Newsletter,
  standing: Standing,
  now: Date,
): Promise<Date> {
  const followed = await followedSince(house, newsletter);
  // An issue made by hand at the very instant of an occurrence is its record.
  const sinceMs = Math.min(followed?.getTime() ?? now.getTime(), now.getTime() - 1);
  const since = new Date(sinceMs);
  const { due, next } = dueOccurrences({ calendar: house.calendar, newsletter, standing, since, now });
  return due && !due.isLate ? due.occurrence : next;
}

/** `undefined` for a schedule that nobody has followed yet. */
export async function followedSince({ store }: House, newsletter: Newsletter): Promise<Date | undefined> {
  const since = await store.shared.read(keyOf(newsletter));
  return typeof since === 'number' ? new Date(since) : undefined;
}

function keyOf({ id, timezone, schedule }: Newsletter): string {
  return `schedule ${id} ${timezone} ${schedule}`;
}
