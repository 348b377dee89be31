/** Where the public pages are: paths from the root of their host, and the same as absolute URLs. */

import { trimEndOf } from '../domain/trim.js';

export type PublicPaths = ReturnType<typeof publicPaths>;

/** @param publicUrl with or without a path; a slash at its end makes no difference */
export function publicPaths(publicUrl: string) {
  const { origin, pathname } = new URL(publicUrl);
  const base = trimEndOf(pathname, '/');
  const archive = (newsletter: string) => `${base}/archive/${encodeURIComponent(newsletter)}`;
  const category = (newsletter: string, key: string) => `${archive(newsletter)}/category/${encodeURIComponent(key)}`;
  const paged = (path: string, page: number) => (page <= 1 ? path : `${path}?page=${page}`);
  return {
    /** `''` at the root of the host. */
    base,
    absolute: (path: string) => origin + path,
    signUp: (newsletter: string) => `${base}/s/${encodeURIComponent(newsletter)}`,
    confirm: (token: string) => `${base}/c/${token}`,
    unsubscribe: (token: string) => `${base}/u/${token}`,
    /** In place of a reader's own links, on a page that is the same for everybody. */
    anyReader: `${base}/u`,
    preferences: (token: string) => `${base}/p/${token}`,
    /** The form on the page of preferences, without the token: what evidence of consent names. */
    preferencesForm: `${base}/p/`,
    data: (token: string) => `${base}/p/${token}/data`,
    style: (theme: string, version: string) => `${base}/assets/${theme}-${version}.css`,
    archive: (newsletter: string, page = 1) => paged(archive(newsletter), page),
    issue: (newsletter: string, number: number) => `${archive(newsletter)}/${number}`,
    feed: (newsletter: string) => `${archive(newsletter)}/feed.atom`,
    category: (newsletter: string, key: string, page = 1) => paged(category(newsletter, key), page),
    categoryFeed: (newsletter: string, key: string) => `${category(newsletter, key)}/feed.atom`,
  };
}
