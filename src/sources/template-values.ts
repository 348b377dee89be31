/**
 * The template expressions whose meaning is known without running anything: addresses of the site, links to other posts, and videos.
 * They become what the site's generator would write; of all others nothing is known.
 */
import { trimEndOf } from '../domain/trim.js';

export interface TemplateContext {
  /** The address of the site. */
  readonly site: string | undefined;
  /** The address of the post. */
  readonly base: string | undefined;
  /** Texts of the site by name. */
  readonly values?: { readonly [name: string]: string } | undefined;
  /** Addresses of other posts, by the reference that means them. */
  readonly links: { readonly [reference: string]: string };
  /** Takes references whose address is not among them. */
  readonly wanted: Set<string>;
}

/** So many posts one post refers to; more are not looked for. */
const MOST_REFERENCES = 200;

/** The address of what a reference means; one that is not known is noted. */
export function linkTo(reference: string, { links, wanted }: TemplateContext): string | undefined {
  if (Object.hasOwn(links, reference)) return links[reference] || undefined;
  if (wanted.size < MOST_REFERENCES && reference.length < 500) wanted.add(reference);
  return undefined;
}

/** What `{{ … }}` comes to. @param inside the expression */
export function outputValue(inside: string, context: TemplateContext): string | undefined {
  const [first = '', ...filters] = partsOf(inside);
  let value = termValue(first, context);
  for (const filter of filters) {
    const [name = '', argument = ''] = splitAt(filter, ':');
    value = value === undefined ? undefined : filtered(value, name, argument, context);
  }
  return value;
}

