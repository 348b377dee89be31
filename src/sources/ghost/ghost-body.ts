/** The HTML of a post of Ghost → its body: what everybody may read of it, and nothing that is for members. */
import { type Html, textOf } from '../../domain/html.js';
import { TOO_DEEP } from '../post-reading.js';
import { jsonFrom, listAt, textAt, valueAt } from '../web/json.js';
import type { ReadBodies, ReadBody } from '../web/listing-api.js';
import { htmlFromWeb } from '../web/web-html.js';
import { withoutCards } from './ghost-cards.js';
import { versionOf } from './ghost-head.js';

/** The fields of a post that its body is made from. */
export const BODY_FIELDS = 'id,html,updated_at,visibility,access,url';

/** @param type `posts` or `pages` */
export function bodiesFrom(bytes: Uint8Array, type: string): ReadBodies {
  const items = listAt(jsonFrom(bytes), type);
  return Object.fromEntries(items.map((item) => [`${type}/${textAt(item, 'id')}`, bodyFrom(item)]));
}

export function bodyFrom(item: unknown): ReadBody {
  const url = textAt(item, 'url');
  const site = url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
  const markup = publicPartOf(item);
  const result = htmlFromWeb(markup, { base: url, before: (nodes) => withoutCards(nodes, site) });
  if (result.kind !== 'html') return { kind: 'broken', message: TOO_DEEP };
  const body = isForEverybody(item) ? result.html : withRest(result.html);
  return { kind: 'body', version: versionOf(item), body };
}

/** The Content API leaves out what is for members; an export contains it, behind a mark. */
function publicPartOf(item: unknown): string {
  const html = textAt(item, 'html') ?? '';
  if (textAt(item, 'visibility') === 'public') return html;
  if (valueAt(item, 'access') !== undefined) return html.split(MEMBERS_ONLY)[0] ?? '';
  return html.includes(MEMBERS_ONLY_MARK) ? (html.split(MEMBERS_ONLY)[0] ?? '') : '';
}

const MEMBERS_ONLY_MARK = '<!--members-only-->';
const MEMBERS_ONLY = /<!--\s*members-only\s*-->/;

function isForEverybody(item: unknown): boolean {
  return textAt(item, 'visibility') === 'public' && valueAt(item, 'access') !== false;
}

/** A longer preview is cut, and goes on at the blog for that reason alone. */
const SHORT_PREVIEW = 600;

/** A short preview is shown whole, and still goes on at the blog. */
function withRest(preview: Html): Html {
  const length = textOf(preview).length;
  return length === 0 || length > SHORT_PREVIEW ? preview : [...preview, { type: 'comment', value: 'more' }];
}
