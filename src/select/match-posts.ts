/**
 * Tells which collected post is which known one (rule: identity). Pure, and near-linear in the number of posts.
 *
 * A post is compared by its keys (id, address, path), its words (title, date, body) and the name of its file. `ROWS` lists,
 * surest first, what must agree for two to be one post; each row pairs what the rows before it have left, one to one. So
 *
 * - a key that a post has now counts before one that it had once;
 * - an id decides, unless it would tear a post from a file in which nothing else has changed; a different id makes another
 *   post, except in a file in which nothing else has changed;
 * - a path or address alone does not: where title, date and body are all different, the name was used again for a new post;
 * - a move, known by words alone, needs a post that this very collection no longer lists where it was, and two of file name,
 *   title, date and body, one of them a title or body that only these two have: what several posts share (`Note`, an empty
 *   body) tells nothing by itself;
 * - ids, addresses and words are held against the other sources of a newsletter too, paths are not; an id of another source
 *   needs one more agreement, since two sources may number their posts alike;
 * - a post withdrawn at an earlier look comes back by a key together with its title or body, or by its id, never by words.
 *
 * Taken as new, since nothing tells them from a new post: a post renamed and rewritten (two of title, date and body) between
 * two looks, one whose title, date and body all change in its file, and one that leaves at one look and comes back at a later
 * one under other keys. Taken for an edited post is one that takes the file of another of the same date, which is gone. A view, such as a feed or one file, does not list everything: in it nothing has moved, and a post whose
 * words have all changed is an edited one.
 */
import type { KnownPosts } from '../domain/ports/posts.js';
import type { BrokenPost, Collection, KnownPost, Post, PostHead } from '../domain/post.js';

export interface Matches {
  /** The known uid of each recognised post. */
  readonly uids: ReadonlyMap<Post, string>;
  /** What is listed but cannot be read, by the known uid it is told of. */
  readonly broken: ReadonlyMap<string, BrokenPost>;
  /** Sources that were not read, and hold a post that may have moved from there: only reading them can tell. */
  readonly unread: ReadonlySet<string>;
}

const KEYS = ['id', 'url', 'path'] as const;
type Key = (typeof KEYS)[number];
type Facet = Key | 'slug' | 'title' | 'date' | 'body' | 'rareTitle' | 'rareBody';

interface Row {
  readonly facets: readonly Facet[];
  /** Held against known posts of the same source, or of the other sources of its newsletters. */
  readonly among: 'own' | 'others';
  /** The key is one that the known post had before. */
  readonly isPast: boolean;
  /** Also where both have an id and not the same. */
  readonly withOtherId: boolean;
  /** In a view alone, which cannot say that the post before is gone. */
  readonly inViews: boolean;
}

/** Where listed files that cannot be read take their posts: what is found elsewhere by every word of it has moved. */
const BROKEN = 'broken';

const MOVES = [
  'rareTitle date',
  'rareTitle body',
  'title rareBody',
  'date rareBody',
  'slug rareTitle',
  'slug rareBody',
];

const ROWS: readonly (Row | typeof BROKEN)[] = [
  ...rows('own', ['path url title date body', 'path title date body', 'url title date body'], { withOtherId: true }),
  ...rows('own', ['id path', 'id url', 'id title', 'id body']),
  ...rows('own', ['path rareTitle date', 'path rareTitle body', 'path title rareBody', 'path date rareBody']),
  ...rows('own', ['url rareTitle date', 'url rareTitle body', 'url title rareBody', 'url date rareBody']),
  ...rows('own', ['id', 'slug title date body', 'title date body']),
  BROKEN,
  ...rows('others', ['url title date body'], { withOtherId: true }),
  ...rows('others', ['id url', 'id title', 'id body', 'id date', 'slug title date body', 'title date body']),
  ...rows('own', ['path title date', 'path title body', 'path date body']),
  ...rows('own', ['url title date', 'url title body', 'url date body']),
  ...rows('own', ['path rareTitle', 'path rareBody', 'url rareTitle', 'url rareBody']),
  ...rows('own', MOVES),
  ...rows('others', ['url rareTitle', 'url rareBody', 'url title', 'url body']),
  ...rows('others', MOVES),
  ...rows('own', ['path title', 'path body', 'url title', 'url body', 'path date', 'url date']),
  ...rows('others', ['url date']),
  ...rows('own', ['id', 'path rareTitle', 'path rareBody', 'url rareTitle', 'url rareBody'], { isPast: true }),
  ...rows('others', ['id title', 'id body', 'url rareTitle', 'url rareBody'], { isPast: true }),
  ...rows('own', ['path', 'url'], { inViews: true }),
];

