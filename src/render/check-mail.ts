/** Checks a rendered mail as a reader would get it: links, pictures, headings, language, size of styles (standards J, laws §6.6). */
import { fillSegments, type RenderedMail } from '../domain/edition.js';
import { absoluteHref } from './link.js';
import { CLIP_BYTES, LONGEST_VALUES, measureMail } from './measure.js';

export interface Finding {
  /** `error`: the mail must not leave so. */
  readonly level: 'error' | 'warning';
  readonly code: 'link' | 'picture' | 'heading' | 'language' | 'style' | 'size' | 'text' | 'unsubscribe' | 'preheader';
  readonly message: string;
}

/** Gmail drops style sheets beyond this many characters (standards J3). */
const MOST_STYLE = 16_000;
const MOST_HEAD_TEXT = 100;

/** Everything worth telling about a mail; empty for a good one. */
export function checkMail(mail: RenderedMail): readonly Finding[] {
  const html = fillSegments(mail.html, LONGEST_VALUES);
  const shownOnly = html.replace(/<!--[\s\S]*?-->/g, '');
  const text = fillSegments(mail.text, LONGEST_VALUES);
  return [
    ...linkFindings(shownOnly),
    ...pictureFindings(shownOnly),
    ...headingFindings(shownOnly),
    ...languageFindings(shownOnly),
    ...sizeFindings(mail, html),
    ...partFindings(mail, shownOnly, text),
  ];
}

function linkFindings(html: string): readonly Finding[] {
  const tags = html.match(/<[a-z](?:[^>"']|"[^"]*"|'[^']*')*>/g) ?? [];
  return [...tags.join('').matchAll(/\shref="([^"]*)"/g)].flatMap(([, value = '']): Finding[] => {
    const href = unescaped(value);
    if (absoluteHref(href) !== undefined && !/[{}]/.test(href)) return [];
    return [{ level: 'error', code: 'link', message: `A link points to “${href}”, which is no absolute address.` }];
  });
}

function pictureFindings(html: string): readonly Finding[] {
  return [...html.matchAll(/<img\b((?:[^>"]|"[^"]*")*)>/g)].flatMap(([, attributes = '']): Finding[] => {
    const src = unescaped(/\ssrc="([^"]*)"/.exec(attributes)?.[1] ?? '');
    const findings: Finding[] = [];
    if (!/^https?:/.test(src))
      findings.push({ level: 'error', code: 'picture', message: `A picture has the source “${src}”.` });
    if (!/\salt="/.test(attributes))
      findings.push({ level: 'error', code: 'picture', message: `${src} has no alt text.` });
    if (/\salt=""/.test(attributes))
      findings.push({ level: 'warning', code: 'picture', message: `${src} has an empty alt text.` });
    if (!/\swidth="\d+"/.test(attributes))
      findings.push({ level: 'error', code: 'picture', message: `${src} has no width.` });
    return findings;
  });
}

function headingFindings(html: string): readonly Finding[] {
  const levels = [...html.matchAll(/<h([1-6])[\s>]/g)].map((match) => Number(match[1]));
  const findings: Finding[] = [];
  const ones = levels.filter((level) => level === 1).length;
  if (ones !== 1)
    findings.push({
      level: 'error',
      code: 'heading',
      message: `There are ${ones} first-level headings; a mail has one.`,
    });
  const jump = levels.findIndex((level, index) => level > (levels[index - 1] ?? 0) + 1);
  if (jump >= 0) {
    findings.push({
      level: 'warning',
      code: 'heading',
      message: `A heading of level ${levels[jump]} follows one of level ${levels[jump - 1] ?? 0}.`,
    });
  }
  return findings;
}

function languageFindings(html: string): readonly Finding[] {
  return [/<html\b[^>]*>/, /<body\b[^>]*>\s*<div\b[^>]*>/].flatMap((pattern): Finding[] => {
    const tag = pattern.exec(html)?.[0] ?? '';
    const ok = /\slang="(?!und")[A-Za-z-]+/.test(tag) && /\sdir="(?:ltr|rtl)"/.test(tag);
    return ok
      ? []
      : [{ level: 'error', code: 'language', message: 'html and the first element in body must have lang and dir.' }];
  });
}

function sizeFindings(mail: RenderedMail, html: string): readonly Finding[] {
  const style = [...html.matchAll(/<style\b[^>]*>([\s\S]*?)<\/style>/g)].reduce(
    (sum, [, css = '']) => sum + css.length,
    0,
  );
  const { counted } = measureMail(mail);
  const findings: Finding[] = [];
  if (style >= MOST_STYLE)
    findings.push({
      level: 'error',
      code: 'style',
      message: `The styles are ${style} characters long; ${MOST_STYLE} are the most.`,
    });
  if (counted > CLIP_BYTES)
    findings.push({
      level: 'warning',
      code: 'size',
      message: `The mail is ${counted} bytes long; above ${CLIP_BYTES} it may be clipped.`,
    });
  return findings;
}

function partFindings(mail: RenderedMail, html: string, text: string): readonly Finding[] {
  const findings: Finding[] = [];
  if (text.trim() === '') findings.push({ level: 'error', code: 'text', message: 'The text part is empty.' });
  for (const [part, content] of [
    ['HTML', html],
    ['text', text],
  ] as const) {
    if (!content.includes(LONGEST_VALUES.unsubscribeUrl)) {
      findings.push({ level: 'error', code: 'unsubscribe', message: `The ${part} part has no unsubscribe link.` });
    }
  }
  if ([...mail.preheader].length > MOST_HEAD_TEXT) {
    findings.push({
      level: 'warning',
      code: 'preheader',
      message: `The preheader is longer than ${MOST_HEAD_TEXT} characters.`,
    });
  }
  return findings;
}

function unescaped(value: string): string {
  return value
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, decimal: string) => String.fromCodePoint(Number(decimal)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}
