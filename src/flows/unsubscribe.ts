/** A reader leaves, by a link in any mail: at once, from one newsletter or from all, and may come back for a while. */
import { maskedAddress } from '../domain/address.js';
import type { UnsubscribeView } from '../domain/page.js';
import type { Subscription } from '../domain/subscriber.js';
import type { House } from './house.js';
import {
  choicesFrom,
  knownCategories,
  languageFor,
  type Page,
  pathsOf,
  personOf,
  publicSideOf,
} from './public-side.js';

export type UnsubscribeChoice =
  | { readonly kind: 'this' | 'everything' }
  | { readonly kind: 'only'; readonly categories: readonly string[] }
  | { readonly kind: 'undo'; readonly undo: string };

/** How long a step can be taken back. */
const UNDO_MS = 60 * 60_000;
const PURPOSE = 'undo';

/**
 * One click (RFC 8058): ends the subscription the token names. True also when it had ended before; false for a token
 * that is not ours.
 */
export async function unsubscribeOneClick(house: House, token: string): Promise<boolean> {
  const ref = publicSideOf(house).links.verify(token);
  if (!ref) return false;
  if (await house.store.audience.unsubscribe(ref.newsletter, ref.subscriber)) {
    house.log.info('subscription.ended', { newsletter: ref.newsletter, subscriber: ref.subscriber, by: 'one-click' });
  }
  return true;
}

/** What the link shows; `undefined` when it is not ours. Changes nothing. */
export function showUnsubscribe(house: House, token: string): Promise<Page | undefined> {
  return pageFor(house, token, null, null);
}

/** Does what the reader chose on that page; `undefined` when the link is not ours, or what they chose makes no sense. */
export async function unsubscribe(house: House, token: string, choice: UnsubscribeChoice): Promise<Page | undefined> {
  const found = await personOf(house, token);
  if (!found) return undefined;
  const { newsletter, person } = found;
  const { audience } = house.store;
  const { id } = person.subscriber;
  const stamp = (newsletters: readonly string[]) =>
    `${newsletters.map(encodeURIComponent).join(' ')}~${publicSideOf(house).stamps.stamp(PURPOSE, [id, ...newsletters], house.clock.now())}`;
  const ended = (subscriptions: readonly Subscription[]) => async () => {
    for (const each of subscriptions) await audience.unsubscribe(each.newsletter, id);
    const names = subscriptions.map((each) => each.newsletter);
    house.log.info('subscription.ended', { newsletters: names, subscriber: id, by: 'page' });
    return names.length === 0 ? null : stamp(names);
  };
  const active = person.subscriptions.filter(({ state }) => state !== 'unsubscribed');
  switch (choice.kind) {
    case 'this':
      return pageFor(house, token, 'this', await ended(active.filter((each) => each.newsletter === newsletter.id))());
    case 'everything':
      return pageFor(house, token, 'everything', await ended(active)());
    case 'only': {
      const wishes = knownCategories(newsletter.categories, choice.categories);
      if (wishes.length === 0) return undefined;
      await audience.setWishes(newsletter.id, id, wishes);
      return pageFor(house, token, 'only', null);
    }
    case 'undo':
      return (await undo(house, id, choice.undo)) ? pageFor(house, token, 'undone', null) : undefined;
  }
}

/** Brings back what one step ended, with the wishes and the consent it had. */
async function undo(house: House, subscriber: number, given: string): Promise<boolean> {
  const [names = '', stamp = ''] = given.split('~');
  const newsletters = names.split(' ').map(decoded);
  const at = publicSideOf(house).stamps.read(PURPOSE, [subscriber, ...newsletters], stamp);
  if (!at || house.clock.now().getTime() - at.getTime() > UNDO_MS) return false;
  const person = await house.store.audience.person(subscriber);
  for (const { newsletter, wishes, consent, state } of person?.subscriptions ?? []) {
    if (state !== 'unsubscribed' || !newsletters.includes(newsletter)) continue;
    await house.store.audience.subscribe(newsletter, subscriber, { wishes, consent });
  }
  house.log.info('subscription.resumed', { newsletters, subscriber, by: 'undo' });
  return true;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

async function pageFor(
  house: House,
  token: string,
  done: UnsubscribeView['done'],
  undoStamp: string | null,
): Promise<Page | undefined> {
  const found = await personOf(house, token);
  if (!found) return undefined;
  const { newsletter, person } = found;
  const language = await languageFor(house, newsletter, person.subscriber.language);
  const mine = person.subscriptions.find((each) => each.newsletter === newsletter.id);
  const others = person.subscriptions.filter((each) => each !== mine && each.state !== 'unsubscribed');
  const isSubscribed = mine !== undefined && mine.state !== 'unsubscribed';
  const view: UnsubscribeView = {
    kind: 'unsubscribe',
    // Mails are forwarded: whoever has the link learns no more than that it is somebody's there.
    address: maskedAddress(person.subscriber.address),
    isSubscribed,
    done,
    categories: done === null ? choicesFrom(newsletter.categories, mine?.wishes, language) : [],
    hasOthers: others.length > 0,
    undo: undoStamp,
    preferencesUrl: pathsOf(publicSideOf(house)).preferences(token),
  };
  return { newsletter, language, view };
}
