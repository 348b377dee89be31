/** The newsletters as the public pages show them: in a reader's language, with the categories to choose from. */
import { type CategoryPreferences, choosableKeys, presentPreferences } from '../domain/category.js';
import { GazetteError } from '../domain/errors.js';
import { messagesFor, sectionTitle } from '../domain/messages.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Choice, Frequency } from '../domain/page.js';
import type { ArchiveStore } from '../domain/ports/archive.js';
import type { Messages, MessagesIn } from '../domain/ports/content.js';
import type { Calendar } from '../domain/ports/host.js';

export interface NewslettersDeps {
  readonly newsletters: ReadonlyMap<string, Newsletter>;
  readonly messagesIn: MessagesIn;
  readonly calendar: Pick<Calendar, 'next' | 'localTime'>;
}

export type Newsletters = ReturnType<typeof openNewsletters>;

const DAY_MS = 86_400_000;

export function openNewsletters({ newsletters, messagesIn, calendar }: NewslettersDeps) {
  const all = [...newsletters.values()];

  /** The newsletter whose look a page has that belongs to none. */
  function first(): Newsletter {
    const [newsletter] = all;
    if (newsletter) return newsletter;
    throw new GazetteError('config.missing-newsletter', 'There is no newsletter.');
  }

  /** A reader's language if there are messages in it, else the newsletter's. */
  async function languageFor(newsletter: Newsletter, wanted: string | undefined): Promise<string> {
    const isKnown = wanted !== undefined && isLanguage(wanted) && (await messagesIn(wanted)) !== undefined;
    return isKnown ? wanted : newsletter.language;
  }

  /**
   * The language a visitor asks for, as the newsletter offers it: one for each message file, whatever tags are asked for,
   * because each language of a reader is an edition (rule: strangers-cost-little).
   */
  async function offeredLanguage({ language }: Newsletter, wanted?: string): Promise<string> {
    if (wanted === undefined || !isLanguage(wanted)) return language;
    // One spelling, because some file systems ignore the case of file names.
    const messages = await messagesIn(Intl.getCanonicalLocales(wanted)[0] ?? wanted);
    const own = await messagesIn(language);
    return !messages || messages.catalogue === own?.catalogue ? language : messages.catalogue;
  }

  function messages(newsletter: Newsletter, language: string): Promise<Messages> {
    return messagesFor(messagesIn, newsletter, language);
  }

  /** The categories to choose from, with the reader's choice; posts in no category come last. */
  async function categoryChoices(
    newsletter: Newsletter,
    preferences: CategoryPreferences,
    language: string,
  ): Promise<readonly Choice[]> {
    const own = await messages(newsletter, language);
    const chosen = presentPreferences(preferences, newsletter.categories);
    return choosableKeys(newsletter.categories).map((key) => ({
      key,
      title: sectionTitle(key, newsletter, own),
      isChosen: chosen?.includes(key) ?? false,
    }));
  }

  /** How often a newsletter comes, judged by its next two periods. */
  function frequency({ schedule, timezone }: Newsletter, now: Date): Frequency {
    const start = calendar.next(schedule, timezone, now);
    const end = calendar.next(schedule, timezone, calendar.next(schedule, timezone, start));
    const days = (end.getTime() - start.getTime()) / 2 / DAY_MS;
    if (days <= 3.5) return 'daily';
    if (days <= 9) return 'weekly';
    if (days <= 18) return 'fortnightly';
    return days <= 45 ? 'monthly' : 'seldom';
  }

  return {
    all,
    find: (id: string) => newsletters.get(id),
    first,
    /** The newsletter itself; or what there is of one that was renamed or removed, by its newest issue; else `undefined`. */
    async archived(id: string, archive: Pick<ArchiveStore, 'issues'>): Promise<Newsletter | undefined> {
      const present = newsletters.get(id);
      if (present) return present;
      const [newest] = await archive.issues(id, { limit: 1, skip: 0 });
      return newest && { ...first(), id, title: newest.title };
    },
    languageFor,
    offeredLanguage,
    hasMessages: async (language: string) => (await messagesIn(language)) !== undefined,
    messages,
    categoryChoices,
    frequency,
  };
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
