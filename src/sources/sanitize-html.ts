/**
 * Where foreign HTML enters: raw HTML in, `Html` out. First the allow-list, then a rebuilding
 * that only knows the elements below, so nothing dirty passes even if one of the two errs.
 */
import type { Nodes, Root } from 'hast';
import rehypeSanitize, { type Options } from 'rehype-sanitize';
import { unified } from 'unified';
import type { Html } from '../domain/html.js';
import { htmlFromHast } from './html-from-hast.js';

/** Elements whose content goes with them; every other unknown element leaves its content behind. */
const DROPPED_WHOLE = [
  ...['script', 'style', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'svg', 'math', 'template', 'head'],
  ...['title', 'video', 'audio', 'canvas', 'button', 'select', 'textarea', 'datalist', 'dialog', 'noframes', 'noembed'],
];

const KEPT = [
  ...['p', 'br', 'hr', 'blockquote', 'pre', 'code', 'figure', 'figcaption', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
  ...['ul', 'ol', 'li', 'dl', 'dt', 'dd', 'table', 'caption', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'],
  ...['a', 'img', 'picture', 'source', 'em', 'strong', 'del', 'sub', 'sup', 'kbd', 'abbr', 'q'],
];

/** Elements with a plainer one that means the same, and blocks that become paragraphs or nothing. */
const REBUILT = [
  ...['b', 'i', 's', 'strike', 'tt', 'samp', 'var', 'cite', 'dfn', 'summary'],
  ...['div', 'section', 'article', 'main', 'header', 'footer', 'aside', 'nav', 'center', 'address', 'details', 'form'],
];

const ALLOWED: Options = {
  tagNames: [...KEPT, ...REBUILT],
  strip: DROPPED_WHOLE,
  attributes: {
    '*': [
      ['dir', 'ltr', 'rtl', 'auto'],
      ['lang', /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/],
    ],
    a: ['href', 'title'],
    abbr: ['title'],
    img: [
      ...['src', 'alt', 'width', 'height', 'title', 'srcSet', 'dataSrc', 'dataLazySrc', 'dataOriginal'],
      ...['dataSrcset', 'dataSrcSet', 'dataLazySrcset'],
    ],
    source: ['srcSet'],
    ol: ['start'],
    td: ['colSpan', 'rowSpan', ['align', 'left', 'center', 'right']],
    th: ['colSpan', 'rowSpan', ['align', 'left', 'center', 'right']],
  },
  protocols: { href: ['http', 'https', 'mailto'], src: ['http', 'https'] },
  clobber: [],
  required: {},
  allowComments: true,
  allowDoctypes: false,
};

const sanitizer = unified().use(rehypeSanitize, ALLOWED).freeze();

/** Cleans a tree; links and images are resolved against `base`, and dropped to plain text where they cannot be. */
export function sanitizeHtml(tree: Nodes, base: string | undefined): Html {
  const root: Root = tree.type === 'root' ? tree : { type: 'root', children: [tree as Root['children'][number]] };
  return htmlFromHast(sanitizer.runSync(root) as Root, base);
}
