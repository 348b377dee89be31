/** An export of Substack: a zip with a table of the posts and one file of HTML for each. */
import { createHash } from 'node:crypto';
import { parse as parseCsv } from 'csv-parse/sync';
import { strFromU8, unzipSync } from 'fflate';
import type { PostHead } from '../../domain/post.js';
import { TOO_DEEP } from '../post-reading.js';
import { titleFromSlug } from '../title.js';
import { instantIn, textAt } from '../web/json.js';
import type { ReadBody, ReadHead } from '../web/listing-api.js';
import { htmlFromWeb } from '../web/web-html.js';
import type { ExportReader } from './export-reader.js';

export interface SubstackFacts {
  readonly name: string;
  readonly site: string;
  readonly language?: string | undefined;
}

export const substack: ExportReader<SubstackFacts> = {
  heads: (bytes, facts) => rowsIn(bytes)?.map((row) => headFrom(row, facts)),
  bodies: (bytes, paths, facts) => {
    const wanted = new Map(paths.map((path) => [path.replace(/^posts\//, ''), path]));
    const files = filesIn(bytes, (name) => wanted.has(idOf(name))) ?? new Map<string, string>();
    const read: { [path: string]: ReadBody } = {};
    for (const row of rowsIn(bytes) ?? []) {
      const id = textAt(row, 'post_id') ?? '';
      const path = wanted.get(id);
      if (path !== undefined) read[path] = bodyFrom(row, files.get(id) ?? '', facts);
    }
    return read;
  },
};

/** One line of posts.csv. */
export type SubstackRow = { readonly [column: string]: string };

/** The posts of an export; `undefined` when it is none. */
export function rowsIn(bytes: Uint8Array): readonly SubstackRow[] | undefined {
  const table = filesIn(bytes, (name) => /(?:^|\/)posts\.csv$/.test(name))
    ?.values()
    .next().value;
  if (table === undefined) return undefined;
  const rows = parseCsv(table, { columns: true, bom: true, relax_column_count: true, skip_records_with_error: true });
  return (rows as SubstackRow[]).filter((row) => textAt(row, 'post_id') !== undefined);
}

/** Where a post is read. The id of a post is `123.its-slug`. */
export function urlOf(row: SubstackRow, site: string): string {
  const slug = (row.post_id ?? '').replace(/^\d+\./, '');
  return new URL(`p/${encodeURIComponent(slug)}`, site.endsWith('/') ? site : `${site}/`).href;
}

function headFrom(row: SubstackRow, { name, site, language }: SubstackFacts): ReadHead {
  const id = row.post_id ?? '';
  const url = urlOf(row, site);
  const keys = { id: /^\d+/.exec(id)?.[0] ?? id, url, path: `posts/${id}` };
  const draft = row.is_published !== 'true';
  const publishedAt = instantIn(row, 'post_date') ?? (draft ? new Date(0) : undefined);
  if (publishedAt === undefined) {
    const message = 'The export names no date for this post.';
    return { kind: 'broken', broken: { source: name, keys, where: url, message } };
  }
  const summary = textAt(row, 'subtitle');
  const post: PostHead = {
    ...{ source: name, keys, url, place: url, publishedAt, draft, authors: [], categories: [] },
    title: textAt(row, 'title') ?? titleFromSlug(id.replace(/^\d+\./, '')).text,
    ...(summary !== undefined && { summary: [{ type: 'text', value: summary }] }),
    ...(language !== undefined && { language }),
    bodyHash: versionOf(row),
  };
  return { kind: 'post', post };
}

/** The rows of a table say nothing of edits: the export as a whole changes. */
function versionOf(row: SubstackRow): string {
  return createHash('sha256').update(JSON.stringify(row)).digest('hex');
}

/** Substack marks where the part that is paid for begins; `undefined` where nothing is marked. */
function openPartOf(html: string): string | undefined {
  const mark = html.search(/paywall-jump|PaywallToDOM/);
  return mark === -1 ? undefined : html.slice(0, Math.max(0, html.lastIndexOf('<', mark)));
}

function bodyFrom(row: SubstackRow, html: string, facts: SubstackFacts): ReadBody {
  const isForEverybody = row.audience === 'everyone' || row.audience === undefined || row.audience === '';
  const shown = isForEverybody ? html : (openPartOf(html) ?? '');
  const result = htmlFromWeb(shown, { base: urlOf(row, facts.site) });
  if (result.kind !== 'html') return { kind: 'broken', message: TOO_DEEP };
  return { kind: 'body', version: versionOf(row), body: result.html };
}

function idOf(name: string): string {
  return /(?:^|\/)posts\/([^/]+)\.html$/.exec(name)?.[1] ?? '';
}

/** No post is longer; what says it is, is not unpacked. In bytes. */
const LARGEST_FILE = 20_000_000;

/** The files of a zip whose names are wanted, by post id or name; `undefined` when it is no zip. */
function filesIn(bytes: Uint8Array, isWanted: (name: string) => boolean): ReadonlyMap<string, string> | undefined {
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => originalSize <= LARGEST_FILE && isWanted(name),
    });
    return new Map(Object.entries(files).map(([name, content]) => [idOf(name) || name, strFromU8(content)]));
  } catch {
    return undefined;
  }
}
