/**
 * The beginning of a body, ended where an editor would end it. Every place where it could end is weighed by one pure function, and
 * the best one wins. The weight does not depend on the room there is, so less room never shows more.
 */
import type { Html, HtmlElement } from '../domain/html.js';
import { textOf } from '../domain/html.js';
import { asBoldLine, type Block } from './blocks.js';
import { cutHtml, htmlUpTo, insideOf, offsetAt, widthUpTo } from './cut-html.js';
import { isOpenEnded, leadsToNext } from './lead-in.js';
import { sentenceEnds } from './sentence-ends.js';

/** Where an excerpt could end. */
export interface Ending {
  /** `sentence`: within a block; `items`: within a list; `word`: within a sentence. */
  readonly kind: 'block' | 'list' | 'code' | 'sentence' | 'items' | 'word';
  /** Columns shown up to here. */
  readonly width: number;
  /** A colon, or words that lead to what is not shown. */
  readonly isUnfinished: boolean;
  /** Items shown of the last list. */
  readonly items?: number;
}

const BONUS = { block: 25, list: 25, code: 5, sentence: 0, items: 5, word: -40 } as const;
/** Fewer items than this are no list. */
const FEWEST_ITEMS = 2;

/** How good an ending is; more is better. @param usual columns of a full excerpt */
export function endingScore({ kind, width, isUnfinished, items = FEWEST_ITEMS }: Ending, usual: number): number {
  const empty = 1 - Math.min(1, width / usual);
  const fill = 100 * (1 - empty * empty);
  return fill + BONUS[kind] - (isUnfinished ? 1000 : 0) - (kind === 'items' && items < FEWEST_ITEMS ? 30 : 0);
}

export interface Room {
  /** Columns of a full excerpt. */
  readonly usual: number;
  /** Columns there are; at most `usual` for a body without a more mark. */
  readonly most: number;
  readonly language: string;
}

export interface Opening {
  readonly html: Html;
  /** Whether there is more than this shows. */
  readonly isCut: boolean;
}

/** The best opening; empty when the blocks have no text. */
export function openingOf(blocks: readonly Block[], room: Room): Opening {
  const walk = new Walk(room);
  const end = blocks.findIndex((block, index) => !walk.take(block, blocks.slice(index + 1)));
  let best: Found | undefined;
  for (const each of walk.endings) {
    const isBetter = best === undefined || endingScore(each, room.usual) >= endingScore(best, room.usual);
    if (isBetter) best = each;
  }
  if (best === undefined) return { html: [], isCut: blocks.some(({ text }) => text !== '') };
  const html = best.isUnfinished ? withEllipsis(best.html()) : best.html();
  return { html, isCut: !best.isLast || walk.isIncomplete || end >= 0 };
}

interface Found extends Ending {
  readonly html: () => Html;
  /** Nothing of the body comes after it. */
  readonly isLast: boolean;
}

/** The part of a full excerpt that is enough to end before a heading, code or a table. */
const ENOUGH = 0.18;
/** Longer code is not shown. */
const MOST_CODE_LINES = 8;
/** Blocks that a sentence may lead to. */
const LED_TO: ReadonlySet<string> = new Set(['list', 'code', 'table', 'picture']);

/** Takes block after block while there is room, and notes every place where the excerpt could end. */
class Walk {
  readonly endings: Found[] = [];
  /** Something was left out on the way. */
  isIncomplete = false;
  private kept: HtmlElement[] = [];
  private width = 0;
  /** The kept blocks without the last sentence, where that leads to what follows. */
  private beforeLeadIn: { readonly kept: HtmlElement[]; readonly width: number } | undefined;

  constructor(private readonly room: Room) {}

  /** False when the excerpt cannot go on behind this block. @param rest what follows it */
  take(block: Block, rest: readonly Block[]): boolean {
    if (block.kind === 'text') return this.takeText(block, rest);
    if (block.kind === 'list') return this.takeList(block, rest);
    const settled = this.beforeLeadIn?.width ?? this.width;
    if (block.kind !== 'picture' && settled >= this.room.usual * ENOUGH) return false;
    if (block.kind === 'code' && this.takeCode(block, rest)) return true;
    if (this.beforeLeadIn) ({ kept: this.kept, width: this.width } = this.beforeLeadIn);
    this.beforeLeadIn = undefined;
    if (block.kind === 'heading' && this.kept.length > 0) this.keep(asBoldLine(block), columnsOf(block.text));
    if (block.kind === 'code' || block.kind === 'table') this.isIncomplete = true;
    return true;
  }

  private keep(element: HtmlElement, width: number): void {
    this.kept = [...this.kept, element];
    this.width += width;
  }

