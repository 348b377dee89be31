/** Recognises a Ghost blog. Its pages contain the key of its public API for its own scripts. */

import type { FoundBlog } from '../../domain/found-blog.js';
import { textAt } from '../web/json.js';
import { lookFrom } from './find-look.js';
import { languageOf, metaOf, titleOf } from './page-head.js';
import { known, type PageLook } from './page-look.js';

export async function findGhost({ name, address, ask, tools }: PageLook): Promise<FoundBlog | undefined> {
  const page = await ask(address);
  const html = page?.text ?? '';
  if (!/^Ghost\b/i.test(metaOf(html, 'generator') ?? '')) return undefined;
  const given = tools.credentialsOf(name);
  const shown = /\bdata-key\s{0,3}=\s{0,3}["']([0-9a-f]{26})["']/i.exec(html)?.[1];
  // Without a key the feed is the way.
  if (given === undefined && shown === undefined) return undefined;
  const settings = await siteSettings(ask, html, given ?? shown ?? '');
  return {
    options: { kind: 'ghost', url: address },
    what: 'a Ghost blog, read by its Content API',
    notes: given === undefined ? ['The key of its public API is in its pages; it is kept in .env.'] : [],
    ...ghostLook(settings),
    ...known({
      title: textAt(settings, 'title') ?? titleOf(html),
      language: textAt(settings, 'lang') ?? languageOf(html),
      timezone: textAt(settings, 'timezone'),
      site: textAt(settings, 'url') ?? new URL('/', page?.url ?? address).href,
      credentials: given === undefined ? shown : undefined,
    }),
  };
}

/** What the API says of the blog; `undefined` where it does not. */
async function siteSettings(ask: PageLook['ask'], html: string, key: string): Promise<unknown> {
  const api = /\bdata-api\s{0,3}=\s{0,3}["']([^"'<>]{1,500})["']/i.exec(html)?.[1];
  if (api === undefined || !URL.canParse(api)) return undefined;
  const url = new URL('settings/', api.endsWith('/') ? api : `${api}/`);
  url.searchParams.set('key', key);
  const found = await ask(url.href, 'application/json');
  return (found?.json as { readonly settings?: unknown } | undefined)?.settings;
}

/** How wide a logo of unknown shape is shown: most are a name in one line. */
const WIDE = 160;

/** What the settings of a Ghost blog say. */
export function ghostLook(settings: unknown): Pick<FoundBlog, 'look'> {
  const icon = lookFrom({ colours: [textAt(settings, 'accent_color')], logos: [textAt(settings, 'icon')] });
  if (icon?.logo !== undefined) return { look: icon };
  const wide = lookFrom({ colours: [], logos: [textAt(settings, 'logo')] });
  const look = { ...icon, ...(wide && { ...wide, logoWidth: WIDE }) };
  return Object.keys(look).length === 0 ? {} : { look };
}
