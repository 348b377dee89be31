/** One file → one post without its body. Whatever is wrong in it is told with its place; nothing is thrown. */
import { categoryKey } from '../domain/category.js';
import type { Picture } from '../domain/post.js';
import { trimOf } from '../domain/trim.js';
import { absoluteUrl } from './absolute-url.js';
import { instantAt, wallTimeAt } from './dates.js';
import { isPostPath, type PathFacts, pathFactsFrom } from './file-name.js';
import type { FrontMatter } from './front-matter.js';
import { inlineHtmlFromMarkdown } from './markdown-to-html.js';
import { type FieldReader, isMap, openFields, textAt } from './post-fields.js';
import { atStart, bodyHashOf, isMdxPath, markdownOf, withParts } from './post-parts.js';
import { brokenPost, type ReadPost, type SourceFacts } from './post-reading.js';
import { type UrlFacts, urlFromPattern, urlFromPermalink } from './post-url.js';
import { bodyFrom } from './read-body.js';
import { titleFrom, titleFromHeading, titleFromSlug } from './title.js';

/**
 * The head of a post: everything but its body, which is parsed here only for the title of a post that does not name one.
 * @param path within the source, with `/`
 */
export function readPost(path: string, bytes: Uint8Array, source: SourceFacts): ReadPost {
  if (!isPostPath(path)) return { kind: 'no-post' };
  const result = withParts(bytes, (frontMatter) => postFrom(path, frontMatter, source));
  return result.kind === 'unreadable' ? { kind: 'broken', broken: brokenPost(path, source, result.troubles) } : result;
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
  const head = {
    ...{ source: source.name, keys, draft, categories, place: path },
    ...titleOf(path, frontMatter, fields, base, facts.slug),
    ...extrasOf(fields, base, source),
    // A draft may have no date yet. It is told as a draft, and nothing else of it is used.
    publishedAt: dates.publishedAt ?? new Date(0),
    authors: authorsOf(fields),
    ...(url === undefined ? {} : { url }),
    ...(dates.expiresAt === undefined ? {} : { expiresAt: dates.expiresAt }),
    bodyHash: bodyHashOf(markdownOf(frontMatter), isMdxPath(path)),
  };
  if (fields.troubles.length > 0) {
    return { kind: 'broken', broken: brokenPost(path, source, fields.troubles, keys) };
  }
  return { kind: 'post', post: head };
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

function titleOf(path: string, frontMatter: FrontMatter, fields: FieldReader, base: string, slug: string) {
  const written = fields.text('title');
  const named = written === undefined ? undefined : titleFrom(written);
  const title = named?.text ? named : (titleFromBody(path, frontMatter, fields, base) ?? titleFromSlug(slug));
  return { title: title.text, ...(title.html === undefined ? {} : { titleHtml: title.html }) };
}

function titleFromBody(path: string, frontMatter: FrontMatter, { troubles }: FieldReader, base: string) {
  const parsed = bodyFrom(path, frontMatter, base);
  if (parsed.kind === 'body') return titleFromHeading(parsed.body);
  troubles.push(...parsed.troubles);
  return undefined;
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
