/** The picture that a feed names for an item: Media RSS, an enclosure, or iTunes. */
import type { MediaNs } from 'feedsmith';
import { type FeedPicture, pageAddress } from './feed-item.js';

interface Pictured {
  readonly media?: MediaNs.ItemOrFeed;
  readonly itunes?: { readonly image?: string };
}

interface Enclosure {
  readonly url?: string;
  readonly type?: string;
}

/** The widest of the pictures proper; else an enclosed one; else a thumbnail. */
export function pictureFrom(
  { media, itunes }: Pictured,
  enclosures: readonly Enclosure[],
  base: string | undefined,
): FeedPicture | undefined {
  const groups = [media, ...(media?.groups ?? [])].flatMap((group) => group ?? []);
  const contents = groups.flatMap(({ contents = [] }) => contents).filter(isPicture);
  const widest = [...contents].sort(
    (a, b) => Number(b.isDefault ?? false) - Number(a.isDefault ?? false) || (b.width ?? 0) - (a.width ?? 0),
  );
  const enclosed = enclosures.filter(isPicture);
  const thumbnails = [...groups, ...groups.flatMap(({ contents = [] }) => contents)].flatMap(
    ({ thumbnails: each = [] }) => each,
  );
  const candidates = [
    ...widest,
    ...enclosed,
    ...(itunes?.image === undefined ? [] : [{ url: itunes.image }]),
    ...thumbnails,
  ];
  for (const candidate of candidates) {
    const src = pageAddress(candidate.url, base);
    if (src !== undefined) return { src, alt: altOf(candidate), ...sizeOf(candidate) };
  }
  return undefined;
}

function isPicture({ url = '', type, medium }: Enclosure & { readonly medium?: string }): boolean {
  if (medium !== undefined) return medium === 'image';
  return type === undefined ? /\.(?:jpe?g|png|gif|webp)(?:[?#]|$)/i.test(url) : type.startsWith('image/');
}

function altOf(candidate: Enclosure | MediaNs.Content): string {
  const title = 'title' in candidate ? candidate.title : undefined;
  return title?.type === 'html' ? '' : (title?.value?.replace(/\s+/g, ' ').trim() ?? '');
}

function sizeOf(candidate: Enclosure | MediaNs.Content): Pick<FeedPicture, 'width' | 'height'> {
  const { width, height } = { width: undefined, height: undefined, ...candidate };
  return { width: pixels(width), height: pixels(height) };
}

function pixels(value: number | undefined): number | undefined {
  return value !== undefined && Number.isInteger(value) && value > 0 && value < 100_000 ? value : undefined;
}
