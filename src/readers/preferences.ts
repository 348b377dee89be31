/** A reader's own page, by a link in any mail and without a login: what they get, when, where, and what is kept of them. */

import type { AppContext } from '../app-context.js';
import { versionOf } from '../audience/tokens.js';
import { type Address, addressFrom } from '../domain/address.js';
import { messagesFor } from '../domain/messages.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Choice, PreferencesView } from '../domain/page.js';
import type { Person } from '../domain/ports/storage.js';
import { nameAsGiven } from '../domain/subscriber.js';
import { changeNewsletters, newsletterChoices } from './choose-newsletters.js';
import {
  choicesFor,
  knownCategories,
  languageFor,
  offeredLanguage,
  type Page,
  pathsOf,
  personOf,
  publicSideOf,
} from './public-site.js';

/** What one form of the page brought. */
export type PreferencesChange =
  | {
      readonly kind: 'wishes';
      readonly isChosen: boolean;
      readonly categories: readonly string[];
      readonly newsletters: readonly string[];
      readonly name: string;
      readonly language: string;
    }
  | { readonly kind: 'pause'; readonly until: string }
  | { readonly kind: 'resume' }
  | ({ readonly kind: 'address'; readonly address: string } & Asker)
  | { readonly kind: 'erase'; readonly sure: boolean };

/** Who asks for mail to another mailbox, and whether it may get one now. */
export interface Asker {
  readonly ip: string;
  readonly userAgent: string;
  mayMail(address: Address): boolean;
}

const DAY_MS = 86_400_000;
const LONGEST_PAUSE_MS = 2 * 365 * DAY_MS;

type RecordedAnswer = Partial<Pick<PreferencesView, 'saved' | 'problem'>>;

/** The page; `undefined` when the link is not ours, or its reader is gone. */
export async function showPreferences(
  deps: AppContext,
  token: string,
  said: RecordedAnswer = {},
): Promise<Page | undefined> {
  const found = await personOf(deps, token);
  if (!found) return undefined;
  const { newsletter, person } = found;
  const { subscriber, subscriptions } = person;
  const language = await languageFor(deps, newsletter, subscriber.language);
  const mine = subscriptions.find((each) => each.newsletter === newsletter.id);
  const now = deps.clock.now();
  const paths = pathsOf(publicSideOf(deps));
  const pausedUntil = mine?.pausedUntil && mine.pausedUntil > now ? mine.pausedUntil : null;
  const view: PreferencesView = {
    kind: 'preferences',
    address: subscriber.address,
    name: subscriber.name,
    isSubscribed: mine !== undefined && mine.state !== 'unsubscribed',
    hasOthers: subscriptions.some((each) => each !== mine && each.state !== 'unsubscribed'),
    categories: await choicesFor(deps, newsletter, mine?.wishes, language),
    isChosen: mine?.wishes !== undefined,
    newsletters: newsletterChoices(deps, person),
    languages: await languageChoices(deps, language),
    pausedUntil,
    pauseFrom: dayText(new Date(now.getTime() + DAY_MS), newsletter),
    pauseTo: dayText(new Date(now.getTime() + LONGEST_PAUSE_MS), newsletter),
    saved: null,
    problem: null,
    dataUrl: paths.data(token),
    unsubscribeUrl: paths.unsubscribe(token),
    ...said,
  };
  return { newsletter, language, view };
}

/** Does what one of its forms asks; `undefined` when the link is not ours, `too-many` when that mailbox had enough mail. */
export async function changePreferences(
  deps: AppContext,
  token: string,
  change: PreferencesChange,
): Promise<Page | 'too-many' | undefined> {
  const found = await personOf(deps, token);
  if (!found) return undefined;
  const { newsletter, person } = found;
  const again = (said: RecordedAnswer) => showPreferences(deps, token, said);
  switch (change.kind) {
    case 'wishes':
      return again(
        (await changeWishes(deps, newsletter, person, change)) ? { saved: 'saved' } : { problem: 'categories' },
      );
    case 'pause': {
      const until = dayFrom(deps, change.until, newsletter);
      if (!until) return again({ problem: 'date' });
      for (const each of person.subscriptions)
        await deps.store.audience.pause(each.newsletter, person.subscriber.id, until);
      return again({ saved: 'paused' });
    }
    case 'resume':
      for (const each of person.subscriptions)
        await deps.store.audience.pause(each.newsletter, person.subscriber.id, undefined);
      return again({ saved: 'resumed' });
    case 'address': {
      const asked = await askNewAddress(deps, newsletter, person, change);
      if (asked === 'too-many') return asked;
      return again(asked === 'asked' ? { saved: 'address-asked' } : { problem: 'address' });
    }
    case 'erase':
      if (!change.sure) return again({ problem: 'erase' });
      await erasePerson(deps, person);
      return {
        newsletter,
        language: await languageFor(deps, newsletter, person.subscriber.language),
        view: { kind: 'notice', notice: 'erased', preferencesUrl: null },
      };
  }
}

