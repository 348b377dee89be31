/** Mails in frames: how they are displayed, and what a frame shows where there is no mail. */
import { createHash } from 'node:crypto';

/** How a mail is displayed, from the query of a page or a frame. */
export interface Display {
  readonly view: 'html' | 'text' | 'headers' | 'source';
  readonly width: 'phone' | 'tablet' | 'desktop';
  readonly scheme: 'light' | 'dark';
  readonly images: boolean;
}

export function displayFrom(query: URLSearchParams): Display {
  const oneOf = <T extends string>(name: string, values: readonly [T, ...T[]]): T =>
    values.find((value) => value === query.get(name)) ?? values[0];
  return {
    view: oneOf('view', ['html', 'text', 'headers', 'source']),
    width: oneOf('width', ['desktop', 'phone', 'tablet']),
    scheme: oneOf('scheme', ['light', 'dark']),
    images: query.get('images') !== 'off',
  };
}

/** The query of a frame's address. A frame is loaded again only when this changes, so it names what is shown. */
export function frameQuery(fields: URLSearchParams, { scheme, images }: Display, version: string): string {
  const query = new URLSearchParams(fields);
  query.set('scheme', scheme);
  if (!images) query.set('images', 'off');
  query.set('v', version);
  return query.toString();
}

/** Changes with the value. */
export function versionOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}

/** A page that says why there is no mail. */
export function emptyFrame(text: string): string {
  const escaped = text.replace(/[&<>]/g, (character) => `&#${character.codePointAt(0)};`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>No mail</title><style>p{font:1rem/1.5 system-ui,sans-serif;color:#667;margin:3rem 1.5rem;text-align:center}</style></head><body><p>${escaped}</p></body></html>`;
}
