/**
 * Which posts of an edition are shortened, and how far, so that no mail client clips it (rule: clip): the largest post first, step
 * by step: its excerpt becomes shorter, then its picture goes, then it is a title link. Pure: the caller measures.
 */
import type { ClipLevel, DigestPost } from '../domain/digest.js';

/** No mail has more bytes of HTML than this, decoded or encoded. */
export const MOST_HTML_BYTES = 95_000;

/** How one post is shown. */
export interface PostForm {
  /** The longest excerpt; absent: as long as usual. */
  readonly excerptChars?: number;
  readonly picture: boolean;
  readonly link: boolean;
}

const EXCERPT_STEPS = [600, 420, 280, 160, 90];
const SHORTEST = { excerptChars: EXCERPT_STEPS.at(-1) as number, picture: false };

/** The forms of a post, each no larger than the one before: whole first, a title link last. */
export const POST_FORMS: readonly PostForm[] = [
  { picture: true, link: false },
  ...EXCERPT_STEPS.map((excerptChars) => ({ excerptChars, picture: true, link: false })),
  { ...SHORTEST, link: false },
  { ...SHORTEST, link: true },
];

export interface Shortening {
  /** Shortens the largest posts until about this many bytes are saved. Returns whether anything became smaller. */
  save(bytes: number): boolean;
  /** A post as it is shown now. */
  formOf(post: DigestPost): DigestPost;
  level(): ClipLevel;
}

/**
 * @param posts whole
 * @param inForm a post in one of its forms, by index
 * @param bytesOf about how large a post is; a form is skipped where it is not smaller than the one before
 */
export function openShortening(
  posts: readonly DigestPost[],
  inForm: (post: DigestPost, form: number) => DigestPost,
  bytesOf: (post: DigestPost) => number,
): Shortening {
  const shown = new Map(posts.map((post) => [post, { form: 0, bytes: bytesOf(post) }]));

  /** The next form of a post that is smaller; `undefined` after the last. */
  function smaller(post: DigestPost, { form, bytes }: { form: number; bytes: number }) {
    for (let next = form + 1; next < POST_FORMS.length; next += 1) {
      const size = bytesOf(inForm(post, next));
      if (size < bytes) return { form: next, bytes: size };
    }
    return undefined;
  }

  function largest() {
    const candidates = [...shown].sort(([, one], [, other]) => other.bytes - one.bytes);
    for (const [post, current] of candidates) {
      const next = smaller(post, current);
      if (next) return { post, next, saved: current.bytes - next.bytes };
    }
    return undefined;
  }

  return {
    save(bytes) {
      let left = bytes;
      let hasSaved = false;
      for (let step = largest(); left > 0 && step; step = left > 0 ? largest() : undefined) {
        shown.set(step.post, step.next);
        left -= step.saved;
        hasSaved = true;
      }
      return hasSaved;
    },
    formOf: (post) => inForm(post, shown.get(post)?.form ?? 0),
    level() {
      const forms = [...shown.values()].flatMap(({ form }) => POST_FORMS[form] ?? []);
      const full = forms.filter(({ link }) => !link);
      return {
        excerpts: full.filter(({ excerptChars }) => excerptChars !== undefined).length,
        pictures: full.filter(({ picture }) => !picture).length,
        links: forms.length - full.length,
      };
    },
  };
}

/** How an edition was shortened, for people; `undefined` when it is whole. */
export function clipText({ excerpts, pictures, links }: ClipLevel): string | undefined {
  const steps = [
    ...(excerpts === 0 ? [] : [excerpts === 1 ? '1 excerpt cut' : `${excerpts} excerpts cut`]),
    ...(pictures === 0 ? [] : [pictures === 1 ? '1 picture removed' : `${pictures} pictures removed`]),
    ...(links === 0 ? [] : [links === 1 ? '1 post as title link' : `${links} posts as title links`]),
  ];
  return steps.length === 0 ? undefined : steps.join(', ');
}
