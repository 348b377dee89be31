/**
 * How an edition is shortened step by step so that no mail client clips it (rule: clip): excerpts shorten, then images
 * go, then posts at the end of each section become title links. Pure: the caller renders and measures each step.
 */
import type { ClipLevel, Digest } from '../domain/digest.js';

/** No mail has more bytes of HTML than this, decoded or encoded. */
export const MOST_HTML_BYTES = 95_000;

const WHOLE: ClipLevel = { images: true, links: 0 };
const EXCERPT_STEPS = [600, 420, 280, 160, 90];

/** The levels to try in turn for a digest, each no larger than the one before; the last shows title links only. */
export function clipLadder(digest: Digest): readonly ClipLevel[] {
  const shortest = EXCERPT_STEPS.at(-1) as number;
  const longestSection = Math.max(0, ...digest.sections.map(({ posts }) => posts.length));
  return [
    WHOLE,
    ...EXCERPT_STEPS.map((excerptChars) => ({ ...WHOLE, excerptChars })),
    { images: false, links: 0, excerptChars: shortest },
    ...Array.from({ length: longestSection }, (_, index) => ({
      images: false,
      links: index + 1,
      excerptChars: shortest,
    })),
  ];
}

/** What the ladder did, for people; `undefined` when the edition is whole. */
export function clipText(level: ClipLevel): string | undefined {
  const steps = [
    ...(level.excerptChars === undefined ? [] : [`excerpts cut to ${level.excerptChars} characters`]),
    ...(level.images ? [] : ['images removed']),
    ...(level.links === 0 ? [] : [`last ${level.links} of each section as title links`]),
  ];
  return steps.length === 0 ? undefined : steps.join(', ');
}
