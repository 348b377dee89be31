/** Which addresses a mail may point to (rule: absolute-links) and which pictures mail clients show. */
import { isShownInMail } from '../domain/picture.js';

/** An absolute http(s) or mailto address, as it is; `undefined` for anything else. */
export function absoluteHref(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const href = value.trim();
  // A template expression that was not evaluated: its address is not known (rule: absolute-links).
  if (/\{\{|\}\}|\{%|%\}/.test(href)) return undefined;
  if (!/^(?:https?:\/\/[^\s/]|mailto:[^\s])/i.test(href) || /[\s<>"{}|\\^`]/.test(href)) return encodedHref(href);
  return URL.canParse(href) ? href : undefined;
}

function encodedHref(href: string): string | undefined {
  if (!/^(?:https?:\/\/|mailto:)/i.test(href) || !URL.canParse(href)) return undefined;
  return new URL(href).href.replace(/[{}|\\^`]/g, (character) => encodeURIComponent(character));
}

/** An absolute http(s) picture of a kind that mail clients show; `undefined` for anything else. */
export function pictureSrc(value: unknown): string | undefined {
  const src = absoluteHref(value);
  if (src === undefined || !/^https?:/i.test(src)) return undefined;
  return isShownInMail(src) ? src : undefined;
}
