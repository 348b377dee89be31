/** Which of the addresses that a picture's element offers is used: one of a kind that mail clients show, where there is one. */
import type { Element } from 'hast';
import { isShownInMail } from '../domain/picture.js';
import { absoluteUrl } from './absolute-url.js';

/** Where scripts that load pictures late keep the address; `src` then has a blank picture. */
const LATE = ['dataSrc', 'dataLazySrc', 'dataOriginal'] as const;
const LATE_SETS = ['dataSrcset', 'dataSrcSet', 'dataLazySrcset'] as const;
/** Wide enough for a mail on a sharp screen, in pixels. */
const WIDE_ENOUGH = 1000;

/** @param sources the `source` elements beside the image in a `picture` */
export function pictureAddress(
  image: Element,
  sources: readonly Element[],
  base: string | undefined,
): string | undefined {
  const { properties } = image;
  const single = [...LATE.map((name) => properties[name]), properties.src];
  const sets = [image, ...sources].flatMap((element) =>
    ['srcSet', ...LATE_SETS].flatMap((name) => addressesIn(element.properties[name])),
  );
  const offered = [...single.filter((value) => typeof value === 'string'), ...sets].flatMap((written) => {
    const address = absoluteUrl(written, base);
    return address === undefined ? [] : [address];
  });
  return offered.find(isShownInMail) ?? offered[0];
}

/** The addresses of a set, the one whose width fits a mail first. */
function addressesIn(set: unknown): readonly string[] {
  const written = Array.isArray(set) ? set.join(', ') : typeof set === 'string' ? set : '';
  const candidates = written.split(/,\s+/).map((candidate) => {
    const [address = '', size = ''] = candidate.trim().split(/\s+/);
    return { address, pixels: size.endsWith('w') ? Number.parseInt(size, 10) : Number.parseFloat(size || '1') * 600 };
  });
  const distance = (pixels: number) => (pixels >= WIDE_ENOUGH ? pixels - WIDE_ENOUGH : 10 * (WIDE_ENOUGH - pixels));
  return candidates.sort((a, b) => distance(a.pixels) - distance(b.pixels)).map(({ address }) => address);
}
