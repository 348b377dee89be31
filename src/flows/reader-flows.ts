/** The stories of the public pages, for the door on the internet. */
import type { NoticeName, PageRequest } from '../domain/page.js';
import * as archive from './archive.js';
import { confirm, showConfirm, showNotice } from './confirm.js';
import type { House } from './house.js';
import { tendSignUps } from './mail-sign-ups.js';
import { changePreferences, type PreferencesChange, readOwnData, showPreferences } from './preferences.js';
import { type Page, pageLinksFor, pathsOf, publicSideOf } from './public-side.js';
import { type SignUpForm, showSignUp, signUp } from './sign-up.js';
import { showUnsubscribe, type UnsubscribeChoice, unsubscribe, unsubscribeOneClick } from './unsubscribe.js';

export type ReaderFlows = ReturnType<typeof openReaderFlows>;

/** Every answer is a page to print, or `undefined` where a link is not ours. */
export function openReaderFlows(house: House) {
  const side = () => publicSideOf(house);
  const open = archive.withArchive(house);
  const print = async (page: Page): Promise<string> => {
    const request: PageRequest = { ...page, links: await pageLinksFor(side(), page.newsletter) };
    return side().pages.page(request);
  };
  return {
    /** The path of the public URL, `''` at the root of its host. Throws `env.invalid` when there is none. */
    basePath: () => pathsOf(side()).base,
    print,
    notice: (notice: NoticeName) => showNotice(house, notice),
    /** The same, printed. */
    printNotice: keptNotices(house, print),
    style: (theme: string) => side().pages.style(theme),
    isTheme: (theme: string) => [...house.newsletters.values()].some((newsletter) => newsletter.theme === theme),

    unsubscribeOneClick: (token: string) => unsubscribeOneClick(house, token),
    showUnsubscribe: (token: string) => showUnsubscribe(house, token),
    unsubscribe: (token: string, choice: UnsubscribeChoice) => unsubscribe(house, token, choice),

    showSignUp: (newsletter: string, language?: string) => showSignUp(house, newsletter, language),
    signUp: (form: SignUpForm) => signUp(house, form),
    tendSignUps: (signal?: AbortSignal) => tendSignUps(house, signal),
    showConfirm: (token: string) => showConfirm(house, token),
    confirm: (token: string, by: { readonly ip: string; readonly userAgent: string }) => confirm(house, token, by),

    showPreferences: (token: string) => showPreferences(house, token),
    changePreferences: (token: string, change: PreferencesChange) => changePreferences(house, token, change),
    readOwnData: (token: string) => readOwnData(house, token),

    showHome: () => archive.showHome(open),
    showArchive: (newsletter: string, page: number) => archive.showArchive(open, newsletter, page),
    showIssue: (newsletter: string, number: number) => archive.showIssue(open, newsletter, number),
    showCategory: (newsletter: string, key: string, page: number) => archive.showCategory(open, newsletter, key, page),
    readFeed: (newsletter: string, key?: string) => archive.readFeed(open, newsletter, key),

    log: house.log,
    clock: house.clock,
  };
}

const KEPT_MS = 60_000;

/** Such a page is printed once a minute at most: whoever tries links at random costs little. */
function keptNotices(house: House, print: (page: Page) => Promise<string>) {
  const known = new Map<NoticeName, { readonly at: Date; readonly html: Promise<string> }>();
  return (notice: NoticeName): Promise<string> => {
    const at = house.clock.now();
    const before = known.get(notice);
    if (before && Math.abs(at.getTime() - before.at.getTime()) < KEPT_MS) return before.html;
    const html = showNotice(house, notice).then(print);
    known.set(notice, { at, html });
    html.catch(() => known.delete(notice));
    return html;
  };
}
