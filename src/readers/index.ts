/** The readers module: sign-up, confirmation, preferences, unsubscribing and the archive for visitors; subscribers for operators. */
import { createHash } from 'node:crypto';
import { COLUMNS } from '../audience/csv-columns.js';
import { CSV_PRESETS, STATE_MEANINGS, type StateName } from '../audience/csv-presets.js';
import { writeSubscribers } from '../audience/export-csv.js';
import { GazetteError } from '../domain/errors.js';
import type { NoticeName } from '../domain/page.js';
import type { Clock, Log, Processes } from '../domain/ports/host.js';
import type { Store } from '../domain/ports/storage.js';
import type { Confirmed } from '../domain/sign-up.js';
import { openAddressChanges } from './address-change.js';
import { openArchive } from './archive.js';
import { openArchiveFeeds } from './archive-feeds.js';
import { openArchiveIndex } from './archive-index.js';
import { openConfirmations } from './confirm.js';
import { openConfirmationMails } from './confirmation-mails.js';
import { openConfirmationMessages } from './confirmation-message.js';
import { openDueSignUps } from './due-sign-ups.js';
import { openExclusiveWork } from './exclusive-work.js';
import { type ImportRequest, openImport } from './import.js';
import { openImportSuppressions, type SuppressionsRequest } from './import-suppressions.js';
import { openNewsletterChoice } from './newsletter-choice.js';
import { type NewslettersDeps, openNewsletters } from './newsletters.js';
import { openPacedTransport, type PacedTransportDeps } from './paced-transport.js';
import { noticePage, type Page } from './page.js';
import { openPauses } from './pauses.js';
import { type ErasedKeys, openPersonalData } from './personal-data.js';
import { openPreferenceChanges } from './preference-changes.js';
import { openPreferences, type PreferencesChange } from './preferences.js';
import { openPreferencesPage, type PreferencesResult } from './preferences-page.js';
import type { PublicSite } from './public-site.js';
import { openReaderLinks } from './reader-links.js';
import { openShownPosts } from './shown-posts.js';
import { openSignUpForms, type SignUpForm } from './sign-up.js';
import { type AddRequest, openSubscribers } from './subscribers.js';
import { openUnsubscribing, type UnsubscribeChoice } from './unsubscribe.js';

/** What the parts of this module need, together; each part is opened with the few it uses. */
export interface ReadersPorts extends NewslettersDeps, PacedTransportDeps {
  readonly store: Pick<Store, 'audience' | 'signUps' | 'ledger' | 'posts' | 'archive' | 'shared' | 'scratch'>;
  /** Absent without a public URL and a secret. */
  readonly publicSite?: PublicSite;
  readonly erasedKeys: ErasedKeys;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly log: Log;
  newId(): string;
}

export type Readers = ReturnType<typeof openReaders>;
export type ReaderSite = ReturnType<typeof openReaderSite>;