function rows(among: Row['among'], lists: readonly string[], more: Partial<Row> = {}): readonly Row[] {
  return lists.map((list) => {
    const facets = list.split(' ') as Facet[];
    return { facets, among, isPast: false, withOtherId: false, inViews: false, ...more };
  });
}

/**
 * Pairs what was collected with what is known.
 * @param collections one for each source that was read
 * @param known of these sources and of those that share a newsletter with them
 */
export function matchPosts(collections: readonly Collection[], known: KnownPosts): Matches {
  const { uids, broken } = paired(collections, known);
  return { uids, broken, unread: unreadRivals(collections, known, uids) };
}

function paired(collections: readonly Collection[], known: KnownPosts): State {
  const state = openState(collections, known);
  for (const row of ROWS) {
    if (row === BROKEN) claimBrokenFiles(state);
    else for (const collection of collections) pair(state, row, collection);
  }
  claimBrokenKeys(state);
  return state;
}

/** Sources that were not read and hold a post that a collected one would be taken for, were it gone from there. */
function unreadRivals(
  collections: readonly Collection[],
  { posts, ...known }: KnownPosts,
  uids: ReadonlyMap<Post, string>,
): ReadonlySet<string> {
  const read = new Set(collections.map(({ source }) => source));
  const unread = new Set(posts.flatMap(({ post: { source } }) => (read.has(source) ? [] : [source])));
  const heads = new Map(posts.map(({ uid, post }) => [uid, post]));
  const isPlain = (post: Post) => {
    const head = heads.get(uids.get(post) ?? '');
    return head?.title === post.title && head.bodyHash === post.bodyHash;
  };
  if (unread.size === 0 || collections.every((each) => each.posts.every(isPlain))) return new Set();
  const empty = [...unread].map((source): Collection => ({ source, posts: [], broken: [], complete: true }));
  const supposed = paired([...collections, ...empty], { posts, ...known });
  return new Set(
    [...supposed.uids.values()].flatMap((uid) => heads.get(uid)?.source ?? []).filter((name) => unread.has(name)),
  );
}

interface State {
  readonly lookedAt: KnownPosts['lookedAt'];
  readonly listings: ReadonlyMap<string, Collection>;
  readonly bySource: ReadonlyMap<string, readonly KnownPost[]>;
  readonly pastKeys: ReadonlyMap<string, readonly (readonly [kind: Key, value: string])[]>;
  readonly isRare: Rarity;
  readonly uids: Map<Post, string>;
  readonly claimed: Set<string>;
  readonly broken: Map<string, BrokenPost>;
}

function openState(collections: readonly Collection[], known: KnownPosts): State {
  const inOrder = [...known.posts].sort((one, other) => compare(one.post.place, other.post.place));
  return {
    lookedAt: known.lookedAt,
    listings: new Map(collections.map((each) => [each.source, each])),
    bySource: groupedBy(inOrder, ({ post }) => post.source),
    pastKeys: pastKeysOf(known),
    isRare: openRarity(collections, known.posts),
    uids: new Map(),
    claimed: new Set(),
    broken: new Map(),
  };
}

