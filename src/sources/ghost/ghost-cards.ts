/** Replaces the cards of Ghost's editor that a mail cannot show: galleries, bookmarks, files, players. */
import type { Element, ElementContent, Nodes, RootContent } from 'hast';

/** Changes nothing outside cards. @param site the blog's host, whose name Ghost adds to links to other sites */
export function withoutCards(nodes: readonly RootContent[], site: string | undefined): RootContent[] {
  return nodes.flatMap((node): RootContent[] => {
    if (node.type !== 'element') return [node];
    const card = cardOf(node);
    const shown = card === undefined ? [node] : (CARDS[card]?.(node) ?? [node]);
    return shown.map((each) => withoutReferrals(each, site));
  });
}

type Replace = (card: Element) => ElementContent[];

const CARDS: { readonly [name: string]: Replace } = {
  'kg-gallery-card': (card) => [
    ...find(card, 'kg-gallery-image').map((image) => element('figure', image.children)),
    ...captionOf(card),
  ],
  'kg-bookmark-card': (card) => linked(card, 'kg-bookmark-container', 'kg-bookmark-title', 'kg-bookmark-description'),
  'kg-file-card': (card) => linked(card, 'kg-file-card-container', 'kg-file-card-title', 'kg-file-card-caption'),
  'kg-audio-card': (card) => player(card, 'audio', find(card, 'kg-audio-title')[0]),
  'kg-video-card': (card) => player(card, 'video', undefined),
  'kg-callout-card': (card) => [element('blockquote', [element('p', card.children.flatMap(callout))])],
  'kg-signup-card': () => [],
  'kg-cta-card': () => [],
};

function cardOf(node: Element): string | undefined {
  return classesOf(node).find((name) => name in CARDS);
}

/** A link with its title, and what it says of itself. */
function linked(card: Element, container: string, title: string, description: string): ElementContent[] {
  const [link] = find(card, container);
  const [named] = find(card, title);
  const [said] = find(card, description);
  if (link === undefined) return [];
  const href = String(link.properties.href ?? '');
  const name = named === undefined || textOf(named) === '' ? href : textOf(named);
  const more = said === undefined || textOf(said) === '' ? [] : [text(` – ${textOf(said)}`)];
  return [element('p', [element('a', [text(name)], { href }), ...more]), ...captionOf(card)];
}

/** The medium itself, which becomes a link; its buttons and times are of no use in a mail. */
function player(card: Element, tagName: string, named: Element | undefined): ElementContent[] {
  const [medium] = findElements(card, (each) => each.tagName === tagName);
  if (medium === undefined) return [];
  const title = named === undefined ? undefined : textOf(named);
  const poster = String(card.properties.dataKgCustomThumbnail || card.properties.dataKgThumbnail || '');
  const caption = captionOf(card);
  const properties = {
    src: medium.properties.src,
    ...(title ? { title } : caption.length > 0 ? { title: textOf(caption[0] as Element) } : {}),
    ...(/^https?:/.test(poster) && { poster }),
  };
  return [element(tagName, [], properties)];
}

function callout(node: ElementContent): ElementContent[] {
  if (node.type !== 'element') return [];
  return classesOf(node).includes('kg-callout-emoji') ? [...node.children, text(' ')] : node.children;
}

function captionOf(card: Element): ElementContent[] {
  return findElements(card, ({ tagName }) => tagName === 'figcaption').map((caption) => element('p', caption.children));
}

/** Ghost adds `?ref=` and the name of the blog to links to other sites: it counts visits, and a mail has no use for it. */
function withoutReferrals(node: RootContent, site: string | undefined): RootContent {
  if (node.type !== 'element') return node;
  const children = node.children.map((child) => withoutReferrals(child, site) as ElementContent);
  const href = node.properties.href;
  if (typeof href !== 'string' || site === undefined || !href.includes('ref=') || !URL.canParse(href))
    return { ...node, children };
  const url = new URL(href);
  if (url.searchParams.get('ref') !== site) return { ...node, children };
  url.searchParams.delete('ref');
  return { ...node, children, properties: { ...node.properties, href: url.href } };
}

function classesOf({ properties }: Element): readonly string[] {
  return Array.isArray(properties.className) ? properties.className.map(String) : [];
}

function find(root: Element, className: string): Element[] {
  return findElements(root, (each) => classesOf(each).includes(className));
}

function findElements(root: Element, matches: (each: Element) => boolean): Element[] {
  return root.children.flatMap((child) => {
    if (child.type !== 'element') return [];
    return matches(child) ? [child] : findElements(child, matches);
  });
}

function textOf(node: Nodes): string {
  if (node.type === 'text') return node.value;
  return 'children' in node ? node.children.map(textOf).join('').replace(/\s+/g, ' ').trim() : '';
}

function element(tagName: string, children: ElementContent[], properties: Element['properties'] = {}): Element {
  return { type: 'element', tagName, properties, children };
}

function text(value: string): ElementContent {
  return { type: 'text', value };
}