/** Everything kept about the reader a link is for, as plain data; `undefined` when the link is not ours. */
export async function readOwnData(deps: AppContext, token: string) {
  const found = await personOf(deps, token);
  return found && dataOf(deps, found.person);
}

/** Everything kept about a person. */
export async function dataOf(deps: AppContext, person: Person) {
  const { subscriber, addressKey, subscriptions, suppressed } = person;
  const { ledger, signUps } = deps.store;
  const [evidence, deliveries] = await Promise.all([signUps.evidence(addressKey), ledger.deliveriesTo(subscriber.id)]);
  return {
    subscriber,
    subscriptions,
    ...(suppressed && { suppressed }),
    evidence: evidence.map(({ addressKey: _, ...kept }) => kept),
    deliveries,
  };
}

/** Erases a person: what remains is a keyed hash among the suppressions. */
export async function erasePerson(deps: AppContext, { subscriber, addressKey }: Person): Promise<void> {
  const [erasedKey = ''] = publicSideOf(deps).erasedKeys(addressKey);
  await deps.store.signUps.forget(addressKey, subscriber.id);
  await deps.store.audience.erase(subscriber.id, erasedKey, deps.clock.now());
  deps.log.info('subscriber.erased', { subscriber: subscriber.id });
}

async function changeWishes(
  deps: AppContext,
  newsletter: Newsletter,
  person: Person,
  change: Extract<PreferencesChange, { kind: 'wishes' }>,
): Promise<boolean> {
  const { audience } = deps.store;
  const { id } = person.subscriber;
  const chosen = knownCategories(newsletter, change.categories);
  const before = person.subscriptions.find((each) => each.newsletter === newsletter.id)?.wishes;
  // Boxes were shown empty to who got everything: ticking one is a choice, also where “only these” was not pressed.
  const isChosen = (change.isChosen && newsletter.categories.length > 0) || (before === undefined && chosen.length > 0);
  if (isChosen && chosen.length === 0) return false;
  const wishes = isChosen ? chosen : undefined;
  await audience.setPreferences(newsletter.id, id, wishes);
  const current = await languageFor(deps, newsletter, person.subscriber.language);
  const language = change.language === current ? current : await offeredLanguage(deps, newsletter, change.language);
  await audience.describe(id, { name: nameAsGiven(change.name), language });
  await changeNewsletters(deps, person, change.newsletters, newsletter.id, wishes);
  return true;
}

/** Asks the new mailbox; nothing changes before it answers. */
async function askNewAddress(
  deps: AppContext,
  newsletter: Newsletter,
  { subscriber, addressKey }: Person,
  { address: given, ip, userAgent, mayMail }: Extract<PreferencesChange, { kind: 'address' }>,
): Promise<'asked' | 'invalid' | 'too-many'> {
  const address = addressFrom(given);
  if (!address) return 'invalid';
  if (address.key === addressKey && address.address === subscriber.address) return 'asked';
  if (!mayMail(address)) return 'too-many';
  const language = await languageFor(deps, newsletter, subscriber.language);
  const words = await messagesFor(deps.messagesIn, newsletter, language);
  const text = words.say('page.preferences.moveHint');
  await deps.store.signUps.ask({
    purpose: 'change-address',
    newsletter: newsletter.id,
    subscriber: subscriber.id,
    address: address.address,
    addressKey: address.key,
    name: subscriber.name,
    language,
    wishes: undefined,
    asked: {
      at: deps.clock.now(),
      form: `${publicSideOf(deps).publicUrl}/p/`,
      text,
      textVersion: versionOf(text),
      ip,
      userAgent: userAgent.slice(0, 300),
    },
  });
  return 'asked';
}

async function languageChoices(deps: AppContext, language: string): Promise<readonly Choice[]> {
  const tags = [
    ...new Set([...['en', 'de', 'ar', 'ja'], ...[...deps.newsletters.values()].map((each) => each.language), language]),
  ];
  const known = await Promise.all(tags.map(async (tag) => ((await deps.messagesIn(tag)) ? [tag] : [])));
  return known.flat().map((tag) => ({
    key: tag,
    title: new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag,
    isChosen: tag === language,
  }));
}

/** A day in the newsletter's zone, as a date field writes it. */
function dayText(at: Date, { timezone }: Newsletter): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' }).format(at);
}

/** The beginning of a day that lies ahead, in the newsletter's zone; `undefined` for any other text. */
function dayFrom(deps: AppContext, text: string, newsletter: Newsletter): Date | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const noon = new Date(`${text}T12:00:00Z`);
  if (Number.isNaN(noon.getTime()) || noon.toISOString().slice(0, 10) !== text) return undefined;
  const [, month = 0, day = 0] = text.split('-').map(Number);
  const start = deps.calendar.next(`0 0 ${day} ${month} *`, newsletter.timezone, new Date(noon.getTime() - 2 * DAY_MS));
  const ahead = start.getTime() - deps.clock.now().getTime();
  return ahead > 0 && ahead <= LONGEST_PAUSE_MS + DAY_MS ? start : undefined;
}
