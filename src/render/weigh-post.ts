/** About how many bytes a post takes in a mail, without rendering it: to compare posts and their forms (rule: clip). */
import type { DigestPost } from '../domain/digest.js';
import { mailHtmlFrom } from './mail-html.js';
import { measureText } from './measure.js';
import type { ThemeLook } from './theme.js';

/** What themes print around the excerpt of a post: its heading, its byline and the link to the rest. */
const FRAME_BYTES = 1_000;
const PICTURE_BYTES = 250;

/** Weighs posts in the look of a theme; the same post is weighed once. */
export function postWeights({ contentWidth, elements }: ThemeLook): (post: DigestPost) => number {
  const known = new WeakMap<DigestPost, number>();
  return (post) => {
    const weight = known.get(post) ?? weigh(post);
    known.set(post, weight);
    return weight;
  };

  function weigh({ title, url = '', form, excerpt, figure }: DigestPost): number {
    const name = measureText(title).counted + url.length;
    if (form === 'link') return name;
    const html = mailHtmlFrom([...excerpt, ...(figure?.caption ?? [])], { width: contentWidth, styles: elements });
    const picture = figure ? PICTURE_BYTES + figure.src.length + figure.alt.length : 0;
    return FRAME_BYTES + 2 * name + measureText(html).counted + picture;
  }
}