/** What a tag of Liquid or a shortcode of Hugo comes to: text for Markdown. @param inside its name and arguments */
export function tagValue(inside: string, context: TemplateContext): string | undefined {
  const [name = '', ...rest] = wordsOf(inside);
  const target = unquoted(rest[0] ?? '');
  switch (name.toLowerCase()) {
    case 'post_url':
    case 'link':
      return target === '' || isTemplate(target) ? undefined : linkTo(`${name} ${target}`, context);
    case 'ref':
    case 'relref':
      return target === ''
        ? undefined
        : linkTo(`ref ${target.replace(/^path=/, '').replace(/^["'`]|["'`]$/g, '')}`, context);
    case 'post_path':
      return target === '' ? undefined : linkTo(`post_link ${target}`, context);
    case 'post_link':
      return postLink(target, rest.slice(1), context);
    case 'asset_path':
      return below(context.base, target);
    case 'asset_img':
      return image(rest.map(unquoted), context);
    case 'asset_link':
      return markdownLink(rest.slice(1).map(unquoted).join(' ') || target, below(context.base, target));
    case 'include':
    case 'include_cached':
      return includedVideo(inside);
    default:
      return video(name, inside);
  }
}

/** A video by the name of its tag; only of sites whose addresses are made from an id. */
function video(name: string, inside: string): string | undefined {
  const site = VIDEO_SITES.find(({ names }) => names.includes(name.toLowerCase()));
  if (site === undefined) return undefined;
  const words = wordsOf(inside).slice(1);
  const values = words.map((word) => unquoted(word.replace(/^[\w-]+=(?=["'\w])/, '')));
  const named = words.find((word) => /^(?:id|src|video_?id|url|v)=/i.test(word));
  const title = words.find((word) => /^(?:title|caption|alt)=/i.test(word));
  const id = unquoted(named === undefined ? (values[0] ?? '') : named.slice(named.indexOf('=') + 1));
  const address = /^https?:\/\//i.test(id) ? id : site.address(id);
  return address === undefined
    ? undefined
    : markdownLink(`▶ ${title === undefined ? site.title : unquoted(title.slice(title.indexOf('=') + 1))}`, address);
}

const VIDEO_SITES: readonly {
  readonly names: readonly string[];
  readonly title: string;
  address(id: string): string | undefined;
}[] = [
  {
    names: ['youtube', 'youtube_embed', 'youtubeplayer', 'youtuber', 'yt'],
    title: 'YouTube',
    address: (id) => (/^[\w-]{6,}$/.test(id) ? `https://www.youtube.com/watch?v=${id}` : undefined),
  },
  {
    names: ['vimeo', 'vimeo_simple'],
    title: 'Vimeo',
    address: (id) => (/^\d+$/.test(id) ? `https://vimeo.com/${id}` : undefined),
  },
  { names: ['video', 'embed', 'peertube', 'bilibili', 'mp4'], title: 'Video', address: () => undefined },
];

/** `include youtube.html id="…"`: the name of the file says which site. */
function includedVideo(inside: string): string | undefined {
  const [, file = '', ...rest] = wordsOf(inside);
  const names = file
    .toLowerCase()
    .replace(/\.\w+$/, '')
    .split(/[/_-]/);
  const site = VIDEO_SITES.find(({ names: known }) => names.some((name) => known.includes(name)));
  const name = site?.names[0];
  return name === undefined ? undefined : video(name, [name, ...rest].join(' '));
}

function postLink(slug: string, title: readonly string[], context: TemplateContext): string | undefined {
  if (slug === '') return undefined;
  const words = title.filter((word) => !/^(?:true|false)$/.test(word)).map(unquoted);
  const address = linkTo(`post_link ${slug}`, context);
  const text = words.join(' ') || slug;
  return address === undefined ? text : markdownLink(text, address);
}

/** `asset_img [classes] file [width] [height] [title [alt]]`. */
function image(words: readonly string[], { base }: TemplateContext): string | undefined {
  const at = words.findIndex((word) => /\.(?:png|jpe?g|gif|webp|svg|avif)$/i.test(word));
  const address = at === -1 ? undefined : below(base, words[at] as string);
  if (address === undefined) return undefined;
  const texts = words.slice(at + 1).filter((word) => !/^\d+$/.test(word));
  return `![${plainText(texts.at(-1) ?? '')}](<${address}>)`;
}

function markdownLink(text: string, address: string | undefined): string | undefined {
  return address === undefined ? undefined : `[${plainText(text)}](<${address}>)`;
}

function plainText(text: string): string {
  return text.replace(/[[\]<>\\`*_{}]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function below(base: string | undefined, path: string): string | undefined {
  if (base === undefined || path === '' || isTemplate(path) || !URL.canParse(path, base)) return undefined;
  return new URL(path, base.slice(0, base.lastIndexOf('/') + 1)).href;
}

function termValue(term: string, { site, base, values = {} }: TemplateContext): string | undefined {
  if (/^(["']).*\1$/s.test(term)) return term.slice(1, -1);
  switch (term) {
    case 'site.url':
      return site && new URL(site).origin;
    case 'site.baseurl':
    case 'site.base':
      return site && basePathOf(site);
    case 'page.url':
      return base && new URL(base).pathname;
    case '.Site.BaseURL':
    case 'site.BaseURL':
      return site && `${trimEndOf(site, '/')}/`;
    default:
      return term.startsWith('site.') && Object.hasOwn(values, term.slice(5)) ? values[term.slice(5)] : undefined;
  }
}

function filtered(value: string, name: string, argument: string, context: TemplateContext): string | undefined {
  const { site } = context;
  const text = termValue(argument.trim(), context);
  switch (name.trim()) {
    case 'relative_url':
    case 'url':
      return site && (/^(?:[a-z]+:)?\/\//i.test(value) ? value : joined(basePathOf(site), value));
    case 'absolute_url':
      return (
        site && (/^(?:[a-z]+:)?\/\//i.test(value) ? value : joined(new URL(site).origin + basePathOf(site), value))
      );
    case 'prepend':
      return text === undefined ? undefined : text + value;
    case 'append':
      return text === undefined ? undefined : value + text;
    case 'escape':
    case 'strip':
    case 'uri_escape':
      return value;
    default:
      return undefined;
  }
}

function joined(prefix: string, path: string): string {
  return `${prefix}${path.startsWith('/') ? '' : '/'}${path}`;
}

function basePathOf(site: string): string {
  return trimEndOf(new URL(site).pathname, '/');
}

function isTemplate(text: string): boolean {
  return /\{[{%]/.test(text);
}

/** The parts between bars that are in no quotes. */
function partsOf(expression: string): readonly string[] {
  const parts = [''];
  let quote = '';
  for (const character of expression) {
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    if (character === '|' && quote === '') parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}

function splitAt(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** Words, where quotes hold several together. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let [word, quote] = ['', ''];
  for (const character of `${text} `) {
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'" || character === '`') quote = character;
    if (quote === '' && /\s/.test(character)) {
      if (word !== '') words.push(word);
      word = '';
    } else word += character;
  }
  if (word.trim() !== '') words.push(word.trim());
  return words;
}

function unquoted(word: string): string {
  return /^(["'`]).*\1$/s.test(word) ? word.slice(1, -1) : word;
}
