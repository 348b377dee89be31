/** Reads the keys of front matter by what they should be; what is something else becomes trouble. */
import { type WrittenDate, writtenDateFrom } from './dates.js';
import type { Field, FrontMatter } from './front-matter.js';
import type { Trouble } from './trouble.js';

/** Reads fields by name; collects trouble instead of stopping at the first. */
export interface FieldReader {
  readonly troubles: Trouble[];
  /** The first of these keys that has a value. */
  field(...keys: readonly string[]): Field | undefined;
  /** Text; a number or a truth value is taken as it is written. */
  text(...keys: readonly string[]): string | undefined;
  /** True, false, or absent. */
  flag(key: string): boolean | undefined;
  date(...keys: readonly string[]): WrittenDate | undefined;
  /** A list of texts; a single text is a list of one. */
  list(...keys: readonly string[]): readonly string[];
  complain(field: Field, message: string): undefined;
}

/** @param timezone where dates without an offset are read */
export function openFields({ fields }: FrontMatter, timezone: string): FieldReader {
  const troubles: Trouble[] = [];
  const complain = ({ line, column }: Field, message: string): undefined => {
    troubles.push({ line, column, message });
  };
  const field = (...keys: readonly string[]) =>
    keys.map((key) => fields.get(key)).find((found) => found !== undefined && !isBlank(found.value));
  const reader: FieldReader = {
    troubles,
    field,
    complain,
    text: (...keys) => {
      const found = field(...keys);
      if (found === undefined) return undefined;
      return textOf(found.value, found.written) ?? complain(found, `“${found.key}” must be text.`);
    },
    flag: (key) => {
      const found = field(key);
      if (found === undefined) return undefined;
      return flagFrom(found.value) ?? complain(found, `“${found.key}” must be true or false.`);
    },
    date: (...keys) => {
      const found = field(...keys);
      if (found === undefined) return undefined;
      const written = textOf(found.value, found.written);
      const date = written === undefined ? undefined : writtenDateFrom(written, timezone);
      return date ?? complain(found, `“${found.key}” is no date. Write it as 2026-06-09 or 2026-06-09 14:30.`);
    },
    list: (...keys) => {
      const found = field(...keys);
      if (found === undefined) return [];
      const texts = textsOf(found.value, found.written);
      return texts ?? complain(found, `“${found.key}” must be text, a map with “name”, or a list of these.`) ?? [];
    },
  };
  return reader;
}

/** What a value says as one text: `title: 2024` is a title. `undefined` when it is a list or a map. */
export function textOf(value: unknown, written?: string): string | undefined {
  if (typeof value === 'string') return tidy(value);
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
    return tidy(written ?? String(value));
  }
  return undefined;
}

/** One own property of a map of front matter, as text. */
export function textAt(map: unknown, ...keys: readonly string[]): string | undefined {
  if (!isMap(map)) return undefined;
  const found = keys.find((key) => Object.hasOwn(map, key) && !isBlank(map[key]));
  return found === undefined ? undefined : textOf(map[found]);
}

export function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textsOf(value: unknown, written: string | undefined): readonly string[] | undefined {
  if (!Array.isArray(value)) {
    const text = textOf(value, written) ?? textAt(value, 'name', 'title', 'label');
    return text === undefined ? undefined : [text];
  }
  const texts: string[] = [];
  for (const one of value.filter((item) => !isBlank(item))) {
    const inner = textsOf(one, undefined);
    if (inner === undefined) return undefined;
    texts.push(...inner);
  }
  return texts;
}

function flagFrom(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  // What YAML 1.1, which Jekyll and Hugo read, takes for truth values.
  if (typeof value !== 'string') return undefined;
  if (/^(?:true|yes|on)$/i.test(value.trim())) return true;
  return /^(?:false|no|off)$/i.test(value.trim()) ? false : undefined;
}

function isBlank(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
}

function tidy(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes in YAML can make any character
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\uFDD0-\uFDEF\uFEFF]|\p{Surrogate}/gu, '').trim();
}
