/**
 * What an editor would leave out of an excerpt: the title once more, tables of contents, import lines, picture credits, and at the head
 * of a post notices about the post (updates, where it first appeared, who wrote it) or what most posts begin with. Pure.
 */
import type { Html, HtmlElement } from '../domain/html.js';
import { textOf } from '../domain/html.js';
import type { Picture } from '../domain/post.js';
import { type Block, blocksOf } from './blocks.js';
import { comparable, isAboutPost, isContentsMark, isContentsTitle, isCredit, isUpdate } from './notices.js';

export interface PostContext {
  readonly title: string;
  /** What most posts begin with, in the form of `comparable`. */
  readonly repeated: ReadonlySet<string>;
}

/** The blocks an excerpt may show. Where nothing else is left, notices count after all. */
export function withoutPassedOver(blocks: readonly Block[], context: PostContext): readonly Block[] {
  const strict = blocks.filter((block, index) => !isNeverShown(block, blocks[index - 1], context));
  const head = strict.findIndex((block) => hasText(block) && !isNotice(block, context));
  if (head < 0) return strict;
  return strict.filter((block, index) => !hasText(block) || (index >= head && !isUpdate(block.text)));
}

function hasText({ kind }: Block): boolean {
  return kind !== 'picture' && kind !== 'rule';
}

/** What no excerpt shows, wherever it is. */
export function isNeverShown(block: Block, before: Block | undefined, { title }: Pick<PostContext, 'title'>): boolean {
  if (!hasText(block)) return false;
  const text = block.text.trim();
  if (block.kind === 'list') {
    return isContentsTitle(before?.text ?? '') || isContentsList(block.element) || isContentsMark(text);
  }
  if (block.kind !== 'text' && block.kind !== 'heading') return false;
  return isTitle(text, title) || isContentsTitle(text) || isContentsMark(text) || isImportLine(text) || isCredit(text);
}

/** The title alone, perhaps with a date or a name. */
function isTitle(text: string, title: string): boolean {
  if (text.length > title.length + 60) return false;
  const [said, wanted] = [comparable(text), comparable(title)];
  if (wanted === '' || said === wanted) return said === wanted && wanted !== '';
  return said.length - wanted.length <= 20 && said.startsWith(`${wanted} `) && !/[.!?。]\s*$/u.test(text);
}

/** A list whose items are links within the page, nearly all of them. */
function isContentsList(list: HtmlElement): boolean {
  const links = linksIn(list).filter(({ properties }) => /^[^#]*#./.test(String(properties.href ?? '')));
  const linked = links.reduce((sum, link) => sum + textOf(link.children).trim().length, 0);
  const pages = new Set(links.map(({ properties }) => String(properties.href).replace(/#.*/s, '')));
  return links.length >= 2 && pages.size === 1 && linked >= textOf([list]).replace(/\s+/g, ' ').length * 0.8;
}

function linksIn({ children }: HtmlElement): readonly HtmlElement[] {
  return children.flatMap((node) => (node.type !== 'element' ? [] : node.tagName === 'a' ? [node] : linksIn(node)));
}

/** A line of MDX that its site would have run. */
function isImportLine(text: string): boolean {
  const [line = ''] = text.split('\n', 1);
  if (/^export (?:const|let|default|function)\s/.test(line)) return true;
  return /^import ['"“‘]/.test(line) || (line.startsWith('import ') && / from ['"“‘]/.test(line));
}

/** Whether a block at the head of a post is about the post, or at the head of most posts. */
export function isNotice({ kind, text }: Block, { repeated }: Pick<PostContext, 'repeated'>): boolean {
  return (
    kind === 'heading' || (kind === 'text' && (repeated.has(comparable(text)) || isUpdate(text) || isAboutPost(text)))
  );
}

/** How many blocks count as the head of a post. */
const HEAD = 3;

/** What at least half of several posts begin with, in the form of `comparable`, and the addresses of pictures they all name. */
export function repeatedHeads(
  posts: readonly { readonly body: Html; readonly image?: Picture | undefined }[],
): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { body, image } of posts) {
    const heads = blocksOf(body.slice(0, 2 * HEAD)).filter(({ kind }) => kind === 'text');
    const said = heads.slice(0, HEAD).map(({ text }) => comparable(text));
    for (const each of new Set(image ? [...said, image.src] : said)) counts.set(each, (counts.get(each) ?? 0) + 1);
  }
  const isRepeated = (count: number) => count >= 2 && count * 2 >= posts.length;
  return new Set([...counts].flatMap(([said, count]) => (isRepeated(count) ? [said] : [])));
}
