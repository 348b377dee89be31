/** Tells pictures of a post's subject from badges, buttons, trackers, emoji, avatars and logos. Pure. */
import type { Picture } from '../domain/post.js';

/** Narrower or lower pictures show nothing on a phone that is worth its room, in CSS pixels. */
const SMALLEST = 120;
/** A picture as wide as this for its height is a line or a banner. */
const WIDEST_RATIO = 8;

/** Hosts that serve such pictures and nothing else. */
const HOSTS: readonly string[] = [
  ...['shields.io', 'badgen.net', 'badge.fury.io', 'travis-ci.org', 'travis-ci.com', 'circleci.com', 'codecov.io'],
  ...[
    'coveralls.io',
    'appveyor.com',
    'gravatar.com',
    'avatars.githubusercontent.com',
    'feedburner.com',
    'pixel.wp.com',
  ],
  ...['stats.wordpress.com', 'google-analytics.com', 'doubleclick.net', 'amazon-adsystem.com', 's.w.org', 'ko-fi.com'],
  ...['buymeacoffee.com', 'paypalobjects.com', 'licensebuttons.net', 'statcounter.com', 'open.substack.com'],
];

/** A word of a file's name or folder that says so. */
const WORDS: ReadonlySet<string> = new Set(
  (
    'badge badges shield shields button buttons btn icon icons favicon emoji emojis smiley smilies avatar avatars gravatar ' +
    'logo logos pixel spacer blank tracker tracking beacon spinner loading loader sprite sprites divider separator bullet ' +
    'arrow stars rating flag flags 1x1 transparent'
  ).split(' '),
);

/** Whether a picture is of another kind than a picture of the post's subject. */
export function isDecoration({ src, alt, width, height }: Picture): boolean {
  if ((width ?? SMALLEST) < SMALLEST || (height ?? SMALLEST) < SMALLEST) return true;
  if (width && height && width / height > WIDEST_RATIO) return true;
  if (!URL.canParse(src)) return true;
  const { hostname, pathname } = new URL(src);
  if (HOSTS.some((host) => hostname === host || hostname.endsWith(`.${host}`))) return true;
  const words = [...wordsOf(pathname.split('/').slice(-2).join('/')), ...wordsOf(alt.length <= 40 ? alt : '')];
  return words.some((word) => WORDS.has(word));
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
}
