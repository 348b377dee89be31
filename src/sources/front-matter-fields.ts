/** Front matter as fields with their places: YAML and JSON by the same parser, TOML, and Pelican's lines. */
import { parse as parseToml, TomlDate, TomlError } from 'smol-toml';
import { type Document, isMap, isScalar, type Node } from 'yaml';
import { parseYaml } from '../written/parse-yaml.js';
import { NO_SUCH_ALIAS, TOO_DEEP, TOO_MANY_ALIASES, yamlWords } from '../written/yaml-words.js';
import type { Trouble } from './trouble.js';

/** One key of front matter with its value as plain data. */
export interface Field {
  /** As written. */
  readonly key: string;
  readonly value: unknown;
  /** A single value as its author wrote it: `1.10` stays `1.10`. */
  readonly written?: string;
  readonly line: number;
  readonly column: number;
}

export type FieldsResult =
  | { readonly kind: 'fields'; readonly fields: ReadonlyMap<string, Field>; readonly notes: readonly Trouble[] }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

/** @param block the text between the fences, with the line end of the first of them */
export function fieldsFromYaml(block: string): FieldsResult {
  const result = fieldsFromDocument(block, 'YAML');
  if (result.kind === 'fields') return result;
  // Site generators read a quote or bracket that goes on in an unindented line; this parser wants it indented.
  const indented = withContinuationsIndented(block);
  const again = indented === block ? result : fieldsFromDocument(indented, 'YAML');
  return again.kind === 'fields' ? again : result;
}

/** @param block the object with its braces, and the text before it */
export function fieldsFromJson(block: string): FieldsResult {
  return fieldsFromDocument(block, 'JSON');
}

/** @param block the text between the fences, with the line end of the first of them */
export function fieldsFromToml(block: string): FieldsResult {
  let table: { readonly [key: string]: unknown };
  try {
    table = parseToml(block, { integersAsBigInt: 'asNeeded', maxDepth: 100 });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const message = `The front matter is not valid TOML here: ${tomlWords(error.message)}`;
    return { kind: 'trouble', trouble: { line: error.line, column: error.column, message } };
  }
  const lines = tomlLinesOf(block);
  const fields = new FieldMap();
  for (const [key, value] of Object.entries(table)) {
    fields.add({ key, ...plainData(value), line: lines.get(key) ?? 1, column: 1 });
  }
  return fields.result();
}

/** The parser's own words are for those who write parsers. */
function tomlWords(message: string): string {
  if (/redefine|already defined|duplicate/i.test(message)) return 'this key or table is written twice.';
  if (/date|time/i.test(message)) return 'a date is written as 2026-06-01 or 2026-06-01T08:00:00Z, without quotes.';
  if (/escape/i.test(message)) return 'write “\\\\” in double quotes, or use single quotes.';
  if (/depth|nest/i.test(message)) return TOO_DEEP;
  return 'a line is written as key = "value", with every quote and bracket closed.';
}

/** Lines of `Key: value`; `undefined` when they are not these, or name neither a title nor a date. */
export function fieldsFromLines(block: string): FieldsResult | undefined {
  const fields = new FieldMap();
  let last: Field | undefined;
  for (const [index, line] of block.split('\n').entries()) {
    const key = /^([A-Za-z][\w-]*):/.exec(line)?.[1];
    if (key !== undefined) {
      const value = line.slice(key.length + 1).trim();
      last = { key, value, written: value, line: index + 1, column: 1 };
    } else if (last !== undefined && /^[ \t]+\S/.test(line)) last = { ...last, value: `${last.value} ${line.trim()}` };
    else return undefined;
    fields.set(last);
  }
  if (!fields.has('title') || !(fields.has('date') || fields.has('slug') || fields.has('category'))) return undefined;
  for (const key of ['tags', 'authors']) {
    const field = fields.get(key);
    const separator = String(field?.value).includes(';') ? ';' : ',';
    if (field)
      fields.set({
        ...field,
        value: String(field.value)
          .split(separator)
          .map((one) => one.trim()),
      });
  }
  const status = fields.get('status');
  if (status !== undefined && /^(?:draft|hidden|skip)$/i.test(String(status.value))) {
    fields.set({ ...status, key: 'draft', value: true, written: 'true' });
  }
  return fields.result();
}

/** Fields by key in lower case; of a key written twice the last counts, as for every site generator. */
class FieldMap {
  readonly #fields = new Map<string, Field>();
  readonly #notes: Trouble[] = [];

