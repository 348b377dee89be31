/** What plays inside a page and cannot in a mail: a video, a sound, another page. It becomes a link, with its picture where it has one. */
import type { Element, ElementContent } from 'hast';

/** Sites whose frames have another address than the page a person watches. */
const WATCH_PAGES: readonly (readonly [RegExp, (id: string) => string])[] = [
  [
    /^https?:\/\/(?:www\.)?youtube(?:-nocookie)?\.com\/embed\/([\w-]{6,})/,
    (id) => `https://www.youtube.com/watch?v=${id}`,
  ],
  [/^https?:\/\/player\.vimeo\.com\/video\/(\d+)/, (id) => `https://vimeo.com/${id}`],
  [/^https?:\/\/www\.dailymotion\.com\/embed\/video\/(\w+)/, (id) => `https://www.dailymotion.com/video/${id}`],
  [/^https?:\/\/open\.spotify\.com\/embed\/((?:\w+\/)+\w+)/, (id) => `https://open.spotify.com/${id}`],
];

const MEDIA = new Set(['iframe', 'video', 'audio', 'embed', 'object']);

export function isMedia({ tagName }: Element): boolean {
  return MEDIA.has(tagName);
}

/** The link that replaces a medium; `undefined` when it names no page of the web. */
export function linkFromMedia(element: Element): ElementContent[] | undefined {
  const written = addressOf(element);
  if (written === undefined || /^(?:about|data|javascript|blob):/i.test(written)) return undefined;
  const href = watchPageOf(written);
  const title = text(element.properties.title) ?? text(element.properties.ariaLabel) ?? hostAndName(href);
  const poster = text(element.properties.poster);
  const picture: ElementContent[] =
    poster === undefined
      ? []
      : [
          paragraph([
            link(href, [{ type: 'element', tagName: 'img', properties: { src: poster, alt: title }, children: [] }]),
          ]),
        ];
  return [...picture, paragraph([link(href, [{ type: 'text', value: `▶ ${title}` }])])];
}

/** The page on which a person watches what a frame shows. */
function watchPageOf(address: string): string {
  const absolute = address.startsWith('//') ? `https:${address}` : address;
  for (const [pattern, page] of WATCH_PAGES) {
    const id = pattern.exec(absolute)?.[1];
    if (id !== undefined) return page(id);
  }
  return absolute;
}

function addressOf(element: Element): string | undefined {
  const own = ['src', 'dataSrc', 'dataLazySrc', 'data'].map((name) => text(element.properties[name]));
  const found = own.find((address) => address !== undefined && !address.startsWith('about:'));
  if (found !== undefined) return found;
  for (const child of element.children) {
    if (child.type === 'element' && (child.tagName === 'source' || isMedia(child))) {
      const inside = addressOf(child);
      if (inside !== undefined) return inside;
    }
  }
  return undefined;
}

/** What a medium without a title is called: its site, or the name of its file. */
function hostAndName(href: string): string {
  const last = href.split(/[?#]/, 1)[0]?.split('/').at(-1) ?? '';
  const name = /\.\w{2,4}$/.test(last) && last.length < 100 && !/^https?:\/\/[^/]*$/.test(href) ? last : undefined;
  if (!URL.canParse(href)) return name ?? href;
  return name ?? new URL(href).hostname.replace(/^www\./, '');
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function link(href: string, children: ElementContent[]): Element {
  return { type: 'element', tagName: 'a', properties: { href }, children };
}

function paragraph(children: ElementContent[]): Element {
  return { type: 'element', tagName: 'p', properties: {}, children };
}
