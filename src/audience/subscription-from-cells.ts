/** One line of a subscribers file to a subscription, with a plain sentence for every cell that cannot be used. */
import { addressFrom } from '../domain/address.js';
import { type Category, type CategoryPreferences, categoryKey, OTHER } from '../domain/category.js';
import type { NewSubscription } from '../domain/ports/storage.js';
import type { Consent, SubscriptionState, SuppressionReason } from '../domain/subscriber.js';
import type { Column } from './csv-columns.js';
import type { ColumnMap } from './csv-presets.js';

export interface CellOptions {
  /** The moment of the import: no consent can be later, and it stands where `consentSource` has no date. */
  readonly now: Date;
  /** How consent was given, for lines that do not say. */
  readonly consentSource?: string;
  /** How the file's own headings and words are read. */
  readonly map?: ColumnMap;
  /** The newsletter's; a wish for any other is a mistake. Absent: any key is taken. */
  readonly categories?: readonly Category[];
}

/** What is wrong with one cell. */
export interface CellProblem {
  readonly column: Column;
  readonly message: string;
}

export interface ReadSubscription {
  readonly subscription: NewSubscription;
  /** Set when the file says that the address must not be written to. */
  readonly suppressed?: SuppressionReason;
}

const LONGEST_TEXT = 200;
const STATES: readonly SubscriptionState[] = ['active', 'pending', 'unsubscribed'];
const SUPPRESSIONS: readonly SuppressionReason[] = ['hard-bounce', 'soft-bounces', 'complaint', 'manual', 'erased'];

/** Reads one line's cells; absent columns are empty. All its problems at once. */
export function subscriptionFromCells(
  cell: (column: Column) => string,
  options: CellOptions,
): ReadSubscription | readonly CellProblem[] {
  const problems: CellProblem[] = [];
  const check = <Value>(column: Column, read: (text: string) => Value | Wrong): Value | undefined => {
    const value = read(cell(column).trim());
    if (!(value instanceof Wrong)) return value;
    problems.push({ column, message: value.why });
    return undefined;
  };
  const address = check('email', readAddress);
  const name = check('name', readText);
  const language = check('language', readLanguage);
  const wishes = check('categories', (text) => readWishes(text, options.categories));
  const source = check('consent_source', (text) => readConsentSource(text, options));
  const at = check('consent_at', (text) => readConsentTime(text, options));
  const state = check('state', (text) =>
    readOneOf(STATES, text === '' ? 'active' : stateMeant(text.toLowerCase(), options)),
  );
  const suppressed = check('suppressed', (text) => (text === '' ? undefined : readOneOf(SUPPRESSIONS, text)));
  if (!address || name === undefined || !source || !at || !state || problems.length > 0) return problems;
  const consent: Consent = { source, at };
  return {
    subscription: {
      address: address.address,
      addressKey: address.key,
      name,
      ...(language && { language }),
      wishes,
      state,
      consent,
    },
    ...(suppressed && { suppressed }),
  };
}

function stateMeant(word: string, { map }: CellOptions): string {
  return map?.states[word] ?? map?.states['*'] ?? word;
}

/** Why a cell cannot be used. */
class Wrong {
  constructor(readonly why: string) {}
}

function readAddress(text: string) {
  if (text === '') return new Wrong('the address is missing');
  return addressFrom(text) ?? new Wrong(`“${shortened(text)}” is not an address that mail can be sent to`);
}

/** Plain text on one line: controls become spaces, runs of white space one space, direction marks go. */
export function plainLine(text: string): string {
  return text
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .trim();
}

function readText(text: string): string | Wrong {
  const line = plainLine(text);
  return line.length > LONGEST_TEXT ? new Wrong(`is longer than ${LONGEST_TEXT} characters`) : line;
}

function readLanguage(text: string): string | undefined | Wrong {
  if (text === '') return undefined;
  try {
    return Intl.getCanonicalLocales(text.replaceAll('_', '-'))[0];
  } catch {
    return new Wrong(`“${shortened(text)}” is not a language code such as en or pt-BR`);
  }
}

/** Empty or `*`: everything. A lone separator: nothing. */
function readWishes(text: string, known: readonly Category[] | undefined): CategoryPreferences | Wrong {
  if (text === '' || text === '*') return undefined;
  const spellings = text.split(/[;|]/).flatMap((part) => plainLine(part) || []);
  const keys = spellings.map((spelling) => (known ? knownKey(spelling, known) : categoryKey(spelling)));
  const unknown = spellings.filter((_, index) => keys[index] === undefined);
  if (unknown.length === 0) return [...new Set(keys as string[])];
  const names = unknown.map((spelling) => `“${shortened(spelling)}”`).join(', ');
  const there = known?.map(({ key }) => key).join(', ') || 'none';
  return new Wrong(`${names} is no category of the newsletter; it has ${there}`);
}

function knownKey(spelling: string, categories: readonly Category[]): string | undefined {
  const key = categoryKey(spelling);
  if (key === OTHER) return OTHER;
  const spellingsOf = (category: Category) => [category.key, ...category.also, ...Object.values(category.title)];
  return categories.find((category) => spellingsOf(category).some((known) => categoryKey(known) === key))?.key;
}

function readConsentSource(text: string, { consentSource }: CellOptions): string | Wrong {
  const source = readText(text || (consentSource ?? ''));
  return source === '' ? new Wrong('how consent was given is missing') : source;
}

// What Go programs print names the zone once more behind the offset: `+0000 UTC`, `+0000 +0000`.
const TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?)?\s*(?:(Z|UTC|[+-]\d{2}:?\d{2})|([+-]\d{4}) (?:[A-Z]{1,6}|[+-]\d{2,4}))?$/i;

/** ISO 8601; a date alone, or a time without offset, is UTC. */
function readConsentTime(text: string, options: CellOptions): Date | Wrong {
  if (text === '') return options.consentSource ? options.now : new Wrong('when consent was given is missing');
  const [, day, minute = '00:00', second = ':00', short, long] = TIME.exec(text) ?? [];
  const offset = short ?? long ?? 'Z';
  const zone = /^(?:Z|UTC)$/i.test(offset) ? 'Z' : offset.replace(/^(.\d\d):?/, '$1:');
  const at = new Date(`${day}T${minute}${second}${zone}`);
  // JavaScript moves 30 February on to March; a date that is not itself is a slip of the pen.
  const isRight = day !== undefined && new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) && !Number.isNaN(+at);
  if (!isRight) return new Wrong(`“${shortened(text)}” is not a date such as 2026-03-12 or 2026-03-12T09:30:00Z`);
  return at > options.now ? new Wrong(`“${shortened(text)}” lies in the future`) : at;
}

function readOneOf<Word extends string>(words: readonly Word[], text: string): Word | Wrong {
  const found = words.find((word) => word === text.toLowerCase());
  return found ?? new Wrong(`“${shortened(text)}” is not one of ${words.join(', ')}`);
}

function shortened(text: string): string {
  const line = plainLine(text);
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