/** Pairs, one to one, the posts of a collection with the candidates that agree in every facet of a row. */
function pair(state: State, row: Row, { source, posts, complete }: Collection): void {
  if (row.inViews && complete) return;
  const candidates = candidatesFor(state, row, source);
  if (candidates.length === 0) return;
  const waiting = waitingFor(state, row, posts);
  if (waiting.size === 0) return;
  for (const known of candidates) {
    for (const value of textsOf(state, row, known)) {
      const { withId = [], withoutId = [] } = waiting.get(value) ?? {};
      const mayHaveId = row.withOtherId || row.facets.includes('id') || known.post.keys.id === undefined;
      const post = withoutId.pop() ?? (mayHaveId ? withId.pop() : undefined);
      if (!post) continue;
      state.uids.set(post, known.uid);
      state.claimed.add(known.uid);
      break;
    }
  }
}

interface Waiting {
  readonly withId: Post[];
  readonly withoutId: Post[];
}

/** The posts that wait for their known one, by what they say to a row; the last of a list comes first. */
function waitingFor(state: State, row: Row, posts: readonly Post[]): ReadonlyMap<string, Waiting> {
  const waiting = new Map<string, Waiting>();
  for (let index = posts.length - 1; index >= 0; index -= 1) {
    const post = posts[index] as Post;
    const value = state.uids.has(post) ? undefined : textOf(state, row, post, 'collected');
    if (value === undefined) continue;
    const lists = waiting.get(value) ?? { withId: [], withoutId: [] };
    waiting.set(value, lists);
    (post.keys.id === undefined ? lists.withoutId : lists.withId).push(post);
  }
  return waiting;
}

/** What brings a withdrawn post back together with a key; so do title, date and body all three. */
const TELLING: ReadonlySet<Facet> = new Set(['id', 'rareTitle', 'rareBody']);

/** The known posts a row may pair with what a source lists. */
function candidatesFor(state: State, row: Row, source: string): readonly KnownPost[] {
  const { bySource, listings, claimed } = state;
  const lookedAt = state.lookedAt.get(source);
  const hasKey = row.facets.some(isKey);
  const restores = hasKey && (row.facets.some((facet) => TELLING.has(facet)) || row.facets.length > 3);
  const isCandidate = ({ uid, withdrawnAt, post }: KnownPost) => {
    if (claimed.has(uid)) return false;
    if (withdrawnAt) return restores || (lookedAt !== undefined && withdrawnAt > lookedAt);
    const listing = listings.get(post.source);
    return listing !== undefined && (hasKey || listing.complete);
  };
  const own = row.among === 'own';
  const sources = own ? [source] : [...bySource.keys()].filter((name) => name !== source);
  return sources.flatMap((name) => (bySource.get(name) ?? []).filter(isCandidate));
}

/** A file that cannot be read is the post that was in it. */
function claimBrokenFiles(state: State): void {
  for (const { source, broken } of state.listings.values()) {
    if (broken.length === 0) continue;
    const byPath = new Map(broken.map((entry) => [entry.keys.path, entry]));
    for (const known of state.bySource.get(source) ?? []) {
      const entry = byPath.get(known.post.keys.path);
      if (!entry || known.post.keys.path === undefined) continue;
      if (entry.keys.id !== undefined && (known.post.keys.id ?? entry.keys.id) !== entry.keys.id) continue;
      tellBroken(state, known, entry);
    }
  }
}

/** Neither is a post gone whose id or address an unreadable file names. */
function claimBrokenKeys(state: State): void {
  for (const { source, broken } of state.listings.values()) {
    const byKey = new Map(
      broken.flatMap((entry) => [[`id ${entry.keys.id}`, entry] as const, [`url ${entry.keys.url}`, entry] as const]),
    );
    if (broken.length === 0) continue;
    for (const known of state.bySource.get(source) ?? []) {
      const { id, url } = known.post.keys;
      const entry = (id && byKey.get(`id ${id}`)) || (url && byKey.get(`url ${url}`));
      if (entry) tellBroken(state, known, entry);
    }
  }
}

