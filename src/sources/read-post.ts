/** One file → one post without its body. Every problem in it is reported with its place; nothing is thrown. */
import { textOf as plainTextOf } from '../domain/html.js';
import { languageFrom } from '../domain/language.js';
import type { PostHead } from '../domain/post.js';
import { trimOf } from '../domain/trim.js';
import { wallTimeAt } from './dates.js';
import type { AddressFacts } from './dialects/dialect.js';
import { dialectNamed } from './dialects/index.js';
import { isPostPath, type PathFacts, pathFactsFrom } from './file-name.js';
import type { Field, FrontMatter } from './front-matter.js';
import { inlineHtmlFromMarkdown } from './markdown-to-html.js';
import { canonicalOf } from './post-canonical.js';
import { categoriesInUrl, categoriesOf } from './post-categories.js';
import { datesOf, type PostDates } from './post-dates.js';
import { type FieldReader, openFields, textAt } from './post-fields.js';
import { atStart, bodyHashOf, bodySettingsOf, isMdxPath, markdownOf, withParts } from './post-parts.js';
import { pictureOf } from './post-picture.js';
import { brokenPost, type ReadPost } from './post-reading.js';
import { urlFromPattern, urlFromPermalink } from './post-url.js';
import { bodyFrom } from './read-body.js';
import type { SourceFacts } from './source-facts.js';
import { titleFrom, titleFromHeading, titleFromSlug } from './title.js';

/**
 * The head of a post: everything but its body, which is parsed here only for the title of a post that does not name one.
 * @param path within the source, with `/`
 */
export function readPost(path: string, bytes: Uint8Array, source: SourceFacts): ReadPost {
  if (!isPostPath(path, source)) return { kind: 'no-post' };
  const result = withParts(bytes, (parts) => postFrom(path, withDefaults(parts, path, source), source));
  return result.kind === 'unreadable' ? { kind: 'broken', broken: brokenPost(path, source, result.troubles) } : result;
}

/** Front matter with what its folder and its site say for all posts below them. */
function withDefaults(frontMatter: FrontMatter, path: string, { generator, below }: SourceFacts): FrontMatter {
  const fields = new Map(frontMatter.fields);
  for (const { under, values } of generator.defaults) {
    if (!`${below}${path}`.startsWith(under)) continue;
    for (const [key, value] of Object.entries(values)) {
      if (!fields.has(key.toLowerCase()))
        fields.set(key.toLowerCase(), { key, value, line: 1, column: 1 } satisfies Field);
    }
  }
  return { ...frontMatter, fields };
}

function postFrom(path: string, frontMatter: FrontMatter, source: SourceFacts): ReadPost {
  const place = pathFactsFrom(path, source);
  if (!frontMatter.present && place.date === undefined) return { kind: 'no-post' };
  const fields = openFields(frontMatter, source.timezone);
  const draft = isDraft(fields, place, frontMatter);
  const dates = datesOf(fields, place, source);
  if (dates.published === undefined && !draft && fields.troubles.length === 0)
    return { kind: 'no-post', why: 'undated' };
  const language =
    languageOf(fields) ?? languageFrom(place.language ?? source.language ?? source.generator.languages[0]);
  const url = urlOf(fields, source, addressFactsOf(fields, place, source, dates, language));
  const id = fields.text('id');
  const keys = { ...(id === undefined ? {} : { id }), ...(url === undefined ? {} : { url }), path };
  const base = url ?? source.site;
  const head: PostHead = {
    ...{ source: source.name, keys, draft, categories: categoriesOf(fields, place, source), place: path },
    ...titleOf(path, frontMatter, fields, base, source, place.slug),
    ...extrasOf(fields, base, source),
    // A draft may have no date yet. It is told as a draft, and nothing else of it is used.
    publishedAt: dates.published?.at ?? new Date(0),
    authors: authorsOf(fields, source),
    ...(language === undefined ? {} : { language }),
    ...translationOf(fields, place),
    ...(url === undefined ? {} : { url }),
    ...canonicalOf(fields.text('canonical_url', 'canonicalurl', 'canonical'), url),
    ...(dates.published?.day === undefined ? {} : { publishedOn: dates.published.day }),
    ...(dates.expiresAt === undefined ? {} : { expiresAt: dates.expiresAt }),
    ...(fields.flag(source.optOutKey) === false && { optedOut: true }),
    bodyHash: bodyHashOf(markdownOf(frontMatter, source), isMdxPath(path)),
    bodySettings: bodySettingsOf(source),
  };
  if (fields.troubles.length > 0) {
    return { kind: 'broken', broken: brokenPost(path, source, fields.troubles, keys) };
  }
  return { kind: 'post', post: head };
}

/** What a post has in common with its translations: a key its author gave it, or its path without the language. */
function translationOf(fields: FieldReader, place: PathFacts): { readonly translationKey?: string } {
  const key = fields.text('translationkey', 'translation_key', 'translation_id') ?? (place.language && place.path);
  return key === undefined || key === '' ? {} : { translationKey: key };
}

