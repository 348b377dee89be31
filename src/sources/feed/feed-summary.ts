/** What a feed adds to a post, and when its short description is the author's own text. */
import { type Html, type HtmlNode, textOf } from '../../domain/html.js';
import { trimEndOf } from '../../domain/trim.js';

/** A body without the last paragraph that the blog software adds. */
export function withoutNotice(body: Html): Html {
  const last = body.at(-1);
  return last !== undefined && isNotice(last) ? body.slice(0, -1) : body;
}

/** WordPress ends an item with this; readers of the mail know where they are. */
function isNotice(node: HtmlNode): boolean {
  if (node.type !== 'element' || node.tagName !== 'p') return false;
  const text = plain([node]);
  const isAboutThis = text.includes(' appeared first on ') || text.includes(' first appeared on ');
  return text.startsWith('The post ') && isAboutThis && text.length < 1000;
}

/** The description as a summary; `undefined` when it is only how the body begins, which an excerpt shows better. */
export function summaryFrom(description: Html, body: Html): Html | undefined {
  const summary = withoutNotice(description);
  const text = plain(summary);
  const words = withoutCutMark(text);
  if (text === '' || plain(body).startsWith(words)) return undefined;
  // Cut off by a program, after a text of which the beginning was taken out.
  if (words !== text && text.includes('[')) return undefined;
  return inlineOf(summary);
}

/** A text without the `[…]` at its end, and what blog software writes behind it. */
function withoutCutMark(text: string): string {
  const at = Math.max(text.lastIndexOf('…'), text.lastIndexOf('...'));
  const behind = text
    .slice(at)
    .replace(/^(?:…|\.\.\.)/, '')
    .trim();
  const isEnd = /^(?:\]|\]? ?(?:Continue reading|Read more|Weiterlesen)\b|$)/i.test(behind);
  return at >= 0 && isEnd ? trimEndOf(text.slice(0, at), ' [') : text;
}

/** One line: a summary has no paragraphs. */
function inlineOf(html: Html): Html {
  const blocks = html.map((node) => (node.type === 'element' && node.tagName === 'p' ? node.children : [node]));
  return blocks.flatMap((block, index) => (index === 0 ? block : [{ type: 'text' as const, value: ' ' }, ...block]));
}

function plain(html: Html): string {
  return textOf(html).replace(/\s+/g, ' ').trim();
}
