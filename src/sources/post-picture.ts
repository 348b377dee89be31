/** The leading picture that front matter names, in the ways themes have it. */
import type { Picture } from '../domain/post.js';
import { absoluteUrl } from './absolute-url.js';
import { dialectNamed } from './dialects/index.js';
import { inlineHtmlFromMarkdown } from './markdown-to-html.js';
import { type FieldReader, isMap, textAt, textOf } from './post-fields.js';
import type { SourceFacts } from './source-facts.js';

const KEYS = [
  ...[
    'image',
    'images',
    'cover',
    'hero',
    'heroimage',
    'hero_image',
    'feature',
    'featured',
    'featuredimage',
    'featured_image',
  ],
  ...[
    'featureimage',
    'feature_image',
    'thumbnail',
    'banner',
    'header',
    'ogimage',
    'og_image',
    'socialimage',
    'social_image',
  ],
];
const SOURCES = ['src', 'url', 'path', 'image', 'img', 'teaser', 'overlay_image', 'feature', 'relative_path'];

export function pictureOf(fields: FieldReader, base: string, source: SourceFacts): Picture | undefined {
  if (fields.field('image')?.value === false) return undefined;
  const nested = ['extra', 'params'].flatMap((key) => {
    const map = fields.field(key)?.value;
    return isMap(map) ? KEYS.map((inner) => valueAt(map, inner)) : [];
  });
  const candidates = [...KEYS.map((key) => fields.field(key)?.value), ...nested];
  for (const candidate of candidates) {
    const found = pictureFrom(candidate, fields, base, source);
    if (found !== undefined) return found;
  }
  return undefined;
}

function valueAt(map: { readonly [key: string]: unknown }, wanted: string): unknown {
  const key = Object.keys(map).find((each) => each.toLowerCase() === wanted);
  return key === undefined ? undefined : map[key];
}

function pictureFrom(value: unknown, fields: FieldReader, base: string, source: SourceFacts): Picture | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const map = isMap(first) ? first : { src: first };
  const written = textAt(map, ...SOURCES);
  if (written === undefined || !/[./]/.test(written)) return undefined;
  const { hashesPictures } = dialectNamed(source.generator.dialect);
  if (hashesPictures && !/^(?:\/|https?:)/i.test(written)) return undefined;
  const src = absoluteUrl(written, base);
  if (src === undefined) return undefined;
  const caption = textAt(map, 'caption') ?? textOf(fields.field('image_caption', 'imagecaption')?.value);
  const alt = textAt(map, 'alt') ?? textOf(fields.field('image_alt', 'imagealt', 'heroimagealt')?.value);
  return {
    src,
    alt: alt ?? '',
    ...(caption === undefined ? {} : { caption: inlineHtmlFromMarkdown(caption, base) }),
    ...pixels('width', map.width),
    ...pixels('height', map.height),
  };
}

function pixels(name: 'width' | 'height', value: unknown): { width?: number; height?: number } {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? { [name]: value } : {};
}
