/** Finds the picture an edition shows of a post, with its caption. Pure. */
import type { Html, HtmlElement } from '../domain/html.js';
import { isShownInMail } from '../domain/picture.js';
import type { Picture } from '../domain/post.js';
import { type Block, hasWords } from './blocks.js';
import { isDecoration } from './decoration.js';

const MOST_LOOKED_AT = 50;

/** The pictures of a body that show something of its subject, in order. */
export function picturesIn(blocks: readonly Block[]): readonly Picture[] {
  const shown = blocks.filter(({ kind }) => kind === 'picture').slice(0, MOST_LOOKED_AT);
  return shown.flatMap((block) => {
    const picture = pictureIn(block);
    return picture && !isDecoration(picture) ? [picture] : [];
  });
}

/** The author's choice, else the first picture of the body; one that mail clients show goes before one that they do not. */
export function figureFrom(pictures: readonly Picture[], chosen: Picture | undefined): Picture | undefined {
  const candidates = chosen ? [withWordsOf(pictures, chosen), ...pictures] : pictures;
  return candidates.find(({ src }) => isShownInMail(src)) ?? candidates[0];
}

/** Front matter often has the address alone; the body says what the same picture shows. */
function withWordsOf(pictures: readonly Picture[], chosen: Picture): Picture {
  const same = pictures.find(({ src }) => src === chosen.src);
  return same ? { ...same, ...chosen, alt: chosen.alt || same.alt } : chosen;
}

/** The picture of a block that is one. */
export function pictureIn({ element, caption: below }: Block): Picture | undefined {
  const image = findElement([element], 'img');
  const { src, alt, width, height } = image?.properties ?? {};
  if (typeof src !== 'string') return undefined;
  const inside = findElement([element], 'figcaption')?.children;
  const caption = inside && hasWords(inside) ? inside : below;
  return {
    src,
    alt: typeof alt === 'string' ? alt : '',
    ...(caption && { caption: withoutParagraph(caption) }),
    ...pixels('width', width),
    ...pixels('height', height),
  };
}

function pixels<Name extends string>(name: Name, value: unknown): { readonly [name in Name]?: number } {
  const number = Number(value);
  const known = Number.isInteger(number) && number > 0 ? { [name]: number } : {};
  return known as { readonly [name in Name]?: number };
}

/** Captions are shown on one line of their own: a caption that is one paragraph loses it. */
function withoutParagraph(html: Html): Html {
  const nodes = html.filter((node) => node.type !== 'text' || node.value.trim() !== '');
  const [only] = nodes;
  return nodes.length === 1 && only?.type === 'element' && only.tagName === 'p' ? only.children : html;
}

function findElement(html: Html, tagName: string): HtmlElement | undefined {
  for (const node of html) {
    if (node.type !== 'element') continue;
    const found = node.tagName === tagName ? node : findElement(node.children, tagName);
    if (found) return found;
  }
  return undefined;
}
