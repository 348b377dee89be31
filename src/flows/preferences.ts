/** A reader's own page, by a link in any mail and without a login: what they get, when, where, and what is kept of them. */
import { versionOf } from '../audience/tokens.js';
import { type Address, addressFrom } from '../domain/address.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Choice, PreferencesView } from '../domain/page.js';
import type { Person } from '../domain/ports.js';
import { nameAsGiven } from '../domain/subscriber.js';
import { changeNewsletters, newsletterChoices } from './choose-newsletters.js';
import { wordsFor } from './draft-issue.js';
import type { House } from './house.js';
import {
  choicesFor,
  knownCategories,
  languageFor,
  offeredLanguage,
  type Page,
  pathsOf,
  personOf,
  publicSideOf,
} from './public-side.js';

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

type Said = Partial<Pick<PreferencesView, 'saved' | 'problem'>>;

/** The page; `undefined` when the link is not ours, or its reader is gone. */
export async function showPreferences(house: House, token: string, said: Said = {}): Promise<Page | undefined> {
  const found = await personOf(house, token);
  if (!found) return undefined;
  const { newsletter, person } = found;
  const { subscriber, subscriptions } = person;
  const language = await languageFor(house, newsletter, subscriber.language);
  const mine = subscriptions.find((each) => each.newsletter === newsletter.id);
  const now = house.clock.now();
  const paths = pathsOf(publicSideOf(house));
  const pausedUntil = mine?.pausedUntil && mine.pausedUntil > now ? mine.pausedUntil : null;
  const view: PreferencesView = {
    kind: 'preferences',
    address: subscriber.address,
    name: subscriber.name,
    isSubscribed: mine !== undefined && mine.state !== 'unsubscribed',
    hasOthers: subscriptions.some((each) => each !== mine && each.state !== 'unsubscribed'),
    categories: await choicesFor(house, newsletter, mine?.wishes, language),
    isChosen: mine?.wishes !== undefined,
    newsletters: newsletterChoices(house, person),
    languages: await languageChoices(house, language),
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
  house: House,
  token: string,
  change: PreferencesChange,
): Promise<Page | 'too-many' | undefined> {
  const found = await personOf(house, token);
  if (!found) return undefined;
  const { newsletter, person } = found;
  const again = (said: Said) => showPreferences(house, token, said);
  switch (change.kind) {
    case 'wishes':
      return again(
        (await changeWishes(house, newsletter, person, change)) ? { saved: 'saved' } : { problem: 'categories' },
      );
    case 'pause': {
      const until = dayFrom(house, change.until, newsletter);
      if (!until) return again({ problem: 'date' });
      for (const each of person.subscriptions)
        await house.store.audience.pause(each.newsletter, person.subscriber.id, until);
      return again({ saved: 'paused' });
    }
    case 'resume':
      for (const each of person.subscriptions)
        await house.store.audience.pause(each.newsletter, person.subscriber.id, undefined);
      return again({ saved: 'resumed' });
    case 'address': {
      const asked = await askNewAddress(house, newsletter, person, change);
      if (asked === 'too-many') return asked;
      return again(asked === 'asked' ? { saved: 'address-asked' } : { problem: 'address' });
    }
    case 'erase':
      if (!change.sure) return again({ problem: 'erase' });
      await erasePerson(house, person);
      return {
        newsletter,
        language: await languageFor(house, newsletter, person.subscriber.language),
        view: { kind: 'notice', notice: 'erased', preferencesUrl: null },
      };
  }
}

/** Everything kept about the reader a link is for, as plain data; `undefined` when the link is not ours. */
export async function readOwnData(house: House, token: string) {
  const found = await personOf(house, token);
  return found && dataOf(house, found.person);
}

/** Everything kept about a person (standards I10). */
export async function dataOf(house: House, person: Person) {
  const { subscriber, addressKey, subscriptions, suppressed } = person;
  const { ledger, signUps } = house.store;
  const [evidence, deliveries] = await Promise.all([signUps.evidence(addressKey), ledger.deliveriesTo(subscriber.id)]);
  return {
    subscriber,
    subscriptions,
    ...(suppressed && { suppressed }),
    evidence: evidence.map(({ addressKey: _, ...kept }) => kept),
    deliveries,
  };
}

/** Erases a person: what remains is a keyed hash among the suppressions (standards I8). */
export async function erasePerson(house: House, { subscriber, addressKey }: Person): Promise<void> {
  const [erasedKey = ''] = publicSideOf(house).erasedKeys(addressKey);
  await house.store.signUps.forget(addressKey, subscriber.id);
  await house.store.audience.erase(subscriber.id, erasedKey, house.clock.now());
  house.log.info('subscriber.erased', { subscriber: subscriber.id });
}

async function changeWishes(
  house: House,
  newsletter: Newsletter,
  person: Person,
  change: Extract<PreferencesChange, { kind: 'wishes' }>,
): Promise<boolean> {
  const { audience } = house.store;
  const { id } = person.subscriber;
  const chosen = knownCategories(newsletter, change.categories);
  const before = person.subscriptions.find((each) => each.newsletter === newsletter.id)?.wishes;
  // Boxes were shown empty to who got everything: ticking one is a choice, also where “only these” was not pressed.
  const isChosen = (change.isChosen && newsletter.categories.length > 0) || (before === undefined && chosen.length > 0);
  if (isChosen && chosen.length === 0) return false;
  const wishes = isChosen ? chosen : undefined;
  await audience.setWishes(newsletter.id, id, wishes);
  const current = await languageFor(house, newsletter, person.subscriber.language);
  const language = change.language === current ? current : await offeredLanguage(house, newsletter, change.language);
  await audience.describe(id, { name: nameAsGiven(change.name), language });
  await changeNewsletters(house, person, change.newsletters, newsletter.id, wishes);
  return true;
}

/** Asks the new mailbox; nothing changes before it answers. */
async function askNewAddress(
  house: House,
  newsletter: Newsletter,
  { subscriber, addressKey }: Person,
  { address: given, ip, userAgent, mayMail }: Extract<PreferencesChange, { kind: 'address' }>,
): Promise<'asked' | 'invalid' | 'too-many'> {
  const address = addressFrom(given);
  if (!address) return 'invalid';
  if (address.key === addressKey && address.address === subscriber.address) return 'asked';
  if (!mayMail(address)) return 'too-many';
  const language = await languageFor(house, newsletter, subscriber.language);
  const words = await wordsFor(house, newsletter, language);
  const text = words.say('page.preferences.moveHint');
  await house.store.signUps.ask({
    purpose: 'change-address',
    newsletter: newsletter.id,
    subscriber: subscriber.id,
    address: address.address,
    addressKey: address.key,
    name: subscriber.name,
    language,
    wishes: undefined,
    asked: {
      at: house.clock.now(),
      form: `${publicSideOf(house).publicUrl}/p/`,
      text,
      textVersion: versionOf(text),
      ip,
      userAgent: userAgent.slice(0, 300),
    },
  });
  return 'asked';
}

async function languageChoices(house: House, language: string): Promise<readonly Choice[]> {
  const tags = [
    ...new Set([
      ...['en', 'de', 'ar', 'ja'],
      ...[...house.newsletters.values()].map((each) => each.language),
      language,
    ]),
  ];
  const known = await Promise.all(tags.map(async (tag) => ((await house.words(tag)) ? [tag] : [])));
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
function dayFrom(house: House, text: string, newsletter: Newsletter): Date | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const noon = new Date(`${text}T12:00:00Z`);
  if (Number.isNaN(noon.getTime()) || noon.toISOString().slice(0, 10) !== text) return undefined;
  const [, month = 0, day = 0] = text.split('-').map(Number);
  const start = house.calendar.next(
    `0 0 ${day} ${month} *`,
    newsletter.timezone,
    new Date(noon.getTime() - 2 * DAY_MS),
  );
  const ahead = start.getTime() - house.clock.now().getTime();
  return ahead > 0 && ahead <= LONGEST_PAUSE_MS + DAY_MS ? start : undefined;
}
