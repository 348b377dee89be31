/** The tags of a text in one pass, in time that grows with the text alone. For checks at every rendering, where a parser is too slow. */

export interface Tag {
  /** In small letters. */
  readonly name: string;
  readonly isClosing: boolean;
  /** Written `<name />`. */
  readonly isEmpty: boolean;
  /** As written, between the name and the end of the tag. */
  readonly attributes: string;
  /** Where its `<` is. */
  readonly at: number;
}

/** Every tag of a text; a comment has none, unless `inComments`. */
export function* tagsIn(text: string, { inComments = false } = {}): Generator<Tag> {
  let at = text.indexOf('<');
  while (at !== -1) {
    const end = yield* tagAt(text, at, inComments);
    at = text.indexOf('<', end);
  }
}

/** Yields the tag that begins here, if one does. Returns where to look on. */
function* tagAt(text: string, at: number, inComments: boolean): Generator<Tag, number> {
  if (text.startsWith('<!--', at)) return inComments ? at + 4 : after(text, '-->', at + 4);
  if (text.startsWith('<![CDATA[', at)) return after(text, ']]>', at + 9);
  const isClosing = text.charAt(at + 1) === '/';
  const from = at + (isClosing ? 2 : 1);
  const name = nameAt(text, from);
  if (name === '') return at + 1;
  const end = endOfTag(text, from + name.length);
  const attributes = text.slice(from + name.length, end);
  yield { name: name.toLowerCase(), isClosing, isEmpty: attributes.endsWith('/'), attributes, at };
  return end + 1;
}

function after(text: string, closer: string, from: number): number {
  const end = text.indexOf(closer, from);
  return end === -1 ? text.length : end + closer.length;
}

function nameAt(text: string, from: number): string {
  const pattern = /[A-Za-z][^\s/>]*/y;
  pattern.lastIndex = from;
  return pattern.exec(text)?.[0] ?? '';
}

/** Where the `>` is that ends a tag; a `>` in quotes does not. */
function endOfTag(text: string, from: number): number {
  const pattern = /["'>]/g;
  pattern.lastIndex = from;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    if (found[0] === '>') return found.index;
    const closing = text.indexOf(found[0], pattern.lastIndex);
    if (closing === -1) return text.length;
    pattern.lastIndex = closing + 1;
  }
  return text.length;
}

/** The attributes of a tag by name in small letters, as written; the first of one written twice counts, as in browsers. */
export function attributesOf({ attributes }: Tag): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const pattern = /([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;
  for (const [, name = '', double, single, bare] of attributes.matchAll(pattern)) {
    const key = name.toLowerCase();
    if (!found.has(key)) found.set(key, double ?? single ?? bare ?? '');
  }
  return found;
}
