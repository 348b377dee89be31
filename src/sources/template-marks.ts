/**
 * Two characters that are in a text while it is on its way through the Markdown parser.
 * Both are Unicode noncharacters, which `textFromBytes` takes out of every file, so no author can write them.
 */

/** Replaces a template expression. */
export const GONE = '\uFDD0';
/** Replaces a `{` that the author protected (`{% raw %}`), which is no template. */
export const BRACE = '\uFDD1';

const GONE_ENCODED = /%EF%B7%9[01]/i;
// Markdown percent-encodes braces in a target before we see it.
const OPENER = /\{[{%]|%7B(?:%7B|%25)/i;

/** Whether the target of a link or image was made by a template, so that its address is not known (rule: absolute-links). */
export function isTemplated(target: string): boolean {
  return target.includes(GONE) || target.includes(BRACE) || GONE_ENCODED.test(target) || OPENER.test(target);
}

/** Code as its author wrote it. */
export function literalText(text: string): string {
  return text.replaceAll(GONE, '').replaceAll(BRACE, '{');
}

/** Prose without any template expression, and without the space that stood beside it. */
export function proseText(text: string): string {
  if (!text.includes('{') && !text.includes(GONE) && !text.includes(BRACE)) return text;
  return (
    text
      .replace(/\{\{[^{}]*\}\}|\{%[^{}%]*%\}/g, GONE)
      .replace(/\{[{%]+/g, GONE)
      .replace(/\uFDD0+/g, GONE)
      .replace(/ ?\uFDD0(?=[\s.,;:!?)\]]|$)/g, '')
      .replace(/\uFDD0 ?/g, '')
      // What stood on both sides of an expression may have met.
      .replace(/\{[{%]+/g, '')
      .replaceAll(BRACE, '{')
  );
}
