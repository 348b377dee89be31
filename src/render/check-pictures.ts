/** Checks the pictures in the HTML of a mail. Their size in bytes is checked on demand, elsewhere. */
import { type Finding, findingOf } from '../domain/finding.js';
import type { ReadMail } from './read-mail.js';
import type { MarkupPicture } from './read-markup.js';

export function checkPictures(mail: ReadMail): readonly Finding[] {
  return mail.markup.pictures.flatMap((picture) => checkPicture(picture, mail));
}

function checkPicture(picture: MarkupPicture, mail: ReadMail): readonly Finding[] {
  const { src, width } = picture;
  const origin = mail.origin(src);
  if (!/^https?:\/\//i.test(src)) {
    const message = `A picture has the source “${src}”, which no mail client can load.`;
    return [findingOf('image.source', { message, fix: 'Write its whole address with https://.', ...origin })];
  }
  return [
    ...(/^http:/i.test(src)
      ? [
          findingOf('image.insecure', {
            message: `${src} is not loaded over https; some clients leave it out.`,
            fix: 'Write its address with https://.',
            ...origin,
          }),
        ]
      : []),
    ...checkAlt(picture, origin),
    ...checkWidth(src, width, mail, origin),
  ];
}

type Origin = ReturnType<ReadMail['origin']>;

function checkAlt({ src, alt, isPresentation }: MarkupPicture, origin: Origin): readonly Finding[] {
  const fix = 'Say in its alt text what the picture shows; many readers see only that.';
  if (alt === undefined) {
    return [findingOf('image.no-alt', { message: `${src} has no alt text.`, fix, ...origin })];
  }
  if (alt.trim() !== '' || isPresentation) return [];
  return [findingOf('image.empty-alt', { message: `${src} has an empty alt text.`, fix, ...origin })];
}

function checkWidth(src: string, width: number | undefined, mail: ReadMail, origin: Origin): readonly Finding[] {
  if (width === undefined) {
    const message = `${src} has no width: Outlook shows it as wide as the file is.`;
    return [findingOf('image.unsized', { message, fix: 'Give the picture a width in pixels.', ...origin })];
  }
  if (width <= mail.width) return [];
  const message = `${src} is ${width} pixels wide, and the mail is ${mail.width}.`;
  return [findingOf('image.too-wide', { message, fix: `Make it ${mail.width} pixels wide or less.`, ...origin })];
}
