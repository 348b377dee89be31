/** A paragraph below a picture that says what it shows, where the source has no element for captions. Pure. */
import type { Html, HtmlElement } from '../domain/html.js';
import { isCredit } from './notices.js';

const LONGEST = 200;
const LONGEST_LABEL = 100;

/** What a paragraph below a picture says of it; `undefined` when it is part of the text. @param text the paragraph's */
export function captionIn({ tagName, children }: HtmlElement, text: string): Html | undefined {
  if (tagName !== 'p' || text.length > LONGEST) return undefined;
  const [only, ...others] = children.filter((node) => node.type !== 'text' || node.value.trim() !== '');
  if (others.length === 0 && only?.type === 'element' && only.tagName === 'em') return only.children;
  const isNumbered = /^(?:fig(?:ure|\.)?|abb(?:ildung|\.)?|図|图)\s?\d/i.test(text);
  const isLabel = text.length <= LONGEST_LABEL && /[\p{L}\p{N})\]]$/u.test(text.trimEnd());
  return isNumbered || isLabel || isCredit(text) ? children : undefined;
}
