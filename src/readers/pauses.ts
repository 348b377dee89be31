/** A pause of all mail to one reader, until a day in the newsletter's zone. */
import type { Newsletter } from '../domain/newsletter.js';
import type { AudienceStore, Person } from '../domain/ports/audience.js';
import type { Calendar } from '../domain/ports/host.js';

export interface PausesDeps {
  readonly audience: Pick<AudienceStore, 'pause'>;
  readonly calendar: Pick<Calendar, 'next' | 'localTime'>;
}

export type Pauses = ReturnType<typeof openPauses>;

interface Range {
  readonly from: string;
  readonly to: string;
}

const DAY_MS = 86_400_000;
const QUARTER_MS = 15 * 60_000;
const LONGEST_PAUSE_MS = 2 * 365 * DAY_MS;

export function openPauses({ audience, calendar }: PausesDeps) {
  const ranges = new Map<string, Range & { readonly quarter: number }>();

  /** The first and the last day a pause may end, as an HTML date field writes them. */
  function range({ timezone }: Newsletter, now: Date): Range {
    // Wherever a day begins, it begins at a quarter of an hour.
    const quarter = Math.floor(now.getTime() / QUARTER_MS);
    const known = ranges.get(timezone);
    if (known?.quarter === quarter) return known;
    const dayIn = (ms: number) => calendar.localTime(timezone, new Date(now.getTime() + ms)).slice(0, 10);
    const found = { quarter, from: dayIn(DAY_MS), to: dayIn(LONGEST_PAUSE_MS) };
    ranges.set(timezone, found);
    return found;
  }

  /** Pauses every subscription until the day begins; false for a text that is not a day within the range. */
  async function pause(person: Person, newsletter: Newsletter, day: string, now: Date): Promise<boolean> {
    const until = startOf(day, newsletter, now);
    if (!until) return false;
    await setAll(person, until);
    return true;
  }

  function resume(person: Person): Promise<void> {
    return setAll(person, undefined);
  }

  async function setAll({ subscriber, subscriptions }: Person, until: Date | undefined): Promise<void> {
    for (const { newsletter } of subscriptions) await audience.pause(newsletter, subscriber.id, until);
  }

  function startOf(text: string, { timezone }: Newsletter, now: Date): Date | undefined {
    if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
    const noon = new Date(`${text}T12:00:00Z`);
    if (Number.isNaN(noon.getTime()) || noon.toISOString().slice(0, 10) !== text) return undefined;
    // A schedule has no instants near the last year that a date can have.
    if (Math.abs(noon.getTime() - now.getTime()) > LONGEST_PAUSE_MS + 3 * DAY_MS) return undefined;
    const [, month = 0, day = 0] = text.split('-').map(Number);
    const start = calendar.next(`0 0 ${day} ${month} *`, timezone, new Date(noon.getTime() - 2 * DAY_MS));
    const aheadMs = start.getTime() - now.getTime();
    return aheadMs > 0 && aheadMs <= LONGEST_PAUSE_MS + DAY_MS ? start : undefined;
  }

  return { range, pause, resume };
}
