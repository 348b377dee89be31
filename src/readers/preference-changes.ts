/** Saves what a reader chose on their page: categories, newsletters, name and language. */
import { knownKeys } from '../domain/category.js';
import type { AudienceStore } from '../domain/ports/audience.js';
import { nameAsGiven } from '../domain/subscriber.js';
import type { NewsletterChoice } from './newsletter-choice.js';
import type { Newsletters } from './newsletters.js';
import type { LinkedReader } from './reader-links.js';

/** The fields of the form. */
export interface ChosenPreferences {
  /** Only these categories, not everything. */
  readonly isChosen: boolean;
  readonly categories: readonly string[];
  readonly newsletters: readonly string[];
  readonly name: string;
  readonly language: string;
}

export interface PreferenceChangesDeps {
  readonly newsletters: Newsletters;
  readonly newsletterChoice: Pick<NewsletterChoice, 'change'>;
  readonly audience: Pick<AudienceStore, 'setPreferences' | 'describe'>;
}

export type PreferenceChanges = ReturnType<typeof openPreferenceChanges>;

export function openPreferenceChanges({ newsletters, newsletterChoice, audience }: PreferenceChangesDeps) {
  /** False, and nothing is saved, when only chosen categories are wanted and none is ticked. */
  async function save({ newsletter, person }: LinkedReader, form: ChosenPreferences, now: Date): Promise<boolean> {
    const { subscriber, subscriptions } = person;
    const chosen = knownKeys(newsletter.categories, form.categories);
    const before = subscriptions.find((each) => each.newsletter === newsletter.id)?.preferences;
    // A reader of everything sees empty boxes: ticking one is a choice, even without “only these”.
    const isChosen = (form.isChosen && newsletter.categories.length > 0) || (before === undefined && chosen.length > 0);
    if (isChosen && chosen.length === 0) return false;
    const preferences = isChosen ? chosen : undefined;
    await audience.setPreferences(newsletter.id, subscriber.id, preferences);
    const current = await newsletters.languageFor(newsletter, subscriber.language);
    const language = form.language === current ? current : await newsletters.offeredLanguage(newsletter, form.language);
    await audience.describe(subscriber.id, { name: nameAsGiven(form.name), language });
    await newsletterChoice.change(person, { ticked: form.newsletters, shown: newsletter.id, preferences }, now);
    return true;
  }

  return { save };
}
