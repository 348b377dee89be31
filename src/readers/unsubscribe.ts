/** A reader leaves, by a link in any mail: at once, from one newsletter or from all, and may come back for a while. */

import type { AppContext } from '../app-context.js';
import { maskedAddress } from '../domain/address.js';
import type { UnsubscribeView } from '../domain/page.js';
import type { Person } from '../domain/ports/storage.js';
import { showNotice } from './confirm.js';
import { choicesFor, knownCategories, languageFor, type Page, pathsOf, personOf, publicSideOf } from './public-site.js';

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
export async function unsubscribeOneClick(deps: AppContext, token: string): Promise<boolean> {
  const ref = publicSideOf(deps).links.verify(token);
  if (!ref) return false;
  if (await deps.store.audience.unsubscribe(ref.newsletter, ref.subscriber)) {
    deps.log.info('subscription.ended', { newsletter: ref.newsletter, subscriber: ref.subscriber, by: 'one-click' });
  }
  return true;
}

/** What the link shows; `undefined` when it is not ours. Changes nothing. */
export function showUnsubscribe(deps: AppContext, token: string): Promise<Page | undefined> {
  return pageFor(deps, token, {});
}

/** Does what the reader chose on that page; `undefined` when the link is not ours. */
export async function unsubscribe(
  deps: AppContext,
  token: string,
  choice: UnsubscribeChoice,
): Promise<Page | undefined> {
  const found = await personOf(deps, token);
  if (!found) return pageFor(deps, token, {});
  const { newsletter, person } = found;
  switch (choice.kind) {
    case 'this':
      return pageFor(deps, token, { done: 'this', undo: await end(deps, person, newsletter.id) });
    case 'everything':
      return pageFor(deps, token, { done: 'everything', undo: await end(deps, person) });
    case 'only': {
      const wishes = knownCategories(newsletter, choice.categories);
      if (wishes.length === 0) return pageFor(deps, token, { problem: 'categories' });
      // Who left meanwhile, by another mail or one click, is not brought back by an old page: it says that they are gone.
      const isKept = await deps.store.audience.setPreferences(newsletter.id, person.subscriber.id, wishes);
      return pageFor(deps, token, isKept ? { done: 'only' } : {});
    }
    case 'undo':
      return pageFor(deps, token, (await undo(deps, person, choice.undo)) ? { done: 'undone' } : { problem: 'undo' });
  }
}

/** Ends one subscription, or all of them; gives what takes it back, `null` when nothing would come back. */
async function end(deps: AppContext, { subscriber, subscriptions }: Person, only?: string): Promise<string | null> {
  const { id } = subscriber;
  const ended = subscriptions.filter(
    ({ newsletter, state }) => state !== 'unsubscribed' && (only === undefined || newsletter === only),
  );
  for (const { newsletter } of ended) await deps.store.audience.unsubscribe(newsletter, id);
  const newsletters = ended.map(({ newsletter }) => newsletter);
  deps.log.info('subscription.ended', { newsletters, subscriber: id, by: 'page' });
  // Taking a step back makes no consent where there was none.
  const back = ended.filter(({ state }) => state === 'active').map(({ newsletter }) => newsletter);
  if (back.length === 0) return null;
  const stamp = publicSideOf(deps).stamps.stamp(PURPOSE, [id, ...back], deps.clock.now());
  return `${back.map(encodeURIComponent).join(' ')}~${stamp}`;
}

/** Brings back what one step ended, with the wishes and the consent it had. */
async function undo(deps: AppContext, { subscriber, subscriptions }: Person, given: string): Promise<boolean> {
  const { id } = subscriber;
  const [names = '', stamp = ''] = given.split('~');
  const newsletters = names.split(' ').map(decoded);
  const at = publicSideOf(deps).stamps.read(PURPOSE, [id, ...newsletters], stamp);
  if (!at || deps.clock.now().getTime() - at.getTime() > UNDO_MS) return false;
  for (const { newsletter, wishes, consent, state } of subscriptions) {
    if (state !== 'unsubscribed' || !newsletters.includes(newsletter)) continue;
    await deps.store.audience.subscribe(newsletter, id, { wishes, consent });
  }
  deps.log.info('subscription.resumed', { newsletters, subscriber: id, by: 'undo' });
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
  deps: AppContext,
  token: string,
  { done = null, problem = null, undo: undoStamp = null }: Partial<Pick<UnsubscribeView, 'done' | 'problem' | 'undo'>>,
): Promise<Page | undefined> {
  const found = await personOf(deps, token);
  // Who was erased, and looks whether they still get mail, has a link of ours.
  if (!found) return publicSideOf(deps).links.verify(token) && showNotice(deps, 'nothing-sent');
  const { newsletter, person } = found;
  const language = await languageFor(deps, newsletter, person.subscriber.language);
  const mine = person.subscriptions.find((each) => each.newsletter === newsletter.id);
  const others = person.subscriptions.filter((each) => each !== mine && each.state !== 'unsubscribed');
  const isSubscribed = mine !== undefined && mine.state !== 'unsubscribed';
  const view: UnsubscribeView = {
    kind: 'unsubscribe',
    // Mails are forwarded: whoever has the link learns no more than that it is somebody's there.
    address: maskedAddress(person.subscriber.address),
    isSubscribed,
    done,
    problem,
    categories: done === null ? await choicesFor(deps, newsletter, mine?.wishes, language) : [],
    hasOthers: others.length > 0,
    undo: undoStamp,
    preferencesUrl: pathsOf(publicSideOf(deps)).preferences(token),
  };
  return { newsletter, language, view };
}
