/** Which newsletters a reader gets, as ticked on their page; one newsletter in place of another is a change of frequency (rule: frequency-change). */
import type { PublicPaths } from '../audience/public-paths.js';
import type { CategoryPreferences } from '../domain/category.js';
import type { Newsletter } from '../domain/newsletter.js';
import { periodMs } from '../domain/occurrences.js';
import type { Choice } from '../domain/page.js';
import type { AudienceStore, Person } from '../domain/ports/audience.js';
import type { Calendar } from '../domain/ports/host.js';
import { isCurrent } from '../domain/subscriber.js';

export interface NewsletterChoiceDeps {
  readonly newsletters: ReadonlyMap<string, Newsletter>;
  readonly audience: Pick<AudienceStore, 'subscribe' | 'unsubscribe' | 'changeFrequency' | 'cancelFrequencyChange'>;
  readonly paths: Pick<PublicPaths, 'absolute' | 'preferencesForm'>;
  readonly calendar: Pick<Calendar, 'next'>;
}

export interface NewsletterTicks {
  readonly ticked: readonly string[];
  /** The newsletter whose preferences were on the same form, and what they are now. */
  readonly shown: string;
  readonly preferences: CategoryPreferences;
}

export type NewsletterChoice = ReturnType<typeof openNewsletterChoice>;

export function openNewsletterChoice({ newsletters, audience, paths, calendar }: NewsletterChoiceDeps) {
  /** Every newsletter, ticked where the reader gets it or will get it. */
  function choices(person: Person): readonly Choice[] {
    return [...newsletters.values()].map(({ id, title }) => ({ key: id, title, isChosen: isTicked(person, id) }));
  }

  /** Makes a reader's subscriptions equal to the ticks. The link of the mail proves the mailbox: no confirmation is needed. */
  async function change(person: Person, { ticked, shown, preferences }: NewsletterTicks, now: Date): Promise<void> {
    const { id: subscriber } = person.subscriber;
    const ids = [...newsletters.keys()];
    const termsFor = (id: string) => ({
      preferences:
        id === shown ? preferences : person.subscriptions.find(({ newsletter }) => newsletter === id)?.preferences,
      consent: { source: paths.absolute(paths.preferencesForm), at: now },
    });
    // Taking a change back is not a new change; the other ticks are read as usual.
    const settled = await cancelChanges(person, ticked);
    const isLeft = (id: string) => !settled.has(id) && ticked.includes(id) !== isTicked(person, id);
    const [to, ...others] = ids.filter((id) => isLeft(id) && ticked.includes(id));
    const [from, ...gone] = ids.filter((id) => isLeft(id) && !ticked.includes(id));
    if (to !== undefined && from !== undefined && others.length === 0 && gone.length === 0) {
      const waits = periodOf(to, now) < periodOf(from, now);
      if (await audience.changeFrequency(subscriber, { from, to, waits, ...termsFor(to) })) return;
    }
    for (const id of [from, ...gone]) if (id !== undefined) await audience.unsubscribe(id, subscriber);
    for (const id of [to, ...others, ...settled]) {
      if (id !== undefined && ticked.includes(id)) await audience.subscribe(id, subscriber, termsFor(id));
    }
  }

  /** Cancels the changes of frequency that the ticks contradict. Gives their newsletters: of these, the ticked ones are subscribed to. */
  async function cancelChanges({ subscriber, frequencyChanges }: Person, ticked: readonly string[]) {
    const settled = new Set<string>();
    for (const { from, to, isWaiting, stays } of frequencyChanges) {
      if (!ticked.includes(from) && (ticked.includes(to) || !(isWaiting || stays))) continue;
      await audience.cancelFrequencyChange(to, subscriber.id);
      if (!ticked.includes(from)) await audience.unsubscribe(from, subscriber.id);
      if (!ticked.includes(to) && !isWaiting) await audience.unsubscribe(to, subscriber.id);
      for (const id of [from, to]) settled.add(id);
    }
    return settled;
  }

  function periodOf(id: string, now: Date): number {
    return periodMs(calendar, newsletters.get(id) as Newsletter, now);
  }

  return { choices, change };
}

function isTicked({ subscriptions, frequencyChanges }: Person, id: string): boolean {
  if (frequencyChanges.some(({ from, stays }) => from === id && stays)) return false;
  if (frequencyChanges.some(({ to, isWaiting }) => to === id && isWaiting)) return true;
  return isCurrent(subscriptions.find(({ newsletter }) => newsletter === id));
}
