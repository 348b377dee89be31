/** Which newsletters a reader gets, by the ticks on their own page; one tick in place of another is a switch (rule: frequency-change). */

import type { AppContext } from '../app-context.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Choice } from '../domain/page.js';
import type { Person } from '../domain/ports/storage.js';
import { publicSideOf } from './public-site.js';

/** Every newsletter, ticked where the reader gets it or is about to, and does not want to leave it. */
export function newsletterChoices(deps: AppContext, person: Person): readonly Choice[] {
  return [...deps.newsletters.values()].map(({ id, title }) => ({ key: id, title, isChosen: isWanted(person, id) }));
}

function isWanted({ subscriptions, switches }: Person, id: string): boolean {
  if (switches.some(({ from, stays }) => from === id && stays)) return false;
  if (switches.some(({ to, isWaiting }) => to === id && isWaiting)) return true;
  return subscriptions.some(({ newsletter, state }) => newsletter === id && state !== 'unsubscribed');
}

/** The reader's mailbox is proven already: a tick is their word. */
export async function changeNewsletters(
  deps: AppContext,
  person: Person,
  ticked: readonly string[],
  mine: string,
  wishes: readonly string[] | undefined,
): Promise<void> {
  const { audience } = deps.store;
  const { id: subscriber } = person.subscriber;
  const ids = [...deps.newsletters.keys()];
  const added = ids.filter((id) => ticked.includes(id) && !isWanted(person, id));
  const removed = ids.filter((id) => !ticked.includes(id) && isWanted(person, id));
  const termsFor = (id: string) => ({
    wishes: id === mine ? wishes : person.subscriptions.find(({ newsletter }) => newsletter === id)?.wishes,
    consent: { source: `${publicSideOf(deps).publicUrl}/p/`, at: deps.clock.now() },
  });
  // Whoever takes a word back is no switcher; the rest of the ticks is read as on any other day.
  const undone = await undoSwitches(deps, person, ticked);
  const [to, ...others] = added.filter((id) => !undone.has(id));
  const [from, ...gone] = removed.filter((id) => !undone.has(id));
  if (to !== undefined && from !== undefined && others.length === 0 && gone.length === 0) {
    const waits = periodMs(deps, to) < periodMs(deps, from);
    if (await audience.changeFrequency(subscriber, { from, to, waits, ...termsFor(to) })) return;
  }
  for (const id of [from, ...gone]) if (id !== undefined) await audience.unsubscribe(id, subscriber);
  for (const id of [to, ...others, ...undone]) {
    if (id !== undefined && ticked.includes(id)) await audience.subscribe(id, subscriber, termsFor(id));
  }
}

/** Forgets switches that the ticks contradict. Gives the newsletters that are settled by it: those that are ticked are to be had. */
async function undoSwitches(deps: AppContext, { subscriber, switches }: Person, ticked: readonly string[]) {
  const { audience } = deps.store;
  const undone = new Set<string>();
  for (const { from, to, isWaiting, stays } of switches) {
    if (!ticked.includes(from) && (ticked.includes(to) || !(isWaiting || stays))) continue;
    await audience.cancelFrequencyChange(to, subscriber.id);
    if (!ticked.includes(from)) await audience.unsubscribe(from, subscriber.id);
    if (!ticked.includes(to) && !isWaiting) await audience.unsubscribe(to, subscriber.id);
    for (const id of [from, to]) undone.add(id);
  }
  return undone;
}

/** How long one of its occurrences is after another, by its next two. */
function periodMs({ calendar, clock, newsletters }: AppContext, id: string): number {
  const { schedule, timezone } = newsletters.get(id) as Newsletter;
  const first = calendar.next(schedule, timezone, clock.now());
  return calendar.next(schedule, timezone, first).getTime() - first.getTime();
}
