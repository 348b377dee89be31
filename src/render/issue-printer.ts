/** Prints the editions of one issue in one language: MJML sees each shared part and each shell once (rule: pieces). */
import type { RenderedMail, Segments } from '../domain/edition.js';
import { fillSegments } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import type { Messages, RenderInput } from '../domain/ports/content.js';
import type { RunJob } from '../domain/ports/host.js';
import { harmInMarkup, harmInWhole, type WholeFacts, wholeFacts } from './guard-mail.js';
import { checkPlaces } from './html-places.js';
import { openMailViews } from './mail-view.js';
import { LONGEST_VALUES } from './measure.js';
import { htmlFromMjml } from './mjml.js';
import { lookOf } from './newsletter-look.js';
import { HTML_SEAMS, TEXT_SEAMS } from './seams.js';
import { openSkeletons, type SharedPart, type Skeleton, type SkeletonPrinter } from './sharing.js';
import { type Chunk, openChunks, spliced } from './splice.js';
import { type Around, surroundingsOf } from './surroundings.js';
import type { TemplateSet } from './template.js';
import type { ThemeFiles } from './theme.js';
import type { MailJob } from './vocabulary.js';

export interface CompiledTheme {
  readonly theme: ThemeFiles;
  readonly html: TemplateSet<MailJob>;
  readonly text: TemplateSet<MailJob>;
}

export interface IssuePrinter {
  /** The two parts of an edition. Only digest, subject and preheader may differ between the inputs. */
  print(input: RenderInput): Promise<Pick<RenderedMail, 'html' | 'text'>>;
  /** Whether anything was printed by itself, to be shared. */
  isSharing(): boolean;
}

export interface IssuePrinterOptions {
  readonly compiled: CompiledTheme;
  readonly input: RenderInput;
  readonly messages: Messages;
  readonly nonce: string;
  /** Print every edition at once, as if nothing were shared. */
  readonly isWhole: boolean;
  /** Prints MJML. */
  readonly runMjml: RunJob;
}

export function openIssuePrinter(options: IssuePrinterOptions): IssuePrinter {
  const { compiled, input, messages, nonce, isWhole, runMjml } = options;
  const { theme } = compiled;
  const isUnshared = isWhole || looksAround(theme);
  const { language, newsletter } = input;
  const look = lookOf(theme.look, newsletter.look);
  const views = openMailViews(messages, look);
  const job = { messages, language, timezone: newsletter.timezone, look };
  const html = openHtml(openSkeletons<MailJob>(compiled.html, views, job, nonce), {
    isWhole: isUnshared,
    shown: theme.html.shown,
    runMjml,
  });
  const text = openText(openSkeletons<MailJob>(compiled.text, views, job, nonce), isWhole);
  return {
    isSharing: html.isSharing,
    async print(edition) {
      const view = views.of(edition);
      const [page, plain] = [await html.print(view), text(view)];
      throwHarm(harmInWhole(page.facts, plain), theme.html.shown);
      return { html: page.segments, text: plain };
    },
  };
}

/** Whether MJML is asked to change elements by what is around them, or styles by what is in the page. */
function looksAround({ html, htmlPartials }: ThemeFiles): boolean {
  return [html, ...htmlPartials.values()].some(({ text }) => /<mj-html-attributes|inline="inline"/.test(text));
}

/** Throws for anything in a rendered mail that would harm readers: the template is wrong. */
function throwHarm(harm: readonly string[], where: string): void {
  const [first] = harm;
  if (first === undefined) return;
  throw new GazetteError('theme.invalid', first, { where, problems: harm.map((message) => ({ where, message })) });
}

function openText(skeletons: SkeletonPrinter, isWhole: boolean): (view: object) => Segments {
  const chunks = openChunks('text', TEXT_SEAMS);
  const shells = new Map<string, readonly Chunk[]>();
  const pieces = new Map<SharedPart, Chunk>();
  const { nonce } = skeletons;

  function shellOf({ source, placeholders, key }: Skeleton): readonly Chunk[] {
    const texts = source.split(new RegExp(`${nonce}r\\d+z`));
    const last = texts.length - 1;
    placeholders.checkArrival(placeholders.findIn(source));
    const shell = texts.map((text, index) => {
      const begun = index === 0 ? text.trimStart() : text;
      return chunks.shell(index === last ? begun.trimEnd() : begun, nonce, placeholders);
    });
    shells.set(key, shell);
    return shell;
  }

  function pieceOf(part: SharedPart): Chunk {
    part.placeholders.checkArrival(part.placeholders.findIn(part.source));
    const piece = chunks.piece(part.source, part.placeholders);
    pieces.set(part, piece);
    return piece;
  }

  return (view) => {
    const skeleton = skeletons.print(view, () => isWhole);
    const shell = shells.get(skeleton.key) ?? shellOf(skeleton);
    const all = shell.flatMap((chunk, index) => [
      chunk,
      ...(skeleton.runs[index] ?? []).map((part) => pieces.get(part) ?? pieceOf(part)),
    ]);
    return [...spliced(all, skeleton.words, TEXT_SEAMS), '\n'];
  };
}

