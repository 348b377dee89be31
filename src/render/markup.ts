/** Text that is already safe where a template puts it, and the escaping of all that is not. */

/** Finished markup or a checked value of a theme: put in as it is. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const ESCAPES: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Text escaped for HTML text and quoted attributes; also harmless to an XML reader. */
export function escapedHtml(text: string): string {
  return exactHtml(cleanText(text));
}

/** The same with every character kept: what a browser reads from it is the text itself, NUL and lone CR apart. */
export function exactHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => ESCAPES[character] as string);
}

const WINDOWS_1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

/** Text without control characters: C1 controls become the Windows-1252 characters they were meant to be. */
export function cleanText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the point
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]/g, (character) => {
    const meant = WINDOWS_1252[character.charCodeAt(0) - 0x80];
    return meant === undefined || /[\u0080-\u009f]/.test(meant) ? '' : meant;
  });
}
