/** The readers module: sign-up, confirmation, preferences, unsubscribing and the archive for visitors; subscribers for operators. */
import { COLUMNS } from '../audience/csv-columns.js';
import { CSV_PRESETS, STATE_MEANINGS, type StateName } from '../audience/csv-presets.js';
import { writeSubscribers } from '../audience/export-csv.js';
import { GazetteError } from '../domain/errors.js';
import type { NoticeName } from '../domain/page.js';
import type { Clock, Log, Processes } from '../domain/ports/host.js';
import type { Store } from '../domain/ports/storage.js';
import { openAddressChanges } from './address-change.js';
import { openArchive } from './archive.js';
import { openArchiveFeeds } from './archive-feeds.js';
import { openArchiveIndex } from './archive-index.js';
import { openConfirmations } from './confirm.js';
import { openConfirmationMails } from './confirmation-mails.js';
import { openConfirmationMessages } from './confirmation-message.js';
import { openDueSignUps } from './due-sign-ups.js';
import { openExclusiveWork } from './exclusive-work.js';
import { openImport } from './import.js';
import { openNewsletterChoice } from './newsletter-choice.js';
import { type NewslettersDeps, openNewsletters } from './newsletters.js';
import { openPacedTransport, type PacedTransportDeps } from './paced-transport.js';
import { noticePage, type Page } from './page.js';
import { openPauses } from './pauses.js';
import { openPersonalData } from './personal-data.js';
import { openPreferenceChanges } from './preference-changes.js';
import { openPreferences } from './preferences.js';
import { openPreferencesPage } from './preferences-page.js';
import type { PublicSite } from './public-site.js';
import { openReaderLinks } from './reader-links.js';
import { openShownPosts } from './shown-posts.js';
import { openSignUpForms } from './sign-up.js';
import { openSubscribers } from './subscribers.js';
import { openUnsubscribing } from './unsubscribe.js';

/** What the parts of this module need, together; each part is opened with the few it uses. */
export interface ReadersPorts extends NewslettersDeps, PacedTransportDeps {
  readonly store: Pick<Store, 'audience' | 'signUps' | 'ledger' | 'posts' | 'archive' | 'shared' | 'scratch'>;
  /** Absent without a public URL and a secret. */
  readonly publicSite?: PublicSite;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly log: Log;
  newId(): string;
}

export type Readers = ReturnType<typeof openReaders>;
export type ReaderSite = ReturnType<typeof openReaderSite>;

export function openReaders(ports: ReadersPorts) {
  const { store, publicSite, clock, log } = ports;
  const personalData = openPersonalData({ ...store, erasedKeys: (key) => required().erasedKeys(key), clock, log });
  const erasedKeys = (key: string) => publicSite?.erasedKeys(key) ?? [];
  let site: ReaderSite | undefined;

  function required(): PublicSite {
    if (publicSite) return publicSite;
    throw new GazetteError('env.invalid', 'The public pages need GAZETTE_PUBLIC_URL and GAZETTE_SECRET.', {
      hint: 'Set both in .env; to try them on this machine, GAZETTE_PUBLIC_URL=http://localhost:8080 is enough.',
    });
  }

  return {
    ...openImport({ store, erasedKeys, clock, log }),
    /** The columns an import may have, and how the exports of other programs are read, by program. */
    csv: { columns: COLUMNS, presets: CSV_PRESETS, states: Object.keys(STATE_MEANINGS) as readonly StateName[] },
    /** The readers of a newsletter, or of all, as CSV that can be imported again. */
    exportSubscribers: (newsletter?: string): AsyncIterable<string> =>
      writeSubscribers(store.audience.list(newsletter)),
    subscribers: openSubscribers({ ...store, personalData, erasedKeys, clock }),
    /** The public pages, opened once. Throws `env.invalid` without a public URL and a secret. */
    site(): ReaderSite {
      site ??= openReaderSite(ports, required());
      return site;
    },
  };
}

