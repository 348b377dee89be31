/**
 * Pages of one reader: what readers see alike is rendered once, and filled in with a reader's own texts and ticks. Nothing of a reader
 * is kept (rule: strangers-cost-little).
 */
import { randomInt } from 'node:crypto';
import { directionOfText } from '../domain/direction.js';
import type { Choice, PageRequest, PageView } from '../domain/page.js';
import { exactHtml, Markup } from './markup.js';

/** A text that is filled in for each reader; templates may print it and give it to `say`. */
export class ReaderText extends Markup {}

/** A check box; templates may ask for it with `if` and `unless`. */
export class ReaderTick {
  readonly #words: readonly [opening: string, otherwise: string, end: string];
  constructor(words: readonly [string, string, string]) {
    this.#words = words;
  }
  choose(whenSet: string, whenNot: string): Markup {
    const [opening, otherwise, end] = this.#words;
    return new Markup(opening + whenSet + otherwise + whenNot + end);
  }
}

export interface ReaderPages {
  /** The page that `render` makes of the request, rendered again only when readers see something else. */
  print(request: PageRequest, render: (request: PageRequest) => string): string;
}

type Part = string | { readonly text: number } | { readonly tick: number; readonly set: Part[]; readonly not: Part[] };

/** What differs from reader to reader in each kind of page. */
const OWN: {
  readonly [kind in PageView['kind']]?: { readonly texts: readonly string[]; readonly ticks: readonly string[] };
} = {
  preferences: {
    texts: ['address', 'name', 'dataUrl', 'unsubscribeUrl'],
    ticks: ['categories', 'newsletters'],
  },
  unsubscribe: { texts: ['address', 'undo', 'preferencesUrl'], ticks: ['categories'] },
  confirm: { texts: ['address'], ticks: [] },
};

/** Some 10 kB each. */
const MOST_FRAMES = 300;

export function openReaderPages(): ReaderPages {
  const frames = new Map<string, readonly Part[] | 'whole'>();

  function frameOf(key: string, make: () => readonly Part[] | 'whole'): readonly Part[] | 'whole' {
    const known = frames.get(key);
    if (known) return known;
    const made = make();
    const [oldest] = frames.keys();
    if (frames.size >= MOST_FRAMES && oldest !== undefined) frames.delete(oldest);
    frames.set(key, made);
    return made;
  }

  return {
    print(request, render) {
      const own = ownOf(request.view);
      if (!own) return render(request);
      const { texts, ticks } = own;
      const frame = frameOf(keyOf(request, own), () => frameFrom(request, own, render));
      return frame === 'whole' ? render(request) : filled(frame, texts, ticks);
    },
  };
}

interface Own {
  readonly texts: readonly string[];
  readonly ticks: readonly boolean[];
  /** The view with everything of this reader replaced. */
  replaced(text: (nth: number, value: string) => unknown, tick: (nth: number) => unknown): object;
}

type Values = { readonly [name: string]: unknown };

/** `undefined` for a page that is rendered whole. */
function ownOf(view: PageView): Own | undefined {
  const names = OWN[view.kind];
  if (!names) return undefined;
  const values = view as unknown as Values;
  const filledIn = names.texts.filter((name) => typeof values[name] === 'string' && values[name] !== '');
  const texts = filledIn.map((name) => String(values[name]));
  // Whether such a text is isolated once more depends on the text.
  if (texts.some((text) => /[\u2066-\u2069]/.test(text))) return undefined;
  const lists = names.ticks.map((name) => [name, values[name] as readonly Choice[]] as const);
  return {
    texts,
    ticks: lists.flatMap(([, list]) => list.map(({ isChosen }) => isChosen)),
    replaced(text, tick) {
      let nth = 0;
      const ticked = (list: readonly Choice[]) => list.map((choice) => ({ ...choice, isChosen: tick(nth++) }));
      return {
        ...view,
        ...Object.fromEntries(filledIn.map((name, index) => [name, text(index, texts[index] ?? '')])),
        ...Object.fromEntries(lists.map(([name, list]) => [name, ticked(list)])),
      };
    },
  };
}

function keyOf({ newsletter, language, links, view: { kind } }: PageRequest, own: Own): string {
  const { title, theme, sender, postalAddress, timezone } = newsletter;
  const view = own.replaced(
    (_nth, value) => [directionOfText(value)],
    () => null,
  );
  return JSON.stringify([kind, view, language, links, title, theme, sender, postalAddress, timezone]);
}

/** `whole` when a template does more with a reader's values than to print them. */
function frameFrom(
  request: PageRequest,
  own: Own,
  render: (request: PageRequest) => string,
): readonly Part[] | 'whole' {
  // Nothing of the content can be like it, and it has no letter: a text's direction is that of its first letter.
  const nonce = Array.from({ length: 8 }, () => randomInt(1e4, 1e5)).join('');
  const word = (kind: number, nth: number, letter = '') => `${nonce}.${kind}.${nth}.${letter}.`;
  const view = own.replaced(
    (nth, value) => new ReaderText(word(TEXT, nth, LETTER[directionOfText(value) ?? 'none'])),
    (nth) => new ReaderTick([word(OPENING, nth), word(OTHERWISE, nth), word(END, nth)]),
  );
  try {
    return partsOf(render({ ...request, view: view as PageView }), nonce);
  } catch {
    return 'whole';
  }
}

const LETTER = { ltr: 'a', rtl: '\u05d0', none: '' };
const [TEXT, OPENING, OTHERWISE, END] = [0, 1, 2, 3];

function partsOf(html: string, nonce: string): readonly Part[] {
  const outer: Part[] = [];
  const open: { readonly into: Part[]; readonly not: Part[] }[] = [];
  let into = outer;
  let from = 0;
  for (const match of html.matchAll(new RegExp(`${nonce}\\.(\\d)\\.(\\d+)\\.[a\u05d0]?\\.`, 'g'))) {
    const [kind, nth] = [Number(match[1]), Number(match[2])];
    into.push(html.slice(from, match.index));
    from = match.index + match[0].length;
    if (kind === TEXT) into.push({ text: nth });
    else if (kind === OPENING) {
      const tick = { tick: nth, set: [], not: [] };
      into.push(tick);
      open.push({ into, not: tick.not });
      into = tick.set;
    } else if (kind === OTHERWISE) into = open.at(-1)?.not ?? outer;
    else into = open.pop()?.into ?? outer;
  }
  into.push(html.slice(from));
  return outer;
}

function filled(parts: readonly Part[], texts: readonly string[], ticks: readonly boolean[]): string {
  let html = '';
  for (const part of parts) {
    if (typeof part === 'string') html += part;
    else if ('text' in part) html += exactHtml(texts[part.text] ?? '');
    else html += filled(ticks[part.tick] ? part.set : part.not, texts, ticks);
  }
  return html;
}
