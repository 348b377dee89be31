/** The one Markdown parser of the program: CommonMark with GFM. Building it costs more than parsing a post. */
import type { PhrasingContent, Root } from 'mdast';
import rehypeRaw from 'rehype-raw';
import remarkGemoji from 'remark-gemoji';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import remarkSmartypants from 'remark-smartypants';
import { unified } from 'unified';

const markdown = unified().use(remarkParse).use(remarkGfm).freeze();
const emoji = unified().use(remarkGemoji).freeze();
const toHast = unified().use(remarkRehype, { allowDangerousHtml: true }).freeze();
const withRawHtml = unified().use(rehypeRaw).freeze();

/** Parses Markdown; positions are offsets into `text`. */
export function parseMarkdown(text: string, hasEmojiCodes = false): Root {
  const root = markdown.parse(text);
  return hasEmojiCodes && /:[+\w-]+:/.test(text) ? (emoji.runSync(root) as Root) : root;
}

const punctuation = {
  dashes: unified().use(remarkSmartypants, { backticks: false, dashes: 'oldschool' }).freeze(),
  'em-dashes': unified().use(remarkSmartypants, { backticks: false }).freeze(),
};

/** Curly quotes, dashes and ellipses for straight ones, outside of code. @param root no deeper than the call stack bears */
export function withSmartPunctuation(root: Root, style: keyof typeof punctuation): Root {
  return punctuation[style].runSync(root) as Root;
}

const commonMark = unified().use(remarkParse).freeze();

/** Parses without what GFM adds, which does not change where code is and takes four times as long on a large table. */
export function parseCommonMark(text: string): Root {
  return commonMark.parse(text);
}

/** Turns Markdown into HTML, still as dirty as its author made it. @param hasHtml whether the Markdown holds HTML */
export function hastFromMarkdown(root: Root, hasHtml: boolean) {
  const hast = toHast.runSync(root);
  return hasHtml ? withRawHtml.runSync(hast) : hast;
}

/** Whether a tree is nested deeper than any reader could follow; safe on trees of any depth. */
export function isDeeperThan(limit: number, root: object): boolean {
  let level: readonly object[] = [root];
  for (let depth = 0; depth <= limit; depth += 1) {
    level = level.flatMap((node) => ('children' in node ? (node.children as readonly object[]) : []));
    if (level.length === 0) return false;
  }
  return true;
}

const titles = unified()
  .use(remarkParse)
  .data('micromarkExtensions', [
    {
      disable: {
        null: [
          ...['headingAtx', 'setextUnderline', 'codeIndented', 'codeFenced', 'htmlFlow', 'thematicBreak', 'definition'],
          ...['list', 'blockQuote', 'labelStartLink', 'labelStartImage', 'labelEnd', 'autolink', 'hardBreakEscape'],
        ],
      },
    },
  ]);

/** Parses one line in which only code, emphasis, entities and HTML tags mean anything: a title. */
export function parseTitle(line: string): readonly PhrasingContent[] {
  const [paragraph] = titles.parse(line).children;
  return paragraph?.type === 'paragraph' ? paragraph.children : [];
}
