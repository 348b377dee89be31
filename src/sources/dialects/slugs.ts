/** How generators make a step of an address from a name. All results are percent-encoded. */
import { trimOf } from '../../domain/trim.js';

export function encoded(step: string): string {
  return encodeURIComponent(step.normalize('NFC'));
}

/** Every step of a path encoded. */
export function encodedPath(path: string, step: (name: string) => string = encoded): string {
  return path
    .split('/')
    .filter((name) => name !== '')
    .map(step)
    .join('/');
}

/** `Machine Learning & C++` → `machine-learning-c`. */
export function wordsSlug(name: string): string {
  const words = name.normalize('NFC').toLowerCase();
  return encoded(trimOf(words.replace(/[^\p{L}\p{N}\p{M}]+/gu, '-'), '-'));
}

/** Hugo's urlize: white space becomes a hyphen, what is neither a letter nor one of `._#+~@-` goes. */
export function hugoSlug(name: string): string {
  const kept = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}\p{M}\s._#+~@-]/gu, '')
    .trim()
    .replace(/-?\s+-?/g, '-');
  return encoded(kept.toLowerCase()).replaceAll('%2B', '+').replaceAll('%40', '@');
}

/** Jekyll's slugify: runs of anything but letters and digits become a hyphen. */
export function jekyllSlug(name: string): string {
  return wordsSlug(name);
}

/** A step of a path as Jekyll escapes it: signs that mean nothing in a path stay. */
export function jekyllStep(name: string): string {
  return encodeURI(name.normalize('NFC')).replace(/[#?/]/g, encodeURIComponent);
}

/** Jekyll's `pretty` slugify, in which case and some punctuation stay. */
export function jekyllTitle(name: string): string {
  const kept = name.normalize('NFC').replace(/[^\p{L}\p{N}\p{M}._~!$&'()+,;=@]+/gu, '-');
  return encodeURI(trimOf(kept, '-'));
}

/** What GitHub makes of a heading, which Astro takes for paths: punctuation goes, spaces become hyphens. */
export function githubSlug(name: string): string {
  return encoded(
    name
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Eleventy's slugify: ASCII words, capitals inside a word begin another, `&` is read out. */
export function readableSlug(name: string): string {
  const words = name
    .replaceAll('&', ' and ')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/['’](?=[ts](?:\s|$))/g, '');
  return asciiSlug(words);
}

/** Zola's slugs are ASCII: accents go, and so does what has none. */
export function asciiSlug(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return trimOf(plain.replace(/[^a-z0-9]+/g, '-'), '-');
}
