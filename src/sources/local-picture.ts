/**
 * Finds the file of a picture by the address its site gives it: beside the post that shows it, or in a folder whose files the
 * generator publishes as they are (rule: local-pictures).
 */
import { join, posix } from 'node:path';
import type { LocalPicture } from '../domain/ports/content.js';
import type { PostHead } from '../domain/post.js';
import { dialectNamed } from './dialects/index.js';
import type { Place } from './file-readings.js';
import type { SourceFacts } from './source-facts.js';

/** A larger file is too heavy for a mail anyway. */
const MOST_BYTES = 5_000_000;
const ENDINGS = /\.(?:png|jpe?g|gif|webp|avif)$/i;

export async function localPicture(
  { folder, facts, files }: Place,
  address: string,
  posts: readonly PostHead[],
): Promise<LocalPicture | undefined> {
  const site = join(folder, ...facts.below.split('/').slice(1).fill('..'));
  const candidates = [
    ...besidePosts(address, posts).map((path) => ({ root: folder, path })),
    ...inSite(address, facts).map((path) => ({ root: site, path })),
  ];
  for (const { root, path } of candidates) {
    const bytes = await files.readBelow(root, path, MOST_BYTES).catch(() => undefined);
    const type = bytes && pictureType(bytes);
    if (type) return { file: join(root, path), type, bytes };
  }
  return undefined;
}

/** Where a relative path written in one of the posts leads from its file. The fewest steps up tell which post wrote it. */
function besidePosts(address: string, posts: readonly PostHead[]): readonly string[] {
  const found = posts.flatMap(({ url, place }) => {
    const base = url === undefined ? undefined : placeOf(new URL('.', url).href);
    const target = placeOf(address);
    if (!base || !target || base.origin !== target.origin || !ENDINGS.test(target.path)) return [];
    const written = posix.relative(base.path, target.path);
    return [{ written, path: posix.join(posix.dirname(place), written) }];
  });
  const stepsUp = ({ written }: (typeof found)[number]) => written.split('../').length;
  return distinct(found.sort((one, other) => stepsUp(one) - stepsUp(other)).map(({ path }) => path));
}

function inSite(address: string, { site, generator }: SourceFacts): readonly string[] {
  const base = placeOf(site.endsWith('/') ? site : `${site}/`);
  const target = placeOf(address);
  if (!base || !target || base.origin !== target.origin) return [];
  if (!target.path.startsWith(base.path) || !ENDINGS.test(target.path)) return [];
  const { staticDirs } = dialectNamed(generator.dialect);
  const { contentDirs } = generator;
  const nested = contentDirs.flatMap((dir) => staticDirs.map((below) => posix.join(dir, below)));
  return distinct(
    [...staticDirs, ...nested, ...contentDirs].map((dir) => posix.join(dir, target.path.slice(base.path.length))),
  );
}

/** Paths that stay below the folder they are relative to. */
function distinct(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)].filter((path) => !path.startsWith('../') && !path.startsWith('/'));
}

/** `undefined` for an address that cannot be read, or whose path no file can have. */
function placeOf(address: string): { readonly origin: string; readonly path: string } | undefined {
  try {
    const { origin, pathname } = new URL(address);
    const path = decodeURIComponent(pathname);
    return /\\|\/\.\.?\//.test(path) ? undefined : { origin, path };
  } catch {
    return undefined;
  }
}

/** What a file of each type begins with; a dot is any byte. */
const SIGNATURES: readonly (readonly [type: string, start: string])[] = [
  ['image/png', '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/gif', 'GIF8.a'],
  ['image/webp', 'RIFF....WEBP'],
  ['image/avif', '....ftypavi'],
];

/** The type a file has by its first bytes, whatever its name says. */
function pictureType(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  return SIGNATURES.find(([, known]) => [...known].every((byte, at) => byte === '.' || byte === start[at]))?.[0];
}
