/** Which blog, and which of its tags or authors, an address means. */

export interface GhostSite {
  /** The blog's folder, with a slash at the end. */
  readonly url: string;
  /** In Ghost's filter language. */
  readonly filter?: string;
}

/** Ghost's pages of tags and authors have the addresses `/tag/slug/` and `/author/slug/`. */
export function siteFrom(address: string): GhostSite {
  const url = new URL(address);
  const [, folder, kind, slug] = /^(.*\/)(tag|author)\/([\w-]+)\/?$/.exec(url.pathname) ?? [];
  if (folder === undefined)
    return { url: new URL(url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`, url).href };
  return { url: new URL(folder, url).href, filter: `${kind}:${slug}` };
}