  private note(kind: Ending['kind'], last: Html, width: number, facts: Partial<Found> = {}): void {
    const before = this.kept;
    const html = () => [...before, ...last];
    this.endings.push({ kind, html, width: this.width + width, isUnfinished: false, isLast: false, ...facts });
  }

  private takeText({ element, text }: Block, rest: readonly Block[]): boolean {
    const { most, language } = this.room;
    const left = most - this.width;
    const limit = offsetAt(text, left);
    const length = text.trimEnd().length;
    const isWhole = limit >= length;
    const sentences = this.sentencesOf(element, text, isWhole ? length : limit, isWhole);
    const last = sentences.at(-1);
    const leads = isWhole && last !== undefined && isLeadIn(last.text, rest[0]);
    for (const [index, { end, width, text: said }] of sentences.entries()) {
      const isLastOne = isWhole && index === sentences.length - 1;
      const isAllButLeadIn = leads && index === sentences.length - 2;
      this.note(
        isLastOne || isAllButLeadIn ? 'block' : 'sentence',
        isLastOne ? [element] : htmlUpTo([element], end),
        width,
        {
          isUnfinished: isOpenEnded(said) || (isLastOne && leads),
          isLast: isLastOne && isNothing(rest),
        },
      );
    }
    if (!isWhole) {
      const isStub = this.kept.length > 0 && left < most / 3;
      if (!isStub) this.note('word', cutHtml([element], left, language), left);
      return false;
    }
    const before = sentences.at(-2);
    this.beforeLeadIn = leads
      ? {
          kept: before ? [...this.kept, ...(htmlUpTo([element], before.end) as HtmlElement[])] : this.kept,
          width: this.width + (before?.width ?? 0),
        }
      : undefined;
    this.keep(element, last?.width ?? 0);
    return true;
  }

  /** The sentences that end within a part of a block, each with the columns up to its end. */
  private sentencesOf(element: HtmlElement, text: string, until: number, isWhole: boolean) {
    const isInside = insideOf([element])();
    const ends = [...sentenceEnds(text, this.room.language, until)].filter((end) => end <= until && !isInside(end));
    if (isWhole && (ends.at(-1) ?? 0) < until) ends.push(until);
    let [start, width] = [0, 0];
    return ends.map((end) => {
      const said = text.slice(start, end);
      width += columnsOf(said);
      start = end;
      return { end, width, text: said };
    });
  }

  private takeList({ element }: Block, rest: readonly Block[]): boolean {
    const left = this.room.most - this.width;
    const isShown = (node: HtmlElement['children'][number]) => node.type === 'element';
    const items = element.children.filter(isShown);
    const shown: HtmlElement['children'][number][] = [];
    let width = 0;
    for (const item of items) {
      width += widthUpTo(textOf([item]), left - width);
      if (width > left) break;
      shown.push(item);
      const isAll = shown.length === items.length;
      const list = isAll ? element : { ...element, children: [...shown] };
      const facts = { items: shown.length, isLast: isAll && isNothing(rest) };
      this.note(isAll ? 'list' : 'items', [list], width, facts);
    }
    this.beforeLeadIn = undefined;
    if (shown.length === items.length) {
      this.keep(element, width);
      return true;
    }
    if (shown.length === 0 && left > this.room.most / 3)
      this.note('word', cutHtml([element], left, this.room.language), left);
    return false;
  }

  /** Short code is shown where too little text comes before it. */
  private takeCode({ element, text }: Block, rest: readonly Block[]): boolean {
    const left = this.room.most - this.width;
    const width = widthUpTo(text, left);
    if (width > left || text.trim().split('\n').length > MOST_CODE_LINES) return false;
    this.note('code', [element], width, { isLast: isNothing(rest) });
    this.beforeLeadIn = undefined;
    this.keep(element, width);
    return true;
  }
}

function isLeadIn(sentence: string, next: Block | undefined): boolean {
  if (isOpenEnded(sentence)) return true;
  return next !== undefined && LED_TO.has(next.kind) && leadsToNext(sentence, next.kind !== 'picture');
}

function isNothing(rest: readonly Block[]): boolean {
  return rest.every(({ text }) => text === '');
}

function columnsOf(text: string): number {
  return widthUpTo(text, Number.POSITIVE_INFINITY);
}

/** Where nothing better than a lead-in was found: a text that trails off rather than one that promises what is not there. */
function withEllipsis(html: Html): Html {
  const said = textOf(html)
    .trimEnd()
    .replace(/[\s:：,;،；、–—-]$/u, '')
    .trimEnd();
  return htmlUpTo(html, said.length, '…');
}
