/** The helpers a template may use, as docs/themes.md describes them. */

import { directionOfText, isolated } from '../domain/direction.js';
import { type Html, textOf } from '../domain/html.js';
import type { Messages } from '../domain/ports/content.js';
import { formatShownDate } from '../domain/shown-date.js';
import { textWidth } from '../domain/text-width.js';
import { fittedSize, mailHtmlFrom, shrinkingPicture } from './mail-html.js';
import type { FigureView } from './mail-view.js';
import { escapedHtml, Markup } from './markup.js';
import { inlineText, plainTextFrom } from './plain-text.js';
import type { Job, Vocabulary } from './template.js';
import type { ThemeLook } from './theme.js';
import { wrapText } from './wrap-text.js';

/** Columns of the text part. */
const TEXT_WIDTH = 74;

export interface MailJob extends Job {
  readonly messages: Messages;
  readonly language: string;
  readonly timezone: string;
  readonly look: ThemeLook;
}

const DATE_STYLES = ['full', 'long', 'medium', 'short'] as const;

/** Helpers of both templates. */
const COMMON: Vocabulary<MailJob> = {
  say([key], { at: _, ...given }, { messages }) {
    const values: { [name: string]: string | number } = {};
    for (const [name, value] of Object.entries(given)) {
      if (value instanceof Markup) values[name] = value.text;
      else if (typeof value === 'string' || typeof value === 'number') values[name] = value;
      else throw new Error(`{{say}} was given no text for ${name}.`);
    }
    return messages.say(textFrom('say', key), values);
  },
  date([value, given = 'long'], _named, { language, timezone }) {
    const style = DATE_STYLES.find((one) => one === given);
    if (style === undefined) throw new Error(`{{date}} knows ${DATE_STYLES.join(', ')}; not “${String(given)}”.`);
    try {
      return formatShownDate(value, language, { dateStyle: style, timeZone: timezone });
    } catch {
      throw new Error('{{date}} wants a date, such as issue.date.');
    }
  },
  isolate: ([text], _named, { messages }) => isolated(textFrom('isolate', text), messages.direction),
  eq: ([one, other]) => one === other,
  gt: ([one, other]) => Number(one) > Number(other),
  and: (values) => values.every(Boolean),
  or: (values) => values.some(Boolean),
  pairs([list]) {
    if (!Array.isArray(list)) throw new Error('{{pairs}} wants a list, such as posts.');
    return list.flatMap((_, index) => (index % 2 === 0 ? [list.slice(index, index + 2)] : []));
  },
  join([list, separator = ', ']) {
    if (!Array.isArray(list)) throw new Error('{{join}} wants a list, such as alsoIn.');
    return list.join(String(separator));
  },
};

/** Helpers of issue.mjml.hbs and its partials. */
export const HTML_VOCABULARY: Vocabulary<MailJob> = {
  ...COMMON,
  html([tree], { at, width }, { look, placeholders }) {
    const most = typeof width === 'number' ? width : look.contentWidth;
    const html = mailHtmlFrom(treeFrom('html', tree), { width: most, styles: look.elements });
    return new Markup(placeholders.add({ kind: 'markup', html, where: String(at) }));
  },
  inline([tree], { at }, { placeholders, messages }) {
    const nodes = inlineOnly(treeFrom('inline', tree));
    const markup = mailHtmlFrom(nodes, { width: 24, styles: {} });
    const direction = directionOfText(textOf(nodes));
    const html = direction === undefined || direction === messages.direction ? markup : `<bdi>${markup}</bdi>`;
    return new Markup(placeholders.add({ kind: 'markup', html, where: String(at) }));
  },
  picture([picture], { at, width, style }, { look, placeholders }) {
    if (!isPicture(picture)) throw new Error('{{picture}} wants a figure; ask with {{#if figure}} first.');
    const size = fittedSize(picture.width, picture.height, typeof width === 'number' ? width : look.contentWidth);
    const shape = `${shrinkingPicture(size.width)}${style ? `;${String(style)}` : ''}`;
    const attributes = { src: picture.src, alt: picture.alt, ...size, style: shape };
    const html = `<img ${Object.entries(attributes)
      .map(([name, value]) => `${name}="${escapedHtml(String(value))}"`)
      .join(' ')}>`;
    return new Markup(placeholders.add({ kind: 'markup', html, where: String(at) }));
  },
  lang([post]) {
    const { language, direction } = post as { readonly language?: unknown; readonly direction?: unknown };
    const lang = typeof language === 'string' ? ` lang="${escapedHtml(language)}"` : '';
    return new Markup(lang + (direction === 'rtl' || direction === 'ltr' ? ` dir="${direction}"` : ''));
  },
};

/** Helpers of issue.txt.hbs and its partials. */
export const TEXT_VOCABULARY: Vocabulary<MailJob> = {
  ...COMMON,
  plain: ([tree], { indent }) => {
    const margin = marginFrom(indent);
    const text = plainTextFrom(treeFrom('plain', tree), { width: TEXT_WIDTH - margin.length });
    return text.replace(/^(?=.)/gm, margin);
  },
  inline: ([tree]) => inlineText(treeFrom('inline', tree)).replace(/\n/g, ' '),
  wrap([text], { indent, first }, _job, block) {
    const margin = marginFrom(indent);
    const opening = first === undefined ? margin : String(first);
    const whole = block ? block.main() : textFrom('wrap', text);
    const paragraphs = whole.split(/\n[ \t]*\n/);
    const wrapped = paragraphs.map((one) =>
      wrapText(one, { width: TEXT_WIDTH, first: opening, rest: margin }).join('\n'),
    );
    const result = wrapped.join('\n\n');
    return block ? new Markup(`${result}\n`) : result;
  },
  rule: ([given = '-']) => String(given).charAt(0).repeat(TEXT_WIDTH),
  underline([text, given = '-']) {
    const line = textFrom('underline', text);
    const lines = wrapText(line, { width: TEXT_WIDTH });
    const longest = Math.max(3, ...lines.map(textWidth));
    return `${lines.join('\n')}\n${String(given).charAt(0).repeat(Math.min(longest, TEXT_WIDTH))}`;
  },
};

function textFrom(helper: string, value: unknown): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new Error(`{{${helper}}} wants a text.`);
}

function treeFrom(helper: string, value: unknown): Html {
  if (Array.isArray(value)) return value as Html;
  throw new Error(`{{${helper}}} wants an HTML tree, such as excerpt or titleHtml; ask with {{#if …}} first.`);
}

function marginFrom(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isPicture(value: unknown): value is FigureView {
  return (
    typeof value === 'object' && value !== null && 'src' in value && typeof value.src === 'string' && 'alt' in value
  );
}

const INLINE = new Set(
  'em strong b i u s del ins sub sup small mark code kbd samp var cite q abbr bdi bdo ruby rt rp wbr span'.split(' '),
);

/** A title's markup without links, pictures and blocks: it is itself inside a link. */
function inlineOnly(html: Html): Html {
  return html.flatMap((node): Html => {
    if (node.type !== 'element') return node.type === 'text' ? [node] : [];
    const children = inlineOnly(node.children);
    return INLINE.has(node.tagName) ? [{ ...node, children }] : children;
  });
}