/** Every answer is a page to print, or `undefined` where a link is not valid or nothing has that name. */
function openReaderSite(ports: ReadersPorts, publicSite: PublicSite) {
  const { clock, log, calendar } = ports;
  const { audience, signUps, ledger, posts, archive, shared } = ports.store;
  const { paths, links, pages } = publicSite;
  const newsletters = openNewsletters(ports);
  const readerLinks = openReaderLinks({ links, audience, newsletters });
  const shownIn = { site: publicSite, paths, newsletters, clock, log };

  const signUpForms = openSignUpForms({ ...shownIn, signUps });
  const confirmations = openConfirmations({ ...shownIn, links, signUps, audience });
  const exclusive = openExclusiveWork({ ...ports, shared });
  const transport = openPacedTransport(ports);
  const due = openDueSignUps({ signUps, audience, newsletters });
  const messages = openConfirmationMessages({ site: publicSite, newsletters });
  const { mailSignUps } = openConfirmationMails({ due, messages, signUps, exclusive, transport, clock, log });
  const unsubscribing = openUnsubscribing({ ...shownIn, readerLinks, audience });

  const newsletterChoice = openNewsletterChoice({ newsletters: ports.newsletters, audience, paths, calendar });
  const pauses = openPauses({ audience, calendar });
  const preferences = openPreferences({
    readerLinks,
    preferencesPage: openPreferencesPage({ ...shownIn, newsletterChoice, pauses }),
    preferenceChanges: openPreferenceChanges({ newsletters, newsletterChoice, audience }),
    pauses,
    addressChanges: openAddressChanges({ ...shownIn, signUps }),
    personalData: openPersonalData({ audience, signUps, ledger, erasedKeys: publicSite.erasedKeys, clock, log }),
    clock,
  });

  const index = openArchiveIndex({ archive, newsletters: ports.newsletters, log });
  const shownPosts = openShownPosts(posts);

  async function print(page: Page): Promise<string> {
    const { id, theme } = page.newsletter;
    const { version } = await pages.style(theme);
    return pages.page({
      ...page,
      links: {
        style: paths.style(theme, version),
        // A newsletter that was renamed or removed has no form any more.
        signUp: paths.signUp((newsletters.find(id) ?? newsletters.first()).id),
        archive: paths.archive(id),
        feed: paths.feed(id),
      },
    });
  }
  const notice = (name: NoticeName): Page => noticePage(newsletters.first(), name);

  return {
    /** The path of the public URL, `''` at the root of its host. */
    basePath: paths.base,
    trustedProxies: publicSite.trustedProxies,
    print,
    /** A page that only says something, in the look of the first newsletter. */
    notice,
    printNotice: keptNotices(clock, (name) => print(notice(name))),
    style: (theme: string) => pages.style(theme),
    signUpLanguage: signUpForms.languageFor,
    isTheme: (theme: string) => newsletters.all.some((newsletter) => newsletter.theme === theme),

    unsubscribeOneClick: unsubscribing.unsubscribeOneClick,
    showUnsubscribe: unsubscribing.show,
    unsubscribe: unsubscribing.unsubscribe,

    showSignUp: signUpForms.show,
    signUp: signUpForms.submit,
    mailSignUps,
    showConfirm: confirmations.show,
    confirm: confirmations.confirm,

    showPreferences: preferences.show,
    preferencesPath: paths.preferences,
    changePreferences: preferences.change,
    readOwnData: preferences.readOwnData,

    ...openArchive({ ...shownIn, archive, shownPosts }),
    ...openArchiveFeeds({ ...shownIn, pages, archive, shownPosts }),
    /** Changes with whatever the pages for everybody show, except by the passing of time: all of them, or a newsletter's archive. */
    version: async (newsletter?: string) =>
      `${await pages.version()} ${newsletter === undefined ? '' : await index.version(newsletter)}`,

    log,
    clock,
  };
}

const KEPT_MS = 60_000;

/** Prints each notice at most once a minute, so that requests with random links cost little (rule: strangers-cost-little). */
function keptNotices(clock: Pick<Clock, 'now'>, print: (notice: NoticeName) => Promise<string>) {
  const known = new Map<NoticeName, { readonly at: Date; readonly html: Promise<string> }>();
  return (notice: NoticeName): Promise<string> => {
    const at = clock.now();
    const before = known.get(notice);
    if (before && Math.abs(at.getTime() - before.at.getTime()) < KEPT_MS) return before.html;
    const html = print(notice);
    known.set(notice, { at, html });
    html.catch(() => known.delete(notice));
    return html;
  };
}
