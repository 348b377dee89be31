/**
 * Shortcodes of WordPress that no plug-in has replaced: a reader should see what they contain, and not their brackets.
 * A word in brackets is a shortcode when it has attributes or an end, or is alone in its line; `[sic]` is prose.
 */
import type { Element, Nodes, Root, Text } from 'hast';

// WordPress turns the quotes of a shortcode it does not know into curly ones.
const VALUE = /"[^"[\]]*"|'[^'[\]]*'|[“”″][^“”″[\]]*[“”″]|[^\s"'[\]]+/;
const TAG = new RegExp(`\\[(/?)([a-zA-Z][\\w-]{1,40})((?:\\s+[\\w-]+=(?:${VALUE.source}))*)\\s*/?\\]`, 'g');
const CODE = new Set(['pre', 'code', 'kbd', 'samp', 'script', 'style', 'textarea']);
/** Shortcodes whose content is an address. */
const EMBEDS = new Set(['embed', 'youtube', 'vimeo', 'video', 'audio']);
/** What may be a shortcode although it says nothing else: it is never prose. */
const BARE =
  /^(?:gallery|playlist|toc|more|caption|wp_caption|products|cart|contact-form|su_\w+|vc_\w+|et_pb_\w+|\w+_\w+)$/;

/** Takes the marks of shortcodes out of every text that is not code. Changes the tree. */
export function withoutShortcodes(root: Root): void {
  const texts = textsIn(root, undefined);
  const ended = new Set<string>();
  for (const { text } of texts)
    for (const [, end, name] of text.value.matchAll(TAG)) if (end === '/') ended.add(name as string);
  for (const { text, parent } of texts) {
    if (!text.value.includes('[')) continue;
    const isAlone = parent?.tagName === 'p' && parent.children.length === 1;
    text.value = text.value.replace(TAG, (whole, end: string, name: string, attributes: string) => {
      const isShortcode =
        end === '/' || attributes !== '' || ended.has(name) || (isAlone && isWholeOf(text, whole)) || BARE.test(name);
      if (!isShortcode) return whole;
      return EMBEDS.has(name) && end === '' ? (addressIn(attributes) ?? '') : '';
    });
  }
}

function isWholeOf(text: Text, whole: string): boolean {
  return text.value.trim() === whole;
}

function addressIn(attributes: string): string | undefined {
  return /https?:\/\/[^\s"'\]]+/.exec(attributes)?.[0];
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
