/** Paragraphs of posts from WordPress's editor before blocks: an export contains blank lines where a page has `<p>`. */

const BLOCK =
  /^<\/?(?:p|div|h[1-6]|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot|tr|td|th|blockquote|pre|figure|figcaption|hr|form|section|article|aside|header|footer|iframe|video|audio|script|style|noscript|details|address)\b/i;

/** A picture with its caption. */
const CAPTION = /\[caption\b[^[\]]*\]\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*<\/a>)?)([^[]*)\[\/caption\]/g;

/** Content with `<p>` where blank lines divide it; content in blocks stays as it is. */
export function withParagraphs(content: string): string {
  if (/<!-- wp:/.test(content)) return content;
  // Blank lines in code are part of it.
  return content
    .replace(/\r\n?/g, '\n')
    .replace(CAPTION, '<figure>$1<figcaption>$2</figcaption></figure>')
    .split(/(<pre\b[\s\S]*?<\/pre>)/i)
    .map((part, index) => (index % 2 === 1 ? part : paragraphsIn(part)))
    .join('\n');
}

function paragraphsIn(text: string): string {
  return text
    .split(/\n[ \t]*(?:\n[ \t]*)+/)
    .map((chunk) => chunk.trim())
    .filter((chunk) => chunk !== '')
    .map((chunk) => (BLOCK.test(chunk) ? chunk : `<p>${chunk.replaceAll('\n', '<br>')}</p>`))
    .join('\n');
}
