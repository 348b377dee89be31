/** An export of Ghost → its posts in the form in which the Content API gives them, so that both are read by the same code. */
import { bodyFrom } from '../ghost/ghost-body.js';
import { type GhostFacts, headFrom } from '../ghost/ghost-head.js';
import { jsonFrom, listAt, textAt, valueAt } from '../web/json.js';
import type { ReadBodies, ReadHead } from '../web/listing-api.js';
import type { ExportReader } from './export-reader.js';

export interface GhostExportFacts extends GhostFacts {
  readonly site: string;
  readonly types: readonly string[];
}

export const ghostExport: ExportReader<GhostExportFacts> = {
  heads: (bytes, facts) => {
    const items = itemsIn(bytes, facts);
    return items?.map((item): ReadHead => headFrom(item, item.type, facts));
  },
  bodies: (bytes, paths, facts) => {
    const wanted = new Set(paths);
    const read: { [path: string]: ReadBodies[string] } = {};
    for (const item of itemsIn(bytes, facts) ?? []) {
      const path = `${item.type}/${textAt(item, 'id')}`;
      if (wanted.has(path)) read[path] = bodyFrom(item);
    }
    return read;
  },
};

/** `undefined` when it is no export of Ghost. */
function itemsIn(bytes: Uint8Array, { site, types }: Pick<GhostExportFacts, 'site' | 'types'>) {
  const json = jsonFrom(bytes);
  const data = valueAt(json, 'db', 0, 'data') ?? valueAt(json, 'data');
  if (!Array.isArray(valueAt(data, 'posts'))) return undefined;
  const tags = joined(data, 'posts_tags', 'tag_id', 'tags');
  const authors = joined(data, 'posts_authors', 'author_id', 'users');
  const meta = new Map(listAt(data, 'posts_meta').map((each) => [textAt(each, 'post_id'), each]));
  return listAt(data, 'posts').flatMap((post) => {
    const id = textAt(post, 'id') ?? String(valueAt(post, 'id') ?? '');
    const type = (textAt(post, 'type') ?? 'post') === 'page' ? 'pages' : 'posts';
    if (id === '' || !types.includes(type)) return [];
    const extra = meta.get(id);
    return [
      {
        ...(post as object),
        id,
        type,
        url: new URL(`${textAt(post, 'slug') ?? id}/`, withSlash(site)).href,
        html: withSite(textAt(post, 'html') ?? '', site),
        feature_image: withSite(textAt(post, 'feature_image') ?? '', site),
        feature_image_alt: valueAt(extra, 'feature_image_alt'),
        feature_image_caption: valueAt(extra, 'feature_image_caption'),
        tags: tags.get(id) ?? [],
        authors: authors.get(id) ?? [],
        // What the API would say of a visitor is not known: only what is marked as public is.
        access: undefined,
      },
    ];
  });
}

/** Ghost writes its own address as a placeholder into an export. */
function withSite(text: string, site: string): string {
  return text.replaceAll('__GHOST_URL__', withSlash(site).slice(0, -1));
}

function withSlash(site: string): string {
  return site.endsWith('/') ? site : `${site}/`;
}

/** What belongs to each post, in its order. */
function joined(data: unknown, links: string, key: string, table: string): ReadonlyMap<string, readonly unknown[]> {
  const rows = new Map(listAt(data, table).map((row) => [String(valueAt(row, 'id')), row]));
  const byPost = new Map<string, unknown[]>();
  const ordered = [...listAt(data, links)].sort(
    (a, b) => Number(valueAt(a, 'sort_order') ?? 0) - Number(valueAt(b, 'sort_order') ?? 0),
  );
  for (const link of ordered) {
    const post = String(valueAt(link, 'post_id'));
    const list = byPost.get(post) ?? [];
    const row = rows.get(String(valueAt(link, key)));
    if (row !== undefined) list.push(row);
    byPost.set(post, list);
  }
  return byPost;
}
