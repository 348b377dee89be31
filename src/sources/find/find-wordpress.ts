/** Recognises a WordPress blog, and reads what it says of itself. */

import type { FoundBlog } from '../../domain/found-blog.js';
import { textAt } from '../web/json.js';
import { apiUrl, findSite, type WordPressSite } from '../wordpress/wordpress-site.js';
import { lookFrom } from './find-look.js';
import { languageOf, plainText } from './page-head.js';
import { known, type PageLook } from './page-look.js';

export async function findWordPress({ address, ask }: PageLook): Promise<FoundBlog | undefined> {
  const site = await findSite(ask, address);
  if (!site) return undefined;
  const index = (await ask(site.root, 'application/json'))?.json;
  const page = await ask(address);
  const term = site.term && (await termName(ask, site.root, site.term));
  const look = lookFrom({ colours: [], logos: [textAt(index, 'site_icon_url')] });
  const name = plainText(textAt(index, 'name'));
  return {
    options: { kind: 'wordpress', url: address },
    what: `a WordPress blog, read by its REST API${term === undefined ? '' : `: only “${term}”`}`,
    notes: [],
    ...(look && { look }),
    ...known({
      title: term !== undefined && name !== undefined ? `${name}: ${term}` : name,
      language: languageOf(page?.text ?? ''),
      timezone: textAt(index, 'timezone_string'),
      site: textAt(index, 'home') ?? textAt(index, 'url'),
    }),
  };
}

async function termName(
  ask: PageLook['ask'],
  root: string,
  { parameter, id }: NonNullable<WordPressSite['term']>,
): Promise<string | undefined> {
  const route = parameter === 'author' ? 'users' : parameter;
  const found = await ask(apiUrl(root, `wp/v2/${route}/${id}`, { _fields: 'name' }), 'application/json');
  return plainText(textAt(found?.json, 'name'));
}
