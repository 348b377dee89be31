/** Unsubscribing by the link in a mail: at once, from one newsletter or from all, and for a while it can be undone. */
import type { Stamps } from '../audience/tokens.js';
import { knownKeys } from '../domain/category.js';
import type { UnsubscribeView } from '../domain/page.js';
import type { AudienceStore, Person } from '../domain/ports/audience.js';
import type { Log } from '../domain/ports/host.js';
import { isCurrent } from '../domain/subscriber.js';
import type { Newsletters } from './newsletters.js';
import { noticePage, type Page } from './page.js';
import type { PublicSite } from './public-site.js';
import type { LinkedReader, ReaderLinks } from './reader-links.js';

export type UnsubscribeChoice =
  | { readonly kind: 'this' | 'everything' }
  | { readonly kind: 'only'; readonly categories: readonly string[] }
  | { readonly kind: 'undo'; readonly undo: string };

export interface UnsubscribeDeps {
  readonly site: Pick<PublicSite, 'paths' | 'stamps'>;
  readonly readerLinks: ReaderLinks;
  readonly newsletters: Newsletters;
  readonly audience: Pick<AudienceStore, 'unsubscribe' | 'subscribe' | 'setPreferences'>;
  readonly log: Log;
}

type Result = Partial<Pick<UnsubscribeView, 'done' | 'problem' | 'undo'>>;

/** How long unsubscribing can be undone. */
const UNDO_MS = 60 * 60_000;
const PURPOSE = 'undo';

export function openUnsubscribing(deps: UnsubscribeDeps) {
  const { site, readerLinks, newsletters, audience, log } = deps;

  /** One click (RFC 8058): ends the subscription the token names. True also when it had ended before; false for an invalid token. */
  async function unsubscribeOneClick(token: string): Promise<boolean> {
    const ref = readerLinks.verify(token);
    if (!ref) return false;
    if (await audience.unsubscribe(ref.newsletter, ref.subscriber)) {
      log.info('subscription.ended', { newsletter: ref.newsletter, subscriber: ref.subscriber, by: 'one-click' });
    }
    return true;
  }

  /** What the link shows; `undefined` when it is not valid. Changes nothing. */
  function show(token: string): Promise<Page | undefined> {
    return pageFor(token, {});
  }

  /** Does what the reader chose on that page; `undefined` when the link is not valid. */
  async function unsubscribe(token: string, choice: UnsubscribeChoice, now: Date): Promise<Page | undefined> {
    const reader = await readerLinks.readerFor(token);
    return pageFor(token, reader ? await apply(reader, choice, now) : {});
  }

  async function apply({ newsletter, person }: LinkedReader, choice: UnsubscribeChoice, now: Date): Promise<Result> {
    switch (choice.kind) {
      case 'this':
        return { done: 'this', undo: await end(person, now, newsletter.id) };
      case 'everything':
        return { done: 'everything', undo: await end(person, now) };
      case 'only': {
        const preferences = knownKeys(newsletter.categories, choice.categories);
        if (preferences.length === 0) return { problem: 'categories' };
        // An old page does not bring back a reader who has unsubscribed since: it says that they are unsubscribed.
        const isSet = await audience.setPreferences(newsletter.id, person.subscriber.id, preferences);
        return isSet ? { done: 'only' } : {};
      }
      case 'undo':
        return (await undo(person, choice.undo, now)) ? { done: 'undone' } : { problem: 'undo' };
    }
  }

  /** Ends one subscription, or all; gives what undoes it, `null` when nothing would come back. */
  async function end({ subscriber, subscriptions }: Person, now: Date, only?: string): Promise<string | null> {
    const { id } = subscriber;
    const ended = subscriptions.filter((each) => isCurrent(each) && (only === undefined || each.newsletter === only));
    for (const { newsletter } of ended) await audience.unsubscribe(newsletter, id);
    const ids = ended.map(({ newsletter }) => newsletter);
    log.info('subscription.ended', { newsletters: ids, subscriber: id, by: 'page' });
    // An unconfirmed subscription does not come back as a confirmed one.
    const back = ended.filter(({ state }) => state === 'active').map(({ newsletter }) => newsletter);
    return back.length === 0 ? null : undoText(site.stamps, id, back, now);
  }

  /** Brings back what was ended, with the preferences and the consent it had. */
  async function undo({ subscriber, subscriptions }: Person, text: string, now: Date): Promise<boolean> {
    const { id } = subscriber;
    const ended = readUndoText(site.stamps, id, text);
    if (!ended || now.getTime() - ended.at.getTime() > UNDO_MS) return false;
    for (const each of subscriptions) {
      const { newsletter, preferences, consent } = each;
      if (isCurrent(each) || !ended.newsletters.includes(newsletter)) continue;
      await audience.subscribe(newsletter, id, { preferences, consent });
    }
    log.info('subscription.resumed', { newsletters: ended.newsletters, subscriber: id, by: 'undo' });
    return true;
  }

  async function pageFor(token: string, result: Result): Promise<Page | undefined> {
    const reader = await readerLinks.readerFor(token);
    // An erased reader who follows an old link reads that they get no mail.
    if (!reader) return readerLinks.verify(token) && noticePage(newsletters.first(), 'nothing-sent');
    return page(reader, token, result);
  }

  async function page(
    { newsletter, person }: LinkedReader,
    token: string,
    { done = null, problem = null, undo: undoText = null }: Result,
  ): Promise<Page> {
    const language = await newsletters.languageFor(newsletter, person.subscriber.language);
    const own = person.subscriptions.find((each) => each.newsletter === newsletter.id);
    const view: UnsubscribeView = {
      kind: 'unsubscribe',
      address: person.subscriber.address,
      isSubscribed: isCurrent(own),
      done,
      problem,
      categories: done === null ? await newsletters.categoryChoices(newsletter, own?.preferences, language) : [],
      hasOthers: person.subscriptions.some((each) => each !== own && isCurrent(each)),
      undo: undoText,
      preferencesUrl: site.paths.preferences(token),
    };
    return { newsletter, language, view };
  }

  return { unsubscribeOneClick, show, unsubscribe, page };
}

/** The newsletters and a stamp on them: `weekly monthly~k1.…`. */
function undoText(stamps: Stamps, subscriber: number, newsletters: readonly string[], now: Date): string {
  const stamp = stamps.stamp(PURPOSE, [subscriber, ...newsletters], now);
  return `${newsletters.map(encodeURIComponent).join(' ')}~${stamp}`;
}

/** `undefined` when the text was not made here for this subscriber. */
function readUndoText(stamps: Stamps, subscriber: number, text: string) {
  const [names = '', stamp = ''] = text.split('~');
  const newsletters = names.split(' ').map(decoded);
  const at = stamps.read(PURPOSE, [subscriber, ...newsletters], stamp);
  return at && { at, newsletters };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