export function openReaders(ports: ReadersPorts) {
  const { store, publicSite, erasedKeys, clock, log } = ports;
  const personalData = openPersonalData({ ...store, erasedKeys, log });
  const { importSubscribers } = openImport({ store, erasedKeys, log });
  const { importSuppressions } = openImportSuppressions({ audience: store.audience, log });
  const subscribers = openSubscribers({ ...store, personalData, erasedKeys });
  let site: ReaderSite | undefined;

  function required(): PublicSite {
    if (publicSite) return publicSite;
    throw new GazetteError('env.invalid', 'The public pages need GAZETTE_PUBLIC_URL and GAZETTE_SECRET.', {
      hint: 'Set both in .env; to try them on this machine, GAZETTE_PUBLIC_URL=http://localhost:8080 is enough.',
    });
  }

  return {
    importSubscribers: (request: ImportRequest) => importSubscribers(request, clock.now()),
    importSuppressions: (request: SuppressionsRequest) => importSuppressions(request, clock.now()),
    /** The columns an import may have, and how the exports of other programs are read, by program. */
    csv: { columns: COLUMNS, presets: CSV_PRESETS, states: Object.keys(STATE_MEANINGS) as readonly StateName[] },
    /** The readers of a newsletter, or of all, as CSV that can be imported again. */
    exportSubscribers: (newsletter?: string): AsyncIterable<string> =>
      writeSubscribers(store.audience.list(newsletter)),
    subscribers: {
      ...subscribers,
      add: (request: AddRequest) => subscribers.add(request, clock.now()),
      erase: (address: string) => subscribers.erase(address, clock.now()),
      suppress: (address: string) => subscribers.suppress(address, clock.now()),
    },
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
  const shownIn = { site: publicSite, paths, newsletters, log };

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
  const preferencesPage = openPreferencesPage({ ...shownIn, newsletterChoice, pauses });
  const preferences = openPreferences({
    readerLinks,
    preferencesPage,
    preferenceChanges: openPreferenceChanges({ newsletters, newsletterChoice, audience }),
    pauses,
    addressChanges: openAddressChanges({ ...shownIn, signUps }),
    personalData: openPersonalData({ audience, signUps, ledger, erasedKeys: ports.erasedKeys, log }),
  });

  const index = openArchiveIndex({ archive, newsletters: ports.newsletters, log });
  const shownPosts = openShownPosts(posts);
  const archivePages = openArchive({ ...shownIn, archive, shownPosts });
  const feeds = openArchiveFeeds({ ...shownIn, pages, archive, shownPosts });
  const settings = createHash('sha256').update(JSON.stringify(newsletters.all)).digest('base64url');

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

  /** Prints the pages of a reader who does not exist, so that what prints them is loaded and compiled before a reader comes. */
  async function printSamples(): Promise<void> {
    const subscriber = { id: 0, address: 'reader@example.org', name: 'Reader' };
    const person = { subscriber, addressKey: subscriber.address, subscriptions: [], frequencyChanges: [] };
    const now = clock.now();
    for (const newsletter of newsletters.all) {
      await print(await preferencesPage.page({ newsletter, person }, 'sample', {}, now));
      await print(await unsubscribing.page({ newsletter, person }, 'sample', {}));
    }
  }

  return {
    /** The path of the public URL, `''` at the root of its host. */
    basePath: paths.base,
    trustedProxies: publicSite.trustedProxies,
    print,
    printSamples,
    /** The addresses of one page of each kind that is for everybody. */
    openPaths: newsletters.all.flatMap(({ id, categories: [first] }) => [
      `${paths.base}/`,
      paths.signUp(id),
      paths.archive(id),
      paths.feed(id),
      ...(first === undefined ? [] : [paths.category(id, first.key), paths.categoryFeed(id, first.key)]),
    ]),
    /** A page that only says something, in the look of the first newsletter. */
    notice,
    printNotice: keptNotices(clock, (name) => print(notice(name))),
    style: (theme: string) => pages.style(theme),
    signUpLanguage: signUpForms.languageFor,
    isTheme: (theme: string) => newsletters.all.some((newsletter) => newsletter.theme === theme),

    unsubscribeOneClick: unsubscribing.unsubscribeOneClick,
    showUnsubscribe: unsubscribing.show,
    unsubscribe: (token: string, choice: UnsubscribeChoice) => unsubscribing.unsubscribe(token, choice, clock.now()),

    showSignUp: (newsletter: string, language?: string) => signUpForms.show(newsletter, language, clock.now()),
    signUp: (form: SignUpForm) => signUpForms.submit(form, clock.now()),
    mailSignUps,
    showConfirm: (token: string) => confirmations.show(token, clock.now()),
    confirm: (token: string, by: Omit<Confirmed, 'at'>) => confirmations.confirm(token, { at: clock.now(), ...by }),

    showPreferences: (token: string, result: PreferencesResult = {}) => preferences.show(token, result, clock.now()),
    preferencesPath: paths.preferences,
    changePreferences: (token: string, form: PreferencesChange) => preferences.change(token, form, clock.now()),
    readOwnData: preferences.readOwnData,

    showHome: () => archivePages.showHome(clock.now()),
    showArchive: (newsletter: string, page: number) => archivePages.showArchive(newsletter, page, clock.now()),
    showIssue: (newsletter: string, number: number) => archivePages.showIssue(newsletter, number, clock.now()),
    showCategory: (newsletter: string, key: string, page: number) =>
      archivePages.showCategory(newsletter, key, page, clock.now()),
    readFeed: (newsletter: string, key?: string) => feeds.readFeed(newsletter, key, clock.now()),

    /** Changes with whatever the pages for everybody show, except by the passing of time: all of them, or a newsletter's archive. */
    version: async (newsletter?: string) =>
      `${await pages.version()} ${settings} ${newsletter === undefined ? '' : await index.version(newsletter)}`,

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
