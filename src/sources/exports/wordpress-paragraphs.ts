/** Paragraphs of posts from WordPress's editor before blocks: an export contains blank lines where a page has `<p>`. */

const BLOCK =
  /^<\/?(?:p|div|h[1-6]|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot|tr|td|th|blockquote|pre|figure|figcaption|hr|form|section|article|aside|header|footer|iframe|video|audio|script|style|noscript|details|address)\b/i;

/** A picture with its caption. */
const CAPTION = /\[caption\b[^[\]]*\]\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*<\/a>)?)([^[]*)\[\/caption\]/g;

/** Content with `<p>` where blank lines divide it; content in blocks stays as it is. */
export function withParagraphs(content: string): string {
  if (/<!-- wp:/.test(content)) return content;
  const text = content.replace(/\r\n?/g, '\n').replace(CAPTION, '<figure>$1<figcaption>$2</figcaption></figure>');
  const parts: string[] = [];
  let at = 0;
  // Blank lines in code are part of it.
  for (const { index } of text.matchAll(/<pre\b/gi)) {
    if (index < at) continue;
    const end = text.indexOf('</pre>', index);
    if (end === -1) break;
    parts.push(paragraphsIn(text.slice(at, index)), text.slice(index, end + '</pre>'.length));
    at = end + '</pre>'.length;
  }
  parts.push(paragraphsIn(text.slice(at)));
  return parts.join('\n');
}

function paragraphsIn(text: string): string {
  return text
    .split(/\n[ \t]*(?:\n[ \t]*)+/)
    .map((chunk) => chunk.trim())
    .filter((chunk) => chunk !== '')
    .map((chunk) => (BLOCK.test(chunk) ? chunk : `<p>${chunk.replaceAll('\n', '<br>')}</p>`))
    .join('\n');
}
