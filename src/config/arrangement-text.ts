/**
 * The text of an arrangement. A file is changed only where it must be: everything around a changed key keeps every byte, and
 * within it comments, quotes and order are kept where possible.
 */
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Arrangement, TextByLanguage } from '../domain/arrangement.js';
import { type ArrangementKeys, arrangementSettings, settingsFrom, wordsIn } from './arrangement-settings.js';
import { yamlPieces } from './yaml-pieces.js';

const KEYS = Object.keys(arrangementSettings.shape) as (keyof ArrangementKeys)[];
const SCHEMA_LINE = /^\s*#\s*yaml-language-server:/;

type Value = readonly string[] | TextByLanguage | undefined;

/** @param before what the file holds; absent for a new one. @param schema where editors' programs find the schema */
export function arrangementText(before: string | undefined, arrangement: Arrangement, schema?: string): string {
  const settings = settingsFrom(arrangement);
  const start = before ?? (schema === undefined ? '' : `# yaml-language-server: $schema=${schema}\n`);
  const text = start.replaceAll('\r\n', '\n');
  const cut = yamlPieces(text);
  if (!cut) return wholeWith(text, settings);
  const { head, pieces } = cut;
  const kept = pieces.map(({ key, body, tail }) => {
    const isKnown = (KEYS as string[]).includes(key);
    return `${isKnown ? bodyWith(body, key, settings[key as keyof ArrangementKeys]) : body}${tail}`;
  });
  const known = new Set(pieces.map(({ key }) => key));
  const added = KEYS.filter((key) => !known.has(key)).map((key) => bodyWith('', key, settings[key]));
  const after = [head, ...kept, ...added].reduce(
    (whole, part) => `${whole}${part === '' ? '' : openLine(whole)}${part}`,
  );
  return start.includes('\r\n') ? after.replaceAll('\n', '\r\n') : after;
}