function tellBroken({ claimed, broken }: State, { uid }: KnownPost, entry: BrokenPost): void {
  if (claimed.has(uid)) return;
  claimed.add(uid);
  broken.set(uid, entry);
}

function isKey(facet: Facet): facet is Key {
  return (KEYS as readonly Facet[]).includes(facet);
}

/** What a post says to all facets of a row, as one text; `undefined` when it says nothing to one of them. */
function textOf(
  state: State,
  row: Row,
  post: PostHead,
  side: 'collected' | 'known',
  past?: string,
): string | undefined {
  let text = '';
  for (const facet of row.facets) {
    const value = past !== undefined && isKey(facet) ? past : facetOf(state, facet, post, side);
    if (value === undefined) return undefined;
    text += `${value}\u0000`;
  }
  return text;
}

function textsOf(state: State, row: Row, { uid, post }: KnownPost): readonly string[] {
  if (!row.isPast) return [textOf(state, row, post, 'known') ?? []].flat();
  const kind = row.facets.find(isKey);
  const past = (state.pastKeys.get(uid) ?? []).filter(([each]) => each === kind);
  return past.flatMap(([, value]) => textOf(state, row, post, 'known', value) ?? []);
}

function facetOf({ isRare }: State, facet: Facet, post: PostHead, side: 'collected' | 'known'): string | undefined {
  switch (facet) {
    case 'id':
    case 'url':
    case 'path':
      return post.keys[facet];
    case 'slug':
      return slugOf(post.keys.path);
    case 'title':
      return post.title;
    case 'date':
      return String(post.publishedAt.getTime());
    case 'body':
      return post.bodyHash;
    case 'rareTitle':
      return isRare(side, 'title', post) ? post.title : undefined;
    case 'rareBody':
      return isRare(side, 'body', post) ? post.bodyHash : undefined;
  }
}

/** The name of a file without its folder, date and ending, or of the folder of an `index` file. */
function slugOf(path: string | undefined): string | undefined {
  const stem = path?.replace(/\.[^./]+$/, '').replace(/\/_?index$/i, '');
  return stem?.slice(stem.lastIndexOf('/') + 1).replace(/^\d{2,4}-\d{1,2}-\d{1,2}[-_]/, '');
}

type Rarity = (side: 'collected' | 'known', facet: 'title' | 'body', post: PostHead) => boolean;

/** Whether no other post on the same side, in the same source, has that title or body; an empty body identifies no post. */
function openRarity(collections: readonly Collection[], known: readonly KnownPost[]): Rarity {
  const counts = new Map<string, number>();
  const nameOf = (side: string, facet: 'title' | 'body', { source, title, bodyHash }: PostHead) =>
    `${side} ${facet} ${source}\u0000${facet === 'title' ? title : bodyHash}`;
  const count = (side: string, post: PostHead) => {
    for (const facet of ['title', 'body'] as const) {
      const text = nameOf(side, facet, post);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  };
  for (const { posts } of collections) for (const post of posts) count('collected', post);
  for (const { post } of known) count('known', post);
  return (side, facet, post) =>
    (facet === 'title' || post.bodyHash !== '') && counts.get(nameOf(side, facet, post)) === 1;
}

/** Every key of a post that it does not have any more, by its uid. */
function pastKeysOf({ posts, keys }: KnownPosts): State['pastKeys'] {
  const heads = new Map(posts.map(({ uid, post }) => [uid, post]));
  const past = new Map<string, (readonly [Key, string])[]>();
  for (const { kind, value, uid } of keys) {
    const head = heads.get(uid);
    if (!head || head.keys[kind] === value) continue;
    const list = past.get(uid) ?? [];
    past.set(uid, list);
    list.push([kind, value]);
  }
  return past;
}

function groupedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? [];
    groups.set(keyOf(item), group);
    group.push(item);
  }
  return groups;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
