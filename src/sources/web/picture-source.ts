/** Which file of a picture a mail shows: the one a script would load, in a size that suits a mail. */
import type { Element } from 'hast';

/** Attributes in which scripts that load pictures late keep the address. */
const LAZY = ['dataSrc', 'dataLazySrc', 'dataOriginal', 'dataOrigSrc', 'dataOrigFile', 'dataLargeFile', 'dataFullUrl'];
const LAZY_SETS = ['dataSrcset', 'dataSrcSet', 'dataLazySrcset'];

/** Twice the width of a mail, for dense screens. */
const WANTED_WIDTH = 1200;
/** A picture that is given in this size to be counted, not to be seen. */
const PIXEL = 2;

/** Whether nothing says which file a script would load. */
export function isPlaceholderOnly({ properties }: Element): boolean {
  return isPlaceholder(String(properties.src ?? '')) && !LAZY.some((name) => typeof properties[name] === 'string');
}

function isPlaceholder(src: string): boolean {
  if (src === '' || src.startsWith('data:')) return true;
  const name = src.slice(src.lastIndexOf('/') + 1);
  return /placeholder|blank|spacer|lazy/i.test(name) && /\.(?:gif|png|svg)/i.test(name);
}

/** The picture with the address a mail shows; `undefined` for a counting pixel, or a picture without an address. */
export function pictureOf(element: Element): Element | undefined {
  const { properties } = element;
  if (isPixel(properties.width) && isPixel(properties.height)) return undefined;
  const own = String(properties.src ?? '');
  const late = LAZY.map((name) => properties[name]).find((value) => typeof value === 'string');
  const base = isPlaceholder(own) && late !== undefined ? String(late) : own;
  const set = [properties.srcSet, ...LAZY_SETS.map((name) => properties[name])].find(Boolean);
  const best = bestOf(String(set ?? ''));
  const src = best?.url ?? withoutCrop(base, properties.width);
  if (src === '' || src.startsWith('data:')) return undefined;
  const isOther = src !== own;
  const size = isOther ? { width: best?.width, height: undefined } : {};
  return { ...element, properties: { ...properties, src, ...size } };
}

function isPixel(value: unknown): boolean {
  return value !== undefined && value !== null && Number(value) <= PIXEL;
}

interface Candidate {
  readonly url: string;
  readonly width: number;
}

/** The narrowest candidate that is wide enough, else the widest; only those that say their width. */
function bestOf(srcset: string): Candidate | undefined {
  const candidates = srcset
    .split(/,\s+/)
    .map((part) => /^(\S+)\s+(\d{1,5})w$/.exec(part.trim()))
    .flatMap((match) => (match === null ? [] : [{ url: match[1] as string, width: Number(match[2]) }]))
    .sort((a, b) => a.width - b.width);
  return candidates.find(({ width }) => width >= WANTED_WIDTH) ?? candidates.at(-1);
}

/** WordPress names a cropped thumbnail after its original, `a-150x150.png` after `a.png`. */
function withoutCrop(src: string, width: unknown): string {
  const crop = /-(\d{2,3})x\d{2,3}\.\w{3,4}$/.exec(src);
  if (crop === null || !src.includes('/wp-content/uploads/')) return src;
  const cropped = Number(crop[1]);
  if (cropped > 300 || Number(width) !== cropped) return src;
  return src.slice(0, crop.index) + src.slice(src.lastIndexOf('.'));
}
