/** The few template tags whose meaning is plain from their text: a figure, and highlighted code. */

const ATTRIBUTE = /([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|`([^`]*)`|([^\s"'`]+))/g;

/** Hugo's `figure src="…" alt="…" caption="…"` as HTML; `undefined` without a picture. */
export function figureFrom(shortcode: string): string | undefined {
  const values = new Map<string, string>();
  for (const [, name = '', ...forms] of shortcode.matchAll(ATTRIBUTE)) {
    values.set(name.toLowerCase(), forms.find((form) => form !== undefined) ?? '');
  }
  const src = values.get('src');
  if (src === undefined || src === '') return undefined;
  const caption = values.get('caption') ?? values.get('title') ?? '';
  const size = ['width', 'height'].map((name) => attribute(name, values.get(name))).join('');
  const image = `<img${attribute('src', src)}${attribute('alt', values.get('alt') ?? '')}${size}>`;
  return `<figure>${image}${caption === '' ? '' : `<figcaption>${markup(caption)}</figcaption>`}</figure>`;
}

/** A fenced block around highlighted code, indented like the tag at `from`. */
export function fenceAround(code: string, language: string | undefined, text: string, from: number): string {
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const before = text.slice(lineStart, from);
  const indent = /^[ \t]*$/.test(before) ? before : '';
  const runs = (code.match(/`{3,}/g) ?? []).map((run) => run.length);
  const fence = '`'.repeat(Math.max(3, ...runs.map((length) => length + 1)));
  const content = code.replace(/^[ \t]*\n/, '').replace(/\n?[ \t]*$/, '');
  const opening = /^[\w+#.-]+$/.test(language ?? '') ? `${fence}${language}` : fence;
  const start = before === indent ? '' : '\n\n';
  return `${start}${opening}\n${content}\n${indent}${fence}\n`;
}

function attribute(name: string, value: string | undefined): string {
  return value === undefined ? '' : ` ${name}="${markup(value)}"`;
}

function markup(text: string): string {
  return text.replace(/[&<>"\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}
