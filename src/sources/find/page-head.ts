/** What the head of a web page says. */

/** The language of the page, BCP 47. */
export function languageOf(html: string): string | undefined {
  const [, language] =
    /<html\b[^<>]{0,1000}\blang\s{0,3}=\s{0,3}["']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})\b/i.exec(html) ?? [];
  return language;
}

/** The title of the page, or of its site where it names that. */
export function titleOf(html: string): string | undefined {
  return plainText(metaOf(html, 'og:site_name') ?? /<title\b[^<>]{0,200}>([^<]{1,300})/i.exec(html)?.[1]);
}

/** The content of a meta element, by its name or property. */
export function metaOf(html: string, name: string): string | undefined {
  return metasOf(html).find((meta) => meta.name === name)?.content;
}

export interface PageMeta {
  /** Its name or property, in lower case. */
  readonly name: string;
  readonly content: string | undefined;
  /** The media query it is for; absent: always. */
  readonly media: string | undefined;
}

/** The named meta elements of a page, in their order. */
export function metasOf(html: string): readonly PageMeta[] {
  return [...html.slice(0, 300_000).matchAll(/<meta\b[^<>]{1,2000}>/gi)].flatMap(([tag]) => {
    const attribute = (wanted: string) =>
      new RegExp(`\\b${wanted}\\s{0,3}=\\s{0,3}(?:"([^"]{0,1000})"|'([^']{0,1000})')`, 'i')
        .exec(tag)
        ?.slice(1)
        .find(Boolean);
    const name = (attribute('name') ?? attribute('property'))?.toLowerCase();
    return name === undefined ? [] : [{ name, content: attribute('content'), media: attribute('media') }];
  });
}

const ENTITIES: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Text without entities and line breaks; `undefined` where nothing is left. */
export function plainText(html: string | undefined): string | undefined {
  const text = html
    ?.replace(/&#(\d{1,7});/g, (_, code: string) => characterOf(Number(code)))
    .replace(/&#x([0-9a-f]{1,6});/gi, (_, code: string) => characterOf(Number.parseInt(code, 16)))
    .replace(/&(amp|lt|gt|quot|apos|nbsp);/gi, (_, name: string) => ENTITIES[name.toLowerCase()] ?? '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return text === '' ? undefined : text;
}

function characterOf(code: number): string {
  return code > 31 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '';
}
