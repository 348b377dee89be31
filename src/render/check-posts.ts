/** Checks what a mail cannot show of a post: it is dropped, so its author should know. */
import type { DigestPost } from '../domain/digest.js';
import { type Finding, findingOf } from '../domain/finding.js';
import { elementsOf } from './html-addresses.js';
import { absoluteHref, pictureSrc } from './link.js';
import type { ReadMail } from './read-mail.js';

export function checkPosts({ posts, places }: ReadMail): readonly Finding[] {
  return posts.filter(({ form }) => form === 'full').flatMap((post) => checkPost(post, places.post(post)));
}

function checkPost(post: DigestPost, where: string): readonly Finding[] {
  const elements = [
    ...elementsOf(post.excerpt),
    ...elementsOf(post.figure?.caption ?? []),
    ...elementsOf(post.titleHtml ?? []),
  ];
  const sources = [
    ...(post.figure ? [post.figure.src] : []),
    ...elements.filter(({ tagName }) => tagName === 'img').map(({ properties }) => String(properties.src ?? '')),
  ];
  const targets = elements.filter(({ tagName }) => tagName === 'a').map(({ properties }) => properties.href);
  const about = { where, post: post.id };
  return [
    ...(post.url !== undefined && absoluteHref(post.url) === undefined ? [post.url] : []),
    ...targets.filter((href) => href !== undefined && absoluteHref(href) === undefined),
  ]
    .map((href) =>
      findingOf('link.dropped', {
        message: `“${post.title}” links to “${href}”, which is not an absolute address: only its text is shown.`,
        fix: 'Write the whole address with https://, or give the source its `site`.',
        ...about,
      }),
    )
    .concat(sources.flatMap((src) => droppedPicture(src, post.title, about)));
}

function droppedPicture(src: string, title: string, about: { where: string; post: string }): readonly Finding[] {
  if (pictureSrc(src) !== undefined) return [];
  const href = absoluteHref(src);
  if (href === undefined || !/^https?:/i.test(href)) {
    const message = `“${title}” has a picture with the source “${src}”, which is dropped: no mail client can load it.`;
    return [findingOf('image.format', { message, fix: 'Write its whole address with https://.', ...about })];
  }
  const ending = /\.(\w+)$/.exec(new URL(href).pathname)?.[1] ?? '';
  const message = `“${title}” has the picture ${href}, which is dropped: Outlook cannot show ${ending.toUpperCase()}.`;
  return [findingOf('image.format', { message, fix: 'Use a JPEG, PNG or GIF for it.', ...about })];
}
