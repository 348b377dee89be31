/** One file → one post. Whatever is wrong in it is told with its place; nothing is thrown. */
import { createHash } from 'node:crypto';
import { categoryKey } from '../domain/category.js';
import type { Html, HtmlNode } from '../domain/html.js';
import type { Picture, PostKeys } from '../domain/post.js';
import { trimOf } from '../domain/trim.js';
import { absoluteUrl } from './absolute-url.js';
import { instantAt, wallTimeAt } from './dates.js';
import { isPostPath, type PathFacts, pathFactsFrom } from './file-name.js';
import { type FrontMatter, frontMatterFrom } from './front-matter.js';
import { htmlFromMarkdown, inlineHtmlFromMarkdown } from './markdown-to-html.js';
import { type FieldReader, isMap, openFields, textAt } from './post-fields.js';
import { brokenPost, type ReadPost, type SourceFacts, TOO_DEEP } from './post-reading.js';
import { type UrlFacts, urlFromPattern, urlFromPermalink } from './post-url.js';
import { readingMinutesOf } from './reading-time.js';
import { textFromBytes } from './text-from-bytes.js';
import { titleFrom, titleFromHeading, titleFromSlug } from './title.js';
import { isStackOverflow, type Trouble } from './trouble.js';

const LARGEST_BYTES = 2_000_000;

/** @param path within the source, with `/` */
export function readPost(path: string, bytes: Uint8Array, source: SourceFacts): ReadPost {
  if (!isPostPath(path)) return { kind: 'no-post' };
  try {
    if (bytes.length > LARGEST_BYTES) {
      const size = (bytes.length / 1_000_000).toFixed(1);
      return broken(path, source, [atStart(`The file has ${size} MB; a post may have 2 MB.`)]);
    }
    const text = textFromBytes(bytes);
    if (text.kind === 'trouble') return broken(path, source, [text.trouble]);
    const parts = frontMatterFrom(text.text);
    if (parts.kind === 'trouble') return broken(path, source, [parts.trouble]);
    return postFrom(path, parts.frontMatter, source);
  } catch (error) {
    if (isStackOverflow(error)) return broken(path, source, [atStart(TOO_DEEP)]);
    const reason = error instanceof Error ? error.message : String(error);
    return broken(path, source, [atStart(`The file cannot be read as Markdown: ${reason}`)]);
  }
}

function broken(path: string, source: SourceFacts, troubles: readonly Trouble[], keys?: PostKeys): ReadPost {
  return { kind: 'broken', broken: brokenPost(path, source, troubles, keys) };
}

function atStart(message: string): Trouble {
  return { line: 1, column: 1, message };
}

function postFrom(path: string, frontMatter: FrontMatter, source: SourceFacts): ReadPost {
  const facts = pathFactsFrom(path);
  const dateInName = facts.date && instantAt(facts.date, source.timezone);
  if (!frontMatter.present && dateInName === undefined) return { kind: 'no-post' };
  const fields = openFields(frontMatter, source.timezone);
  const draft = isDraft(fields, facts, frontMatter);
  const dates = datesOf(fields, dateInName);
  if (dates.publishedAt === undefined && !draft && fields.troubles.length === 0) {
    fields.troubles.push(atStart('The post has no date. Add “date: 2026-06-09” to its front matter.'));
  }
  const categories = categoriesOf(fields, facts);
  const url = urlOf(fields, source, {
    slug: facts.slug,
    date: dates.urlDate && wallTimeAt(dates.urlDate, source.timezone),
    categories,
    stem: facts.stem,
  });
  const id = fields.text('id');
  const keys = { ...(id === undefined ? {} : { id }), ...(url === undefined ? {} : { url }), path };
  const base = url ?? source.site;
  const body = bodyOf(path, frontMatter, base, fields.troubles);
  const head = {
    ...{ source: source.name, keys, draft, categories, place: path },
    ...titleOf(fields, body, facts.slug),
    ...extrasOf(fields, base, source),
    // A draft may have no date yet. It is told as a draft, and nothing else of it is used.
    publishedAt: dates.publishedAt ?? new Date(0),
    authors: authorsOf(fields),
    ...(url === undefined ? {} : { url }),
    ...(dates.expiresAt === undefined ? {} : { expiresAt: dates.expiresAt }),
  };
  if (fields.troubles.length > 0) return broken(path, source, fields.troubles, keys);
  return { kind: 'post', post: { ...head, body, bodyHash: hashOf(body), readingMinutes: readingMinutesOf(body) } };
}

/** Drafts, and what a site generator would keep out of its lists. */
function isDraft(fields: FieldReader, facts: PathFacts, frontMatter: FrontMatter): boolean {
  const draft = fields.flag('draft') === true;
  const published = fields.field('published');
  const unpublished = typeof published?.value === 'boolean' || /^(?:no|off)$/i.test(String(published?.value));
  // Jekyll takes an empty `published:` for false.
  const withheld =
    (unpublished && fields.flag('published') === false) || frontMatter.fields.get('published')?.value === null;
  const hidden = ['headless', 'eleventyexcludefromcollections'].some((key) => fields.field(key)?.value === true);
  const unlisted = textAt(fields.field('build', '_build')?.value, 'list') === 'never';
  const addressless = fields.field('permalink')?.value === false;
  const moved = fields.field('redirect_to') !== undefined;
  return facts.isDraft || draft || withheld || hidden || unlisted || addressless || moved;
}