/** Whether a text says anything to people; where its schema is does not count. */
export function holdsComments(text: string): boolean {
  return text.split('\n').some((line) => /^\s*#/.test(line) && !SCHEMA_LINE.test(line));
}

function openLine(text: string): string {
  return text === '' || text.endsWith('\n') ? '' : '\n';
}

/** A file laid out in another way than key under key: its comments stay, its layout as far as it can. */
function wholeWith(text: string, settings: ArrangementKeys): string {
  const document = parseDocument(text);
  const { set, remove } = openEditor(document);
  const root = document.contents as unknown as Root;
  for (const key of KEYS) {
    const pair = root.items.find((each) => keyOf(each) === key);
    if (!isNothing(settings[key])) set(root, key, settings[key]);
    else if (pair) remove(root, pair);
  }
  return document.toString(layoutOf(text));
}

/** One key with its new value; of a value that goes, the notes on lines of their own. */
function bodyWith(body: string, key: string, value: Value): string {
  const document = parseDocument(body);
  if (!isMap(document.contents)) document.contents = document.createNode({}) as never;
  const root = document.contents as unknown as Root;
  if (isNothing(value)) {
    const notes = notesIn(root);
    return notes === '' ? '' : `${notes.replace(/^(?=.)/gm, '#')}\n`;
  }
  return openEditor(document).set(root, key, value) ? document.toString(layoutOf(body)) : body;
}

/** As its author indents; lines are never folded. */
function layoutOf(body: string) {
  const indent = /^( +)[^\s#]/m.exec(body)?.[1]?.length ?? 2;
  return {
    lineWidth: 0,
    // The library breaks other double-quoted text over lines, and a line of white space does not survive that.
    doubleQuotedAsJSON: true,
    indent: Math.min(indent, 8),
    indentSeq: !/^-/m.test(body),
    flowCollectionPadding: !/[[{]\S/.test(body),
  };
}

type Root = YAMLMap<Node, Node | null>;

function openEditor(document: Document.Parsed) {
  function nodeFrom(value: Value): Node {
    const node = document.createNode(value) as Node;
    // A text is written alone or by language; an item of a list and a key are names.
    const isText = (place: unknown) => place === null || place === 'value';
    visit(node, {
      Scalar: (place, scalar) => (isText(place) ? write : writeName)(scalar, String(scalar.value)),
    });
    return node;
  }

  /** Whether anything had to be changed. */
  function set(parent: Root, key: string, value: Value): boolean {
    const pair = parent.items.find((each) => keyOf(each) === key);
    const node = pair?.value;
    if (isList(value) && isSeq(node)) return setList(node as YAMLSeq<Node>, value);
    if (typeof value === 'string' && isScalar(node)) return setText(node, value);
    if (isByKey(value) && isMap(node)) return setMap(node as Root, value);
    const fresh = nodeFrom(value);
    if (node?.commentBefore) fresh.commentBefore = node.commentBefore;
    if (node?.comment) fresh.comment = node.comment;
    if (pair) pair.value = fresh;
    else parent.add(document.createPair(key, fresh) as never);
    return true;
  }

  /** Each post keeps its comments; the comments above a removed post move to the next. */
  function setList(list: YAMLSeq<Node>, ids: readonly string[]): boolean {
    const named = (node: Node) => (isScalar(node) ? String(node.value) : undefined);
    const isSame = list.items.length === ids.length && list.items.every((node, index) => named(node) === ids[index]);
    if (isSame) return false;
    let notes = '';
    const kept = new Map<string, Node>();
    for (const node of list.items) {
      const name = named(node);
      notes = joined(notes, node.commentBefore);
      if (name === undefined || !ids.includes(name)) continue;
      node.commentBefore = notes === '' ? null : notes;
      notes = '';
      kept.set(name, node);
    }
    list.items = ids.map((id) => kept.get(id) ?? nodeFrom(id));
    if (notes !== '') list.comment = joined(notes, list.comment);
    return true;
  }

  function setMap(map: Root, values: { readonly [key: string]: string }): boolean {
    const gone = map.items.filter((pair) => !Object.hasOwn(values, keyOf(pair)));
    for (const pair of gone) remove(map, pair);
    const changed = Object.entries(values).filter(([key, value]) => set(map, key, value));
    return gone.length + changed.length > 0;
  }

  function remove(parent: Root, pair: Pair<Node, Node | null>): void {
    const index = parent.items.indexOf(pair);
    parent.items.splice(index, 1);
    const notes = joined(notesIn(pair.key), notesIn(pair.value));
    const next = parent.items[index];
    if (notes === '') return;
    if (next) next.key.commentBefore = joined(notes, next.key.commentBefore);
    else parent.comment = joined(parent.comment, notes);
  }

  return { set, remove };
}

/** The comments on lines of their own. */
function notesIn(node: Node | null): string {
  if (!node) return '';
  const parts: string[] = [node.commentBefore ?? ''];
  if (isSeq(node)) parts.push(...(node.items as Node[]).map(notesIn));
  if (isMap(node)) parts.push(...(node as Root).items.flatMap(({ key, value }) => [notesIn(key), notesIn(value)]));
  if (isSeq(node) || isMap(node)) parts.push(node.comment ?? '');
  return joined(...parts);
}

function setText(scalar: Scalar, text: string): boolean {
  if (wordsIn(scalar.value) === text) return false;
  write(scalar, text);
  return true;
}

/** White space at the edges and at ends of lines, control characters, and what may be taken for a line's end or a file's start. */
const NEEDS_QUOTES = /^\s|[^\S\n](?:\n|$)|\n$|[\p{Zl}\p{Zp}\p{Cs}\ufeff\ufffe\uffff]|[^\P{Cc}\n\t]/u;

/** Several lines as a block, one as it was; in double quotes what neither can hold byte for byte. */
function write(scalar: Scalar, text: string): void {
  const isSeveral = text.includes('\n');
  scalar.value = isSeveral ? `${text}\n` : text;
  if (NEEDS_QUOTES.test(text)) scalar.type = Scalar.QUOTE_DOUBLE;
  else if (isSeveral) scalar.type = Scalar.BLOCK_LITERAL;
  else if (scalar.type === Scalar.BLOCK_LITERAL || scalar.type === Scalar.BLOCK_FOLDED) scalar.type = Scalar.PLAIN;
}

function writeName(scalar: Scalar, name: string): void {
  if (NEEDS_QUOTES.test(name) || name.includes('\n')) scalar.type = Scalar.QUOTE_DOUBLE;
}

function keyOf({ key }: Pair<Node, Node | null>): string {
  return isScalar(key) ? String(key.value) : '';
}

function isList(value: Value): value is readonly string[] {
  return Array.isArray(value);
}

function isByKey(value: Value): value is { readonly [key: string]: string } {
  return typeof value === 'object' && !isList(value);
}

function isNothing(value: Value): boolean {
  return value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
}

function joined(...texts: readonly (string | null | undefined)[]): string {
  return texts.filter((text) => text).join('\n');
}