/** A part of the HTML as MJML printed it. */
interface Printed {
  readonly chunk: Chunk;
  readonly facts: WholeFacts;
}
interface PrintedPart extends Printed {
  /** The classes MJML has style rules for, in order. */
  readonly styles: readonly string[];
}
interface Shell {
  readonly chunks: readonly Printed[];
  readonly hasWordInLink: boolean;
}

function openHtml(
  skeletons: SkeletonPrinter,
  { isWhole, shown, runMjml }: Pick<IssuePrinterOptions, 'isWhole' | 'runMjml'> & { readonly shown: string },
) {
  const chunks = openChunks('html', HTML_SEAMS);
  const shells = new Map<string, Shell>();
  /** By the elements a part is inside of, since these say how wide it is. */
  const printed = new Map<string, Map<SharedPart, PrintedPart>>();
  const { nonce } = skeletons;
  const marks = new RegExp(`${nonce}m\\d+z`);
  const raw = (index: number) => `<mj-raw>${nonce}m${index}z</mj-raw>`;
  /** Partials that MJML does not print by themselves. */
  const inline = new Set<string>();

  const printedIn = (around: string): Map<SharedPart, PrintedPart> => {
    const known = printed.get(around) ?? new Map<SharedPart, PrintedPart>();
    printed.set(around, known);
    return known;
  };

  return { print, isSharing: () => [...printed.values()].some(({ size }) => size > 0) };

  async function print(view: object): Promise<{ readonly segments: Segments; readonly facts: WholeFacts }> {
    for (;;) {
      const skeleton = skeletons.print(view, (partial) => isWhole || inline.has(partial));
      const around = surroundingsOf(skeleton.source, (index) => `${nonce}r${index}z`, skeleton.runs.length);
      const dependent = skeleton.runs.filter((_, index) => around[index] === undefined).flat();
      if (dependent.length === 0) return edition(view, skeleton, around);
      for (const { partial } of dependent) inline.add(partial);
    }
  }

  async function edition(view: object, skeleton: Skeleton, around: Around) {
    const shell = await shellOf(view, skeleton, around);
    const all = shell.chunks.flatMap((chunk, index) => [
      chunk,
      ...(skeleton.runs[index] ?? []).flatMap((part) => printedIn(around[index] ?? '').get(part) ?? []),
    ]);
    const segments = spliced(
      all.map(({ chunk }) => chunk),
      skeleton.words,
      HTML_SEAMS,
    );
    if (shell.hasWordInLink) throwHarm(harmInMarkup(fillSegments(segments, LONGEST_VALUES)), shown);
    const h1s = all.reduce((sum, { facts }) => sum + facts.h1s, 0);
    return { segments, facts: { h1s, canUnsubscribe: all.some(({ facts }) => facts.canUnsubscribe) } };
  }

  /** The shell with the styles of the parts it shows; prints it, and the parts that are new, unless they are known. */
  async function shellOf(view: object, skeleton: Skeleton, around: Around): Promise<Shell> {
    const isNew = (part: SharedPart, index: number) => !printedIn(around[index] ?? '').has(part);
    if (skeleton.runs.some((run, index) => run.some((part) => isNew(part, index))))
      await printParts(view, skeleton, around, isNew);
    const introducing = introducers(skeleton, around);
    const key = keyOf(skeleton, introducing);
    if (!shells.has(key)) await printParts(view, skeleton, around, (part) => introducing.has(part));
    return shells.get(key) as Shell;
  }

  /** The first part that needs each style. */
  function introducers({ runs }: Skeleton, around: Around): ReadonlyMap<SharedPart, readonly string[]> {
    const seen = new Set<string>();
    const found = new Map<SharedPart, readonly string[]>();
    for (const [index, run] of runs.entries()) {
      for (const part of run) {
        const fresh = (printedIn(around[index] ?? '').get(part)?.styles ?? []).filter((style) => !seen.has(style));
        if (fresh.length > 0) found.set(part, fresh);
        for (const style of fresh) seen.add(style);
      }
    }
    return found;
  }

  function keyOf({ key }: Skeleton, introducing: ReadonlyMap<SharedPart, readonly string[]>): string {
    return `${[...introducing.values()].flat().join(' ')}\n${key}`;
  }

  async function printParts(
    view: object,
    skeleton: Skeleton,
    around: Around,
    isShown: (part: SharedPart, run: number) => boolean,
  ): Promise<void> {
    const shownRuns = skeleton.runs.map((run, index) => [...new Set(run)].filter((part) => isShown(part, index)));
    let count = 0;
    const source = skeleton.source.replace(new RegExp(`${nonce}r(\\d+)z`, 'g'), (_, run: string) => {
      const parts = shownRuns[Number(run)] ?? [];
      count += parts.length + 1;
      const first = count - parts.length;
      return raw(first - 1) + parts.map((part, index) => part.source + raw(first + index)).join('');
    });
    const page = await pageFrom(source, view);
    const parts = shownRuns.flat();
    checkPage(page, skeleton, parts);
    const texts = page.split(marks).map(trimmedAtMarks);
    if (texts.length !== count + 1) throw lostMark(shown);
    const shellTexts = [texts.shift() ?? ''];
    for (const [run, ofRun] of shownRuns.entries()) {
      for (const part of ofRun) printedIn(around[run] ?? '').set(part, printedPart(texts.shift() ?? '', part));
      shellTexts.push(texts.shift() ?? '');
    }
    const shell = {
      chunks: shellTexts.map((text) => ({
        chunk: chunks.shell(text, nonce, skeleton.placeholders),
        facts: wholeFacts(filled(text, [skeleton.placeholders])),
      })),
      hasWordInLink: new RegExp(`\\s(?:href|src)="[^"]*${nonce}w`).test(page),
    };
    shells.set(keyOf(skeleton, introducers({ ...skeleton, runs: shownRuns }, around)), shell);
  }

  function printedPart(text: string, { placeholders }: SharedPart): PrintedPart {
    const classes = [...text.matchAll(/\sclass="([^"]*)"/g)].flatMap(([, names = '']) => names.split(/\s+/));
    return {
      chunk: chunks.piece(text, placeholders),
      facts: wholeFacts(filled(text, [placeholders])),
      styles: [...new Set(classes.filter((name) => name.startsWith('mj-')))],
    };
  }

  /** The page MJML makes; a mistake is looked for in the whole text, where its place is known. */
  async function pageFrom(source: string, view: object): Promise<string> {
    try {
      return await htmlFromMjml(source, () => [], runMjml);
    } catch (error) {
      const traced = skeletons.trace(view);
      await htmlFromMjml(traced.source, traced.places, runMjml);
      throw error;
    }
  }

  function checkPage(page: string, { placeholders, words }: Skeleton, parts: readonly SharedPart[]): void {
    const all = [placeholders, ...parts.map((part) => part.placeholders)];
    const found = all.map((each) => each.findIn(page));
    for (const [index, each] of all.entries()) each.checkArrival(found[index] ?? []);
    checkPlaces(
      page,
      found.flat().sort((one, other) => one.start - other.start),
    );
    const withWords = page.replace(
      new RegExp(`${nonce}w(\\d+)z`, 'g'),
      (_, index: string) => words[Number(index)] ?? '',
    );
    throwHarm(harmInMarkup(filled(withWords, all)), shown);
  }
}

/** A page with every placeholder filled for the reader with the longest values. */
function filled(text: string, placeholders: readonly SharedPart['placeholders'][]): string {
  return placeholders.reduce((page, each) => fillSegments(each.segmentsFrom(page, 'html'), LONGEST_VALUES), text);
}

/** A text between marks, without the white space beside them; the page begins and ends as it is. */
function trimmedAtMarks(text: string, index: number, { length }: readonly string[]): string {
  const begun = index === 0 ? text : text.trimStart();
  return index === length - 1 ? begun : begun.trimEnd();
}

function lostMark(where: string): GazetteError {
  return new GazetteError('theme.invalid', 'A partial is at a place that MJML does not print exactly once.', { where });
}
