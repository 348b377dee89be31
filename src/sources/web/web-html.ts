/** HTML as blog software publishes it → clean `Html`: what needs a browser is replaced by what a mail can show. */
import type { Root } from 'hast';
import rehypeParse from 'rehype-parse';
import { unified } from 'unified';
import { isDeeperThan } from '../markdown-processor.js';
import type { MarkdownResult } from '../markdown-to-html.js';
import { sanitizeHtml } from '../sanitize-html.js';
import { cleanText } from '../text-from-bytes.js';
import { isStackOverflow } from '../trouble.js';
import { forMail } from './for-mail.js';
import { withoutShortcodes } from './shortcode-text.js';

export interface WebHtmlOptions {
  /** What relative links and pictures are relative to. */
  readonly base: string | undefined;
  /** The markup may contain shortcodes of WordPress that no plug-in has replaced. */
  readonly shortcodes?: boolean;
  /** Replaces what only this kind of blog has, before everything else. */
  readonly before?: (nodes: Root['children']) => Root['children'];
}

const DEEPEST = 100;
const parser = unified().use(rehypeParse, { fragment: true }).freeze();

/** Cleans a fragment of HTML; nothing is thrown for what it contains. */
export function htmlFromWeb(
  markup: string,
  { base, shortcodes = false, before = (nodes) => nodes }: WebHtmlOptions,
): MarkdownResult {
  try {
    const root: Root = parser.parse(cleanText(markup));
    if (isDeeperThan(DEEPEST, root)) return { kind: 'too-deep', line: 1 };
    if (shortcodes) withoutShortcodes(root);
    return { kind: 'html', html: sanitizeHtml({ ...root, children: forMail(before(root.children)) }, base) };
  } catch (error) {
    if (isStackOverflow(error)) return { kind: 'too-deep', line: 1 };
    throw error;
  }
}