/** Drafts, and what a site generator would keep out of its lists. */
function isDraft(fields: FieldReader, place: PathFacts, frontMatter: FrontMatter): boolean {
  const draft = fields.flag('draft') === true;
  const published = fields.field('published');
  const unpublished = typeof published?.value === 'boolean' || /^(?:no|off)$/i.test(String(published?.value));
  // Jekyll takes an empty `published:` for false.
  const withheld =
    (unpublished && fields.flag('published') === false) || frontMatter.fields.get('published')?.value === null;
  const hidden = ['headless', 'unlisted', 'eleventyexcludefromcollections'].some(
    (key) => fields.field(key)?.value === true,
  );
  const build = fields.field('build', '_build')?.value;
  const unlisted = textAt(build, 'list') === 'never' || textAt(build, 'render') === 'never';
  const addressless = fields.field('permalink')?.value === false || fields.field('render')?.value === false;
  const moved = fields.field('redirect_to') !== undefined;
  return place.isDraft || draft || withheld || hidden || unlisted || addressless || moved;
}

function addressFactsOf(
  fields: FieldReader,
  place: PathFacts,
  source: SourceFacts,
  { inUrl }: PostDates,
  language: string | undefined,
): AddressFacts {
  const slug = fields.text('slug');
  const ownSlug = slug === undefined ? undefined : trimOf(slug, '/');
  const title = fields.text('title');
  return {
    ...{ path: place.path, sourcePath: place.sourcePath, name: place.name, isIndex: place.isIndex },
    slug: ownSlug ?? place.slug,
    ...(ownSlug === undefined ? {} : { ownSlug }),
    ...(title === undefined ? {} : { title: titleFrom(title).text }),
    date: inUrl && wallTimeAt(inUrl.at, source.timezone),
    categories: categoriesInUrl(fields, place, source),
    ...(language === undefined ? {} : { language }),
  };
}

function urlOf(fields: FieldReader, source: SourceFacts, facts: AddressFacts): string | undefined {
  const { generator, site } = source;
  const dialect = dialectNamed(generator.dialect);
  const own = fields.field(...dialect.permalinkKeys);
  const permalink = own === undefined || own.value === false ? undefined : fields.text(...dialect.permalinkKeys);
  const byPattern = () => urlFromPattern(source.url ?? dialect.patternOf(facts, generator), site, facts, generator);
  const written = permalink === undefined ? byPattern() : urlFromPermalink(permalink, site, facts, generator);
  // An expression in a permalink is not evaluated: the operator can say what it comes to.
  const result =
    written.kind === 'refused' && source.url !== undefined && /\{[{%]/.test(permalink ?? '') ? byPattern() : written;
  if (result.kind === 'url') return result.url;
  const blamed = own ?? fields.field('slug');
  if (result.kind === 'refused') {
    if (blamed !== undefined) fields.complain(blamed, result.message);
    else fields.troubles.push(atStart(result.message));
  }
  return undefined;
}

function titleOf(
  path: string,
  frontMatter: FrontMatter,
  fields: FieldReader,
  base: string,
  source: SourceFacts,
  slug: string,
) {
  const written = fields.text('title', 'linktitle');
  const named = written === undefined ? undefined : titleFrom(written);
  const title = named?.text ? named : (titleFromBody(path, frontMatter, fields, base, source) ?? titleFromSlug(slug));
  return { title: title.text, ...(title.html === undefined ? {} : { titleHtml: title.html }) };
}

function titleFromBody(
  path: string,
  frontMatter: FrontMatter,
  { troubles }: FieldReader,
  base: string,
  source: SourceFacts,
) {
  const parsed = bodyFrom(path, frontMatter, base, source);
  if (parsed.kind === 'body') return titleFromHeading(parsed.body);
  troubles.push(...parsed.troubles);
  return undefined;
}

/** Names, where a post may write a key of the site's file of authors, or a Markdown link. */
function authorsOf(fields: FieldReader, { generator }: SourceFacts): readonly string[] {
  const written = [...fields.list('authors'), ...fields.list('author')];
  const names = written.map(
    (name) => (Object.hasOwn(generator.authors, name) ? generator.authors[name] : name) as string,
  );
  const plain = names.map((name) =>
    /[[<*_`]/.test(name) ? plainTextOf(inlineHtmlFromMarkdown(name, undefined)) : name,
  );
  return [...new Set(plain.map((name) => name.trim()))].filter((name) => name !== '');
}

function extrasOf(fields: FieldReader, base: string, source: SourceFacts) {
  const summary = fields.text('excerpt', 'summary', 'description');
  const image = pictureOf(fields, base, source);
  return {
    ...(summary === undefined ? {} : { summary: inlineHtmlFromMarkdown(summary, base) }),
    ...(image === undefined ? {} : { image }),
  };
}

function languageOf(fields: FieldReader): string | undefined {
  const field = fields.field('language', 'lang', 'locale');
  if (field === undefined) return undefined;
  const tag = languageFrom(fields.text('language', 'lang', 'locale'));
  return tag ?? fields.complain(field, `“${field.key}” is no language. Write it as en, de or pt-BR.`);
}
