/** Turns one line of a subscribers file into a subscription, or into one sentence for each cell that cannot be used. */
import { addressFrom } from '../domain/address.js';
import { type Category, type CategoryPreferences, categoryKey, OTHER } from '../domain/category.js';
import type { NewSubscription } from '../domain/ports/audience.js';
import {
  type Consent,
  nameAsGiven,
  plainLine,
  SUPPRESSION_REASONS,
  type SuppressionReason,
} from '../domain/subscriber.js';
import type { Column } from './csv-columns.js';
import { type ColumnMap, STATE_MEANINGS, STATE_WORDS, type StateMeaning } from './csv-presets.js';

export interface CellOptions {
  /** The moment of the import: no consent can be later; also the date of consent where `consentSource` is used. */
  readonly now: Date;
  /** How consent was given, for lines that do not say. */
  readonly consentSource?: string;
  /** How the file's headings and states are read. */
  readonly map?: ColumnMap;
  /** The newsletter's; any other is refused. Absent: any key is accepted. */
  readonly categories?: readonly Category[];
}

/** What is wrong with one cell. */
export interface CellProblem {
  readonly column: Column;
  readonly message: string;
}

export interface ReadSubscription {
  readonly subscription: NewSubscription;
  /** Set when the file says that no mail may go to the address. */
  readonly suppressed?: SuppressionReason;
}

const LONGEST_TEXT = 200;

/** Reads one line's cells; absent columns are empty. All its problems at once. */
export function subscriptionFromCells(
  cell: (column: Column) => string,
  options: CellOptions,
): ReadSubscription | readonly CellProblem[] {
  const problems: CellProblem[] = [];
  const check = <Value>(column: Column, read: (text: string) => Value | Invalid): Value | undefined => {
    const value = read(cell(column).trim());
    if (!(value instanceof Invalid)) return value;
    problems.push({ column, message: value.why });
    return undefined;
  };
  const address = check('email', readAddress);
  const name = nameAsGiven(plainLine(cell('name')));
  const language = check('language', readLanguage);
  const preferences = check('categories', (text) => readPreferences(text, options.categories));
  const source = check('consent_source', (text) => readConsentSource(text, options));
  const at = check('consent_at', (text) => readConsentTime(text, options));
  const meaning = check('state', (text) => readState(text.toLowerCase(), options));
  const suppressed = check('suppressed', (text) => (text === '' ? undefined : readOneOf(SUPPRESSION_REASONS, text)));
  if (!address || !source || !at || !meaning || problems.length > 0) return problems;
  const consent: Consent = { source, at };
  return {
    subscription: {
      address: address.address,
      addressKey: address.key,
      name,
      ...(language && { language }),
      preferences,
      state: meaning.state,
      consent,
    },
    ...((suppressed ?? meaning.suppressed) && { suppressed: suppressed ?? meaning.suppressed }),
  };
}

/** The word for a state that a file is counted by; `undefined` where its column is empty. */
export function stateWord(text: string, { map }: CellOptions): string | undefined {
  const word = text.trim().toLowerCase();
  if (word === '') return undefined;
  return map?.states['*'] !== undefined && map.states[word] === undefined ? '*' : shortened(word);
}

function readState(word: string, { map }: CellOptions): StateMeaning | Invalid {
  const name =
    word === '' ? (map?.stateOtherwise ?? 'active') : (map?.states[word] ?? map?.states['*'] ?? STATE_WORDS[word]);
  if (name) return STATE_MEANINGS[name];
  return new Invalid(
    `“${shortened(word)}” is not a known state; --map-value "${shortened(word)}=active" would say what it means`,
  );
}

/** Why a cell cannot be used. */
class Invalid {
  constructor(readonly why: string) {}
}

function readAddress(text: string) {
  if (text === '') return new Invalid('the address is missing');
  return addressFrom(text) ?? new Invalid(`“${shortened(text)}” is not an address that mail can be sent to`);
}

function readText(text: string): string | Invalid {
  const line = plainLine(text);
  return line.length > LONGEST_TEXT ? new Invalid(`is longer than ${LONGEST_TEXT} characters`) : line;
}

function readLanguage(text: string): string | undefined | Invalid {
  if (text === '') return undefined;
  try {
    return Intl.getCanonicalLocales(text.replaceAll('_', '-'))[0];
  } catch {
    return new Invalid(`“${shortened(text)}” is not a language code such as en or pt-BR`);
  }
}

/** Empty or `*`: everything. A lone separator: nothing. */
function readPreferences(text: string, known: readonly Category[] | undefined): CategoryPreferences | Invalid {
  if (text === '' || text === '*') return undefined;
  const spellings = text.split(/[;|]/).flatMap((part) => plainLine(part) || []);
  const keys = spellings.map((spelling) => (known ? knownKey(spelling, known) : categoryKey(spelling)));
  const unknown = spellings.filter((_, index) => keys[index] === undefined);
  if (unknown.length === 0) return [...new Set(keys as string[])];
  const names = unknown.map((spelling) => `“${shortened(spelling)}”`).join(', ');
  const there = known?.map(({ key }) => key).join(', ') || 'no categories';
  return new Invalid(`${names} is not a category of the newsletter; it has ${there}`);
}

function knownKey(spelling: string, categories: readonly Category[]): string | undefined {
  const key = categoryKey(spelling);
  if (key === OTHER) return OTHER;
  const spellingsOf = (category: Category) => [category.key, ...category.also, ...Object.values(category.title)];
  return categories.find((category) => spellingsOf(category).some((known) => categoryKey(known) === key))?.key;
}

function readConsentSource(text: string, { consentSource }: CellOptions): string | Invalid {
  const source = readText(text || (consentSource ?? ''));
  return source === '' ? new Invalid('how consent was given is missing') : source;
}

// Go programs print the zone again after the offset: `+0000 UTC`, `+0000 +0000`.
const TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?)?\s*(?:(Z|UTC|[+-]\d{2}:?\d{2})|([+-]\d{4}) (?:[A-Z]{1,6}|[+-]\d{2,4}))?$/i;

/** ISO 8601; a date alone, or a time without offset, is UTC. */
function readConsentTime(text: string, options: CellOptions): Date | Invalid {
  if (text === '') return options.consentSource ? options.now : new Invalid('when consent was given is missing');
  const [, day, minute = '00:00', second = ':00', short, long] = TIME.exec(text) ?? [];
  const offset = short ?? long ?? 'Z';
  const zone = /^(?:Z|UTC)$/i.test(offset) ? 'Z' : offset.replace(/^(.\d\d):?/, '$1:');
  const at = new Date(`${day}T${minute}${second}${zone}`);
  // JavaScript turns 30 February into 2 March; such a date is a typing error.
  const isDate = day !== undefined && new Date(day).getUTCDate() === Number(day.slice(8)) && !Number.isNaN(+at);
  if (!isDate) return new Invalid(`“${shortened(text)}” is not a date such as 2026-03-12 or 2026-03-12T09:30:00Z`);
  return at > options.now ? new Invalid(`“${shortened(text)}” is in the future`) : at;
}

function readOneOf<Word extends string>(words: readonly Word[], text: string): Word | Invalid {
  const found = words.find((word) => word === text.toLowerCase());
  return found ?? new Invalid(`“${shortened(text)}” is not one of ${words.join(', ')}`);
}

function shortened(text: string): string {
  const line = plainLine(text);
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
