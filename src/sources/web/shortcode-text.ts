/**
 * Shortcodes of WordPress that no plug-in has replaced: a reader should see what they contain, and not their brackets.
 * A word in brackets is a shortcode when it has attributes or an end, or is alone in its line; `[sic]` is prose.
 */
import type { Element, Nodes, Root, Text } from 'hast';

const BRACKETS = /\[([^[\]]*)\]/g;
const CODE = new Set(['pre', 'code', 'kbd', 'samp', 'script', 'style', 'textarea']);
/** Shortcodes whose content is an address. */
const EMBEDS = new Set(['embed', 'youtube', 'vimeo', 'video', 'audio']);
/** What is a shortcode although it says nothing else: it is never prose. */
const BARE = new Set(['gallery', 'playlist', 'toc', 'more', 'caption', 'products', 'cart', 'contact-form']);

/** Takes the marks of shortcodes out of every text that is not code. Changes the tree. */
export function withoutShortcodes(root: Root): void {
  const texts = textsIn(root, undefined).filter(({ text }) => text.value.includes('['));
  const ended = new Set<string>();
  for (const { text } of texts)
    for (const [, inside = ''] of text.value.matchAll(BRACKETS)) {
      const tag = tagFrom(inside);
      if (tag?.isEnd) ended.add(tag.name);
    }
  for (const { text, parent } of texts) {
    const isLine = parent?.tagName === 'p' && parent.children.length === 1;
    const whole = text.value.trim();
    text.value = text.value.replace(BRACKETS, (brackets, inside: string) => {
      const tag = tagFrom(inside);
      const isAlone = isLine && whole === brackets;
      return tag && isShortcode(tag, ended, isAlone) ? shownOf(tag) : brackets;
    });
  }
}

interface Tag {
  readonly isEnd: boolean;
  readonly name: string;
  /** What follows the name. */
  readonly rest: string;
}

function tagFrom(inside: string): Tag | undefined {
  const [start = '', slash, name] = /^(\/?)([a-zA-Z][\w-]*)/.exec(inside) ?? [];
  return name === undefined ? undefined : { isEnd: slash === '/', name, rest: inside.slice(start.length) };
}

function isShortcode({ isEnd, name, rest }: Tag, ended: ReadonlySet<string>, isAlone: boolean): boolean {
  if (isEnd || ended.has(name) || /^\s+[\w-]+=/.test(rest)) return true;
  const isBare = rest.trim() === '' || rest.trim() === '/';
  return isBare && (isAlone || BARE.has(name) || name.includes('_'));
}

function shownOf({ isEnd, name, rest }: Tag): string {
  return EMBEDS.has(name) && !isEnd ? (/https?:\/\/[^\s"'”″]+/.exec(rest)?.[0] ?? '') : '';
}

interface TextPlace {
  readonly text: Text;
  readonly parent: Element | undefined;
}

function textsIn(node: Nodes, parent: Element | undefined): TextPlace[] {
  if (node.type === 'text') return [{ text: node, parent }];
  if (!('children' in node) || (node.type === 'element' && CODE.has(node.tagName))) return [];
  return node.children.flatMap((child) => textsIn(child, node.type === 'element' ? node : undefined));
}
