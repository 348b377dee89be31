/** What a feed adds to a post, and when its short description is the author's own text. */
import { type Html, type HtmlNode, textOf } from '../../domain/html.js';

/** WordPress ends an item with this; readers of the mail know where they are. */
const NOTICE = /^The post .{1,500} (?:appeared first|first appeared) on .{1,200}\.$/;

/** A body without the last paragraph that the blog software adds. */
export function withoutNotice(body: Html): Html {
  const last = body.at(-1);
  return last !== undefined && isNotice(last) ? body.slice(0, -1) : body;
}

function isNotice(node: HtmlNode): boolean {
  return node.type === 'element' && node.tagName === 'p' && NOTICE.test(plain([node]));
}

/** The description as a summary; `undefined` when it is only how the body begins, which an excerpt shows better. */
export function summaryFrom(description: Html, body: Html): Html | undefined {
  const summary = withoutNotice(description);
  const text = plain(summary);
  const words = text.replace(
    /\s*(?:\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.)(?:\s*(?:Continue reading|Read more|Weiterlesen)\b.*)?$/i,
    '',
  );
  if (text === '' || plain(body).startsWith(words)) return undefined;
  // Cut off by a program, after a text of which the beginning was taken out.
  if (words !== text && text.includes('[')) return undefined;
  return inlineOf(summary);
}

/** One line: a summary has no paragraphs. */
function inlineOf(html: Html): Html {
  const blocks = html.map((node) => (node.type === 'element' && node.tagName === 'p' ? node.children : [node]));
  return blocks.flatMap((block, index) => (index === 0 ? block : [{ type: 'text' as const, value: ' ' }, ...block]));
}

function plain(html: Html): string {
  return textOf(html).replace(/\s+/g, ' ').trim();
}