  add(field: Field): void {
    if (this.has(field.key)) {
      const message = `The key “${field.key}” is written twice; the last one counts. Remove the other.`;
      this.#notes.push({ line: field.line, column: field.column, message });
    }
    this.set(field);
  }

  set(field: Field): void {
    this.#fields.set(field.key.toLowerCase(), field);
  }

  get(key: string): Field | undefined {
    return this.#fields.get(key);
  }

  has(key: string): boolean {
    return this.#fields.has(key.toLowerCase());
  }

  result(): FieldsResult {
    return { kind: 'fields', fields: this.#fields, notes: this.#notes };
  }
}

function fieldsFromDocument(block: string, language: 'YAML' | 'JSON'): FieldsResult {
  const { document, placeOf, tooDeepAt } = parseYaml(block, { uniqueKeys: false });
  const trouble = (place: { line: number; column: number }, message: string): FieldsResult => ({
    kind: 'trouble',
    trouble: { ...place, message },
  });
  if (tooDeepAt !== undefined) return trouble(placeOf(tooDeepAt), TOO_DEEP);
  const [error] = document.errors;
  if (error !== undefined) {
    return trouble(placeOf(error.pos[0]), `The front matter is not valid ${language}: ${yamlWords(error, block)}`);
  }
  const fields = new FieldMap();
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return fields.result();
  if (!isMap(root)) {
    return trouble({ line: 2, column: 1 }, 'The front matter is not a list of keys and values, such as “title: …”.');
  }
  for (const { key, value } of root.items) {
    const place = placeOf((isScalar(key) && key.range?.[0]) || 0);
    const data = dataFrom(value as Node | null, document);
    if ('fault' in data) return trouble(place, data.fault);
    fields.add({ key: String(isScalar(key) ? key.value : key), ...place, ...data });
  }
  return fields.result();
}

function dataFrom(node: Node | null, document: Document.Parsed) {
  if (node === null) return { value: null };
  try {
    const value: unknown = node.toJS(document, { maxAliasCount: 50 });
    const written = isScalar(node) && typeof node.source === 'string' ? node.source : undefined;
    return written === undefined || value === null ? { value } : { value, written };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return { fault: /^Unresolved alias/.test(error.message) ? NO_SUCH_ALIAS : TOO_MANY_ALIASES };
  }
}

/** The lines that continue a quote or bracket of an unindented key, indented. */
function withContinuationsIndented(block: string): string {
  let closer: string | undefined;
  return block
    .split('\n')
    .map((line) => {
      const isContinued = closer !== undefined;
      const value = isContinued ? line : /^[\w-]+:[ \t]/.test(line) ? line.slice(line.indexOf(':') + 1).trim() : '';
      closer = openCloser(value, closer);
      return isContinued ? `  ${line}` : line;
    })
    .join('\n');
}

const CLOSERS: { readonly [opener: string]: string } = { '"': '"', "'": "'", '[': ']', '{': '}' };

/** What a value still has to be closed with at the end of its line. @param closer that of the line before */
function openCloser(value: string, closer: string | undefined): string | undefined {
  const wanted = closer ?? CLOSERS[value.charAt(0)];
  if (wanted === undefined) return undefined;
  const rest = closer === undefined ? value.slice(1) : value;
  if (wanted === '"') return /^(?:[^"\\]|\\.)*"/.test(rest) ? undefined : wanted;
  if (wanted === "'") return /^(?:[^']|'')*'(?!')/.test(rest) ? undefined : wanted;
  return rest.trimEnd().endsWith(wanted) ? undefined : wanted;
}

/** On which line each key or table of the top level is written first. */
function tomlLinesOf(block: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let isTop = true;
  for (const [index, line] of block.split('\n').entries()) {
    const isTable = line.trimStart().startsWith('[');
    if (isTable) isTop = false;
    if (!isTable && !isTop) continue;
    const key = /^[^\w-]*([\w-]+)/.exec(line)?.[1];
    if (key !== undefined && !lines.has(key)) lines.set(key, index + 1);
  }
  return lines;
}

/** Plain data without TOML's own dates, which become text as they were written. */
function plainData(value: unknown): { readonly value: unknown; readonly written?: string } {
  if (value instanceof TomlDate) {
    const written = value.toISOString();
    return { value: written, written };
  }
  return { value: withoutDates(value) };
}

function withoutDates(value: unknown): unknown {
  if (value instanceof TomlDate) return value.toISOString();
  if (Array.isArray(value)) return value.map(withoutDates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutDates(inner)]));
}