function datesOf(fields: FieldReader, dateInName: Date | undefined) {
  // `published` is a truth value to Jekyll and a date to Hugo.
  const published =
    typeof fields.field('published')?.value === 'string' &&
    !/^(?:yes|no|on|off)$/i.test(fields.text('published') ?? '');
  const date = fields.instant('date') ?? dateInName;
  const explicit = fields.instant('publishdate', 'pubdate', ...(published ? ['published'] : []));
  const expiresAt = fields.instant('expirydate', 'unpublishdate', 'expires');
  return { publishedAt: explicit ?? date, urlDate: date ?? explicit, expiresAt };
}

function categoriesOf(fields: FieldReader, facts: PathFacts): readonly string[] {
  const several = fields.field('categories');
  // Jekyll: `categories: a b` names two, `category: a b` one.
  const named =
    typeof several?.value === 'string'
      ? several.value.split(several.value.includes(',') ? ',' : /\s+/).map((name) => name.trim())
      : fields.list('categories');
  const spellings = new Map<string, string>();
  for (const spelling of [...facts.categories, ...fields.list('category'), ...named]) {
    const key = categoryKey(spelling);
    if (key !== '' && !spellings.has(key)) spellings.set(key, spelling);
  }
  return [...spellings.values()];
}

function urlOf(fields: FieldReader, source: SourceFacts, facts: UrlFacts): string | undefined {
  const own = fields.field('url', 'permalink', 'path');
  const slug = fields.text('slug');
  const known = slug === undefined ? facts : { ...facts, slug: trimOf(slug, '/') };
  const permalink = own === undefined || own.value === false ? undefined : fields.text('url', 'permalink', 'path');
  const result =
    permalink === undefined
      ? urlFromPattern(source.url, source.site, known)
      : urlFromPermalink(permalink, source.site, known);
  if (result.kind === 'url') return result.url;
  const blamed = own ?? fields.field('slug');
  if (result.kind === 'refused') {
    if (blamed !== undefined) fields.complain(blamed, result.message);
    else fields.troubles.push(atStart(result.message));
  }
  return undefined;
}

function bodyOf(path: string, frontMatter: FrontMatter, base: string, troubles: Trouble[]): Html {
  const separator = frontMatter.fields.get('excerpt_separator')?.value;
  const markdown =
    typeof separator === 'string' && separator.trim() !== ''
      ? frontMatter.body.replace(separator, () => '\n\n<!--more-->\n\n')
      : frontMatter.body;
  const result = htmlFromMarkdown(markdown, { base, mdx: /\.mdx$/i.test(path) });
  if (result.kind === 'html') return result.html;
  const line = frontMatter.bodyLine + result.line - 1;
  troubles.push({ line, column: 1, message: TOO_DEEP });
  return [];
}

function titleOf(fields: FieldReader, body: Html, slug: string) {
  const written = fields.text('title');
  const named = written === undefined ? undefined : titleFrom(written);
  const title = named?.text ? named : (titleFromHeading(body) ?? titleFromSlug(slug));
  return { title: title.text, ...(title.html === undefined ? {} : { titleHtml: title.html }) };
}

function authorsOf(fields: FieldReader): readonly string[] {
  return [...new Set([...fields.list('authors'), ...fields.list('author')])].filter((name) => name !== '');
}

function extrasOf(fields: FieldReader, base: string, source: SourceFacts) {
  const summary = fields.text('excerpt', 'summary', 'description');
  const language = languageOf(fields) ?? source.language;
  const image = pictureOf(fields, base);
  return {
    ...(summary === undefined ? {} : { summary: inlineHtmlFromMarkdown(summary, base) }),
    ...(language === undefined ? {} : { language }),
    ...(image === undefined ? {} : { image }),
  };
}

function languageOf(fields: FieldReader): string | undefined {
  const field = fields.field('language', 'lang');
  if (field === undefined) return undefined;
  try {
    return Intl.getCanonicalLocales(fields.text('language', 'lang')?.replaceAll('_', '-'))[0];
  } catch {
    return fields.complain(field, `“${field.key}” is no language. Write it as en, de or pt-BR.`);
  }
}

function pictureOf(fields: FieldReader, base: string): Picture | undefined {
  const field = fields.field('image');
  if (field === undefined || field.value === false) return undefined;
  const map = isMap(field.value) ? field.value : { src: field.value };
  const written = textAt(map, 'src', 'url', 'path');
  if (written === undefined) return fields.complain(field, `“${field.key}” must be an address, or a map with “src”.`);
  const src = absoluteUrl(written, base);
  if (src === undefined) return undefined;
  const caption = textAt(map, 'caption');
  return {
    src,
    alt: textAt(map, 'alt') ?? '',
    ...(caption === undefined ? {} : { caption: inlineHtmlFromMarkdown(caption, base) }),
    ...pixels('width', map.width),
    ...pixels('height', map.height),
  };
}

function pixels(name: 'width' | 'height', value: unknown): { width?: number; height?: number } {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? { [name]: value } : {};
}

/** Attributes are sorted, so that two equal bodies have one hash however they were made. */
function hashOf(body: Html): string {
  return createHash('sha256')
    .update(JSON.stringify(body.map(canonical)))
    .digest('hex');
}

function canonical(node: HtmlNode): unknown {
  if (node.type !== 'element') return [node.type, node.value];
  const properties = Object.entries(node.properties).sort(([a], [b]) => (a < b ? -1 : 1));
  return [node.tagName, properties, node.children.map(canonical)];
}
