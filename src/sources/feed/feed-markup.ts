/** The text of a feed as HTML: some formats do not say what it is, and some feeds have it escaped once too often. */
import type { FeedText } from './feed-item.js';

/** Markup that means what the text says. */
export function markupFrom({ type, value }: FeedText): string {
  if (type === 'html') return value;
  if (type === 'text') return paragraphsFrom(value);
  if (/<[a-z!/]/i.test(value)) return value;
  // No tag, but escaped ones: the HTML was escaped twice.
  if (/&lt;\/?(?:p|a|br|div|img|span|strong|em|b|i|ul|ol|li|h[1-6]|blockquote|figure)\b/i.test(value))
    return unescaped(value);
  return /\n\s*\n/.test(value) ? paragraphsFrom(unescaped(value)) : value;
}

function paragraphsFrom(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return escaped
    .split(/\n[ \t]*\n\s*/)
    .map((paragraph) => `<p>${paragraph.trim().replaceAll('\n', '<br>')}</p>`)
    .join('');
}

function unescaped(value: string): string {
  return value
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
