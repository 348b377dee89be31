/** Which addresses lead to one page: sources of one blog spell them differently (rule: identity). */

/** What senders of links add to find out who followed them. */
const TRACKING = /^(?:utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_hs\w+|ref_src|source)$/i;

/** An absolute http or https address without what means nothing to the page; anything else as it is. */
export function withoutTracking(url: string): string {
  const parsed = parsedUrl(url);
  if (!parsed) return url;
  const names = [...parsed.searchParams.keys()];
  if (parsed.hash === '' && !names.some((name) => TRACKING.test(name))) return url;
  for (const name of names) if (TRACKING.test(name)) parsed.searchParams.delete(name);
  parsed.hash = '';
  return parsed.href;
}

/** Equal for addresses of one page: scheme, `www.`, a slash at the end, tracking and the fragment make no difference. */
export function pageOf(url: string): string {
  const [, host, path = ''] = PLAIN.exec(url) ?? [];
  return host === undefined ? (spellingsOf(url)[0] as string) : `https://${host}${path}`;
}

/** The page a post is on: what it says itself goes before where it was found. Empty where no address is known. */
export function pageOfPost({ url, canonical }: { readonly url?: string; readonly canonical?: string }): string {
  const address = canonical ?? url;
  return address === undefined ? '' : pageOf(address);
}

/** Nearly all addresses need no parsing. */
const PLAIN = /^https?:\/\/(?:www\.)?([a-z\d.-]+)((?:\/[^/?#\s]+)*)\/*$/;

/** The usual spellings of an address, as sources list them; the first is the one to compare by. */
export function spellingsOf(url: string): readonly string[] {
  const parsed = parsedUrl(withoutTracking(url));
  if (!parsed) return [url];
  const host = parsed.host.replace(/^www\./, '');
  const path = withoutSlashes(parsed.pathname);
  return ['https', 'http'].flatMap((scheme) =>
    [host, `www.${host}`].flatMap((name) =>
      [path, `${path}/`].map((end) => `${scheme}://${name}${end}${parsed.search}`),
    ),
  );
}

function withoutSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}

function parsedUrl(url: string): URL | undefined {
  return /^https?:/i.test(url) && URL.canParse(url) ? new URL(url) : undefined;
}
