/** The page where a reader sees and changes what they get. */
import type { PublicPaths } from '../audience/public-paths.js';
import type { Choice, PreferencesView } from '../domain/page.js';
import { isCurrent } from '../domain/subscriber.js';
import type { NewsletterChoice } from './newsletter-choice.js';
import type { Newsletters } from './newsletters.js';
import { noticePage, type Page } from './page.js';
import type { Pauses } from './pauses.js';
import type { LinkedReader } from './reader-links.js';

export interface PreferencesPageDeps {
  readonly paths: PublicPaths;
  readonly newsletters: Newsletters;
  readonly newsletterChoice: Pick<NewsletterChoice, 'choices'>;
  readonly pauses: Pick<Pauses, 'range'>;
}

/** What a form did, or why it did nothing. */
export type PreferencesResult = Partial<Pick<PreferencesView, 'saved' | 'problem'>>;

export type PreferencesPage = ReturnType<typeof openPreferencesPage>;

const SHIPPED_LANGUAGES = ['en', 'de', 'ar', 'ja'];

export function openPreferencesPage(deps: PreferencesPageDeps) {
  const { paths, newsletters, newsletterChoice, pauses } = deps;

  async function page(
    { newsletter, person }: LinkedReader,
    token: string,
    result: PreferencesResult,
    now: Date,
  ): Promise<Page> {
    const { subscriber, subscriptions } = person;
    const language = await newsletters.languageFor(newsletter, subscriber.language);
    const own = subscriptions.find((each) => each.newsletter === newsletter.id);
    const range = pauses.range(newsletter, now);
    const view: PreferencesView = {
      kind: 'preferences',
      address: subscriber.address,
      name: subscriber.name,
      isSubscribed: isCurrent(own),
      hasOthers: subscriptions.some((each) => each !== own && isCurrent(each)),
      categories: await newsletters.categoryChoices(newsletter, own?.preferences, language),
      isChosen: own?.preferences !== undefined,
      newsletters: newsletterChoice.choices(person),
      languages: await languageChoices(language),
      pausedUntil: own?.pausedUntil && own.pausedUntil > now ? own.pausedUntil : null,
      pauseFrom: range.from,
      pauseTo: range.to,
      saved: null,
      problem: null,
      dataUrl: paths.data(token),
      unsubscribeUrl: paths.unsubscribe(token),
      ...result,
    };
    return { newsletter, language, view };
  }

  async function languageChoices(current: string): Promise<readonly Choice[]> {
    const tags = new Set([...SHIPPED_LANGUAGES, ...newsletters.all.map(({ language }) => language), current]);
    const known = await Promise.all([...tags].map(async (tag) => ((await newsletters.hasMessages(tag)) ? [tag] : [])));
    return known.flat().map((tag) => ({
      key: tag,
      title: languageName(tag),
      isChosen: tag === current,
    }));
  }

  /** Says that everything about a reader has been erased. */
  async function erased({ newsletter, person }: LinkedReader): Promise<Page> {
    return noticePage(newsletter, 'erased', await newsletters.languageFor(newsletter, person.subscriber.language));
  }

  return { page, erased };
}

/** Readers' languages come from outside: there is an end to what is kept. */
const MOST_NAMES = 200;
const names = new Map<string, string>();

/** A language's name for itself. */
function languageName(tag: string): string {
  const known = names.get(tag);
  if (known !== undefined) return known;
  if (names.size >= MOST_NAMES) names.clear();
  const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  names.set(tag, name);
  return name;
}
