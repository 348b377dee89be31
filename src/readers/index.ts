/** The stories of the public pages, for the door on the internet. */

import type { AppContext } from '../app-context.js';
import type { NoticeName, PageRequest } from '../domain/page.js';
import * as archive from './archive.js';
import { confirm, showConfirm, showNotice } from './confirm.js';
import { mailSignUps } from './confirmation-mails.js';
import { changePreferences, type PreferencesChange, readOwnData, showPreferences } from './preferences.js';
import { type Page, pageLinksFor, pathsOf, publicSideOf } from './public-site.js';
import { type SignUpForm, showSignUp, signUp } from './sign-up.js';
import { showUnsubscribe, type UnsubscribeChoice, unsubscribe, unsubscribeOneClick } from './unsubscribe.js';

export type ReaderSite = ReturnType<typeof openReaderSite>;

/** Every answer is a page to print, or `undefined` where a link is not ours. */
export function openReaderSite(deps: AppContext) {
  const side = () => publicSideOf(deps);
  const open = archive.withArchive(deps);
  const print = async (page: Page): Promise<string> => {
    const request: PageRequest = { ...page, links: await pageLinksFor(side(), page.newsletter) };
    return side().pages.page(request);
  };
  return {
    /** The path of the public URL, `''` at the root of its host. Throws `env.invalid` when there is none. */
    basePath: () => pathsOf(side()).base,
    print,
    notice: (notice: NoticeName) => showNotice(deps, notice),
    /** The same, printed. */
    printNotice: keptNotices(deps, print),
    style: (theme: string) => side().pages.style(theme),
    isTheme: (theme: string) => [...deps.newsletters.values()].some((newsletter) => newsletter.theme === theme),

    unsubscribeOneClick: (token: string) => unsubscribeOneClick(deps, token),
    showUnsubscribe: (token: string) => showUnsubscribe(deps, token),
    unsubscribe: (token: string, choice: UnsubscribeChoice) => unsubscribe(deps, token, choice),

    showSignUp: (newsletter: string, language?: string) => showSignUp(deps, newsletter, language),
    signUp: (form: SignUpForm) => signUp(deps, form),
    mailSignUps: (signal?: AbortSignal) => mailSignUps(deps, signal),
    showConfirm: (token: string) => showConfirm(deps, token),
    confirm: (token: string, by: { readonly ip: string; readonly userAgent: string }) => confirm(deps, token, by),

    showPreferences: (token: string) => showPreferences(deps, token),
    changePreferences: (token: string, change: PreferencesChange) => changePreferences(deps, token, change),
    readOwnData: (token: string) => readOwnData(deps, token),

    showHome: () => archive.showHome(open),
    showArchive: (newsletter: string, page: number) => archive.showArchive(open, newsletter, page),
    showIssue: (newsletter: string, number: number) => archive.showIssue(open, newsletter, number),
    showCategory: (newsletter: string, key: string, page: number) => archive.showCategory(open, newsletter, key, page),
    readFeed: (newsletter: string, key?: string) => archive.readFeed(open, newsletter, key),

    log: deps.log,
    clock: deps.clock,
  };
}

const KEPT_MS = 60_000;

/** Such a page is printed once a minute at most: whoever tries links at random costs little. */
function keptNotices(deps: AppContext, print: (page: Page) => Promise<string>) {
  const known = new Map<NoticeName, { readonly at: Date; readonly html: Promise<string> }>();
  return (notice: NoticeName): Promise<string> => {
    const at = deps.clock.now();
    const before = known.get(notice);
    if (before && Math.abs(at.getTime() - before.at.getTime()) < KEPT_MS) return before.html;
    const html = showNotice(deps, notice).then(print);
    known.set(notice, { at, html });
    html.catch(() => known.delete(notice));
    return html;
  };
}
