/** What is remembered of posts: heads, bodies, every key they ever had, and when they became news; and of looks at sources. */
import type { Suspicion } from '../domain/collecting.js';
import type {
  Candidates,
  CollectionChanges,
  KeptBody,
  KnownKey,
  KnownPosts,
  PostStore,
} from '../domain/ports/posts.js';
import { bodyKeyOf, type KeptListing, type PostHead, type PostKeys } from '../domain/post.js';
import { spellingsOf } from '../domain/same-page.js';
import { noteStale } from './archive-index.js';
import { type Database, type Queries, type Trx, transact } from './database.js';
import { advanceEveryHead, readVersion } from './issues.js';
import { runsOf } from './pages.js';
import { postOutcomeFrom } from './post-outcomes.js';
import { headFrom, knownPostFrom } from './post-rows.js';
import type { PostKeysTable, PostsTable } from './tables.js';

// Below the 32,766 values a statement of SQLite may hold, whatever the table.
const ROWS_AT_ONCE = 200;

const KEY_KINDS: readonly KnownKey['kind'][] = ['id', 'url', 'path'];

export function postStore(database: Database): PostStore {
  const { db } = database;
  return {
    known: (sources) => readKnown(db, sources),
    knownAmong: (sources, keys) => readKnownAmong(db, sources, keys),
    suspicions: async () => (await readSources(db)).suspicions,
    candidates: (newsletter, sources, since, named = []) => readCandidates(db, { newsletter, sources, since, named }),
    listings: (sources) => readListings(db, sources),
    notNews: (source, at) => readNotNews(db, source, at),
    save: (...changes) => save(database, changes),
    bodies: (uids) => readBodies(db, uids),
    keepBodies: (bodies) => transact(database, (trx) => saveBodies(trx, bodies)),
  };
}

/** Reads from the original the bodies that were not read here. */
export function postsOver(original: PostStore, own: PostStore): PostStore {
  return {
    ...own,
    async bodies(uids) {
      const here = await own.bodies(uids);
      const there = await original.bodies(uids.filter((uid) => !here.has(uid)));
      return new Map([...there, ...here]);
    },
  };
}

async function readKnown(db: Queries, sources: readonly string[]): Promise<KnownPosts> {
  if (sources.length === 0) return { posts: [], keys: [], carried: new Set(), ...(await readSources(db, [])) };
  // Read first: what is saved after this line makes a collection stale, never double.
  const version = await readVersion(db);
  const posts = await db
    .selectFrom('posts')
    .selectAll()
    .where('source', 'in', sources)
    .orderBy('published_at')
    .orderBy('uid')
    .execute();
  const keys: KnownKey[] = await db
    .selectFrom('post_keys')
    .selectAll()
    .where('source', 'in', sources)
    .orderBy('source')
    .orderBy('kind')
    .orderBy('value')
    .orderBy('uid')
    .execute();
  const carried = await db
    .selectFrom('post_outcomes')
    .innerJoin('posts', 'posts.uid', 'post_outcomes.uid')
    .select('post_outcomes.uid')
    .distinct()
    .where('posts.source', 'in', sources)
    .where('post_outcomes.kind', '=', 'carried')
    .execute();
  return {
    version,
    posts: posts.map(knownPostFrom),
    keys,
    carried: new Set(carried.map((row) => row.uid)),
    ...(await readSources(db, sources)),
  };
}

type Looks = Pick<KnownPosts, 'firstCollected' | 'lookedAt' | 'suspicions'>;

/** @param names all of them when absent */
async function readSources(db: Queries, names?: readonly string[]): Promise<Looks> {
  const all = names?.length === 0 ? [] : await db.selectFrom('sources').selectAll().orderBy('name').execute();
  const rows = names ? all.filter(({ name }) => names.includes(name)) : all;
  return {
    firstCollected: new Map(rows.map((row) => [row.name, new Date(row.first_collected_at)])),
    lookedAt: new Map(rows.flatMap((row) => (row.looked_at === null ? [] : [[row.name, new Date(row.looked_at)]]))),
    suspicions: new Map(
      rows.flatMap(({ name, suspicion }) => (suspicion === null ? [] : [[name, JSON.parse(suspicion) as Suspicion]])),
    ),
  };
}

async function readKnownAmong(
  db: Queries,
  sources: readonly string[],
  wanted: readonly PostKeys[],
): Promise<KnownPosts> {
  const version = await readVersion(db);
  const values = [
    ...new Set(wanted.flatMap(({ id, url, path }) => [id, url, path].filter((key) => key !== undefined))),
  ];
  const uids = new Set<string>();
  for (const run of runsOf(values, ROWS_AT_ONCE)) {
    const rows = await db
      .selectFrom('post_keys')
      .select('uid')
      .where('source', 'in', sources)
      .where('kind', 'in', KEY_KINDS)
      .where('value', 'in', run)
      .execute();
    for (const { uid } of rows) uids.add(uid);
  }
  const posts: PostsTable[] = [];
  const keys: KnownKey[] = [];
  const carried = new Set<string>();
  for (const run of runsOf([...uids], ROWS_AT_ONCE)) {
    const among = db.selectFrom('posts').selectAll().where('source', 'in', sources);
    posts.push(...(await among.where('uid', 'in', run).execute()));
    const had = db.selectFrom('post_keys').selectAll().where('source', 'in', sources);
    keys.push(...(await had.where('uid', 'in', run).execute()));
    const rows = await db
      .selectFrom('post_outcomes')
      .select('uid')
      .where('uid', 'in', run)
      .where('kind', '=', 'carried')
      .execute();
    for (const { uid } of rows) carried.add(uid);
  }
  return { version, posts: posts.map(knownPostFrom), keys, carried, ...(await readSources(db, sources)) };
}

async function readListings(db: Queries, sources: readonly string[]): Promise<ReadonlyMap<string, KeptListing>> {
  if (sources.length === 0) return new Map();
  const rows = await db.selectFrom('sources').select(['name', 'listing']).where('name', 'in', sources).execute();
  return new Map(
    rows.flatMap(({ name, listing }) => (listing === null ? [] : [[name, JSON.parse(listing) as KeptListing]])),
  );
}

async function readNotNews(db: Queries, source: string, at: Date) {
  const version = await readVersion(db);
  const rows = await db
    .selectFrom('posts')
    .selectAll()
    .where('source', '=', source)
    .where('news_at', 'is', null)
    .where('published_at', '<=', at.getTime())
    .where('withdrawn_at', 'is', null)
    .where('broken_where', 'is', null)
    .execute();
  return { version, posts: rows.map(knownPostFrom) };
}

interface CandidatesWanted {
  readonly newsletter: string;
  readonly sources: readonly string[];
  readonly since: Date | undefined;
  readonly named: readonly string[];
}

/** Posts with one URL or id are judged together, so those that share one with a candidate come along. */
async function readCandidates(
  db: Queries,
  { newsletter, sources, since, named }: CandidatesWanted,
): Promise<Candidates> {
  if (sources.length === 0) return { posts: [], keys: [], outcomes: new Map() };
  const known = () => judgedPosts(db, newsletter, sources);
  const own = since
    ? [...(await waitingPosts(known, newsletter)), ...(await newsSince(known, since))]
    : await known().execute();
  const rows = new Map(own.map((row) => [row.uid, row]));
  const addOwners = async (keys: readonly KnownKey[]) => {
    const uids = [...new Set(keys.map(({ uid }) => uid))].filter((uid) => !rows.has(uid));
    for (const run of runsOf(uids, ROWS_AT_ONCE)) {
      for (const row of await known().where('posts.uid', 'in', run).execute()) rows.set(row.uid, row);
    }
  };
  const keys = await readKeys(db, sources, KEY_KINDS, named);
  await addOwners(keys);
  if (since) {
    const heads = [...rows.values()].map(({ head }) => headFrom(head));
    const urls = heads
      .flatMap(({ keys: { url }, canonical }) => [url, canonical].filter((each) => each !== undefined))
      .flatMap((url) => [url, ...spellingsOf(url)]);
    const ids = heads.flatMap(({ keys: { id } }) => id ?? []);
    await addOwners(await readKeys(db, sources, ['url'], urls));
    await addOwners(await readKeys(db, sources, ['id'], ids));
  }
  const all = [...rows.values()];
  return {
    posts: all.map(knownPostFrom),
    keys,
    outcomes: new Map(
      all.flatMap(({ uid, kind, issue_number, why }) =>
        kind ? [[uid, postOutcomeFrom({ kind, issue_number, why })]] : [],
      ),
    ),
  };
}

/** Posts with what the newsletter remembers of them. */
function judgedPosts(db: Queries, newsletter: string, sources: readonly string[]) {
  return db
    .selectFrom('posts')
    .leftJoin('post_outcomes', (join) =>
      join.onRef('post_outcomes.uid', '=', 'posts.uid').on('post_outcomes.newsletter', '=', newsletter),
    )
    .selectAll('posts')
    .select(['post_outcomes.kind', 'post_outcomes.issue_number', 'post_outcomes.why'])
    .where('posts.source', 'in', sources);
}

type JudgedPosts = () => ReturnType<typeof judgedPosts>;

/** Two queries, so that each has an index: posts of before that wait, and posts of which nothing is remembered yet. */
function waitingPosts(known: JudgedPosts, newsletter: string) {
  const waiting = ['held-over', 'missed'] as const;
  return known()
    .where('post_outcomes.newsletter', '=', newsletter)
    .where('post_outcomes.kind', 'in', waiting)
    .execute();
}

function newsSince(known: JudgedPosts, since: Date) {
  return known()
    .where('post_outcomes.kind', 'is', null)
    .where((eb) => eb(eb.fn.coalesce('posts.news_at', 'posts.published_at'), '>', since.getTime()))
    .execute();
}

async function readKeys(
  db: Queries,
  sources: readonly string[],
  kinds: readonly KnownKey['kind'][],
  values: readonly string[],
): Promise<readonly KnownKey[]> {
  const keys: KnownKey[] = [];
  for (const run of runsOf([...new Set(values)], ROWS_AT_ONCE)) {
    const found = db.selectFrom('post_keys').selectAll().where('source', 'in', sources);
    keys.push(...(await found.where('kind', 'in', kinds).where('value', 'in', run).execute()));
  }
  return keys;
}

async function readBodies(db: Queries, uids: readonly string[]): Promise<ReadonlyMap<string, KeptBody>> {
  const bodies = new Map<string, KeptBody>();
  for (const run of runsOf(uids, ROWS_AT_ONCE)) {
    const rows = await db.selectFrom('post_bodies').selectAll().where('uid', 'in', run).execute();
    for (const row of rows) {
      const body = JSON.parse(row.body) as KeptBody['body'] | null;
      const broken = row.broken === null ? undefined : (JSON.parse(row.broken) as KeptBody['broken']);
      bodies.set(row.uid, { key: row.body_key, ...(body && { body }), ...(broken && { broken }) });
    }
  }
  return bodies;
}

async function saveBodies(trx: Trx, bodies: ReadonlyMap<string, KeptBody>): Promise<void> {
  for (const run of runsOf([...bodies], ROWS_AT_ONCE)) {
    const rows = run.map(([uid, { key, body, broken }]) => ({
      uid,
      body: JSON.stringify(body ?? null),
      body_key: key,
      broken: broken ? JSON.stringify(broken) : null,
    }));
    await trx
      .insertInto('post_bodies')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('uid').doUpdateSet((eb) => ({
          body: eb.fn.coalesce(eb.fn<string>('nullif', [eb.ref('excluded.body'), eb.val('null')]), 'post_bodies.body'),
          body_key: eb.ref('excluded.body_key'),
          broken: eb.ref('excluded.broken'),
        })),
      )
      .execute();
  }
}

/** Ends the transaction of a collection that was recognised against what is not so any more. */
class Stale extends Error {}

async function save(database: Database, all: readonly CollectionChanges[]): Promise<'saved' | 'stale'> {
  try {
    await transact(database, (trx) => saveAll(database, trx, all));
    return 'saved';
  } catch (error) {
    if (error instanceof Stale) return 'stale';
    throw error;
  }
}

async function saveAll(database: Database, trx: Trx, all: readonly CollectionChanges[]): Promise<void> {
  const hasNews = all.some(({ seen, withdrawn, broken }) => seen.length + withdrawn.length + broken.length > 0);
  const { version, cutoff } = hasNews ? await advanceEveryHead(database, trx) : { version: undefined, cutoff: 0 };
  if (version !== undefined && all.some((changes) => version !== (changes.version ?? version))) throw new Stale();
  for (const changes of all) await saveChanges(trx, changes, cutoff);
  await noteStale(trx, [...new Set(all.flatMap(changedIn))]);
}

function changedIn({ seen, withdrawn, broken }: CollectionChanges): readonly string[] {
  return [...seen.map(({ uid }) => uid), ...withdrawn, ...broken.map(({ uid }) => uid)];
}

async function saveChanges(trx: Trx, changes: CollectionChanges, cutoff: number): Promise<void> {
  const at = changes.collectedAt.getTime();
  const { look } = changes;
  const looked = look && { looked_at: at, suspicion: jsonOrNull(look.suspicion), listing: jsonOrNull(look.kept) };
  const changesPosts = changes.seen.length + changes.withdrawn.length + changes.broken.length > 0;
  await trx
    .insertInto('sources')
    .values({
      name: changes.source,
      first_collected_at: at,
      looked_at: null,
      suspicion: null,
      listing: null,
      ...looked,
    })
    .onConflict((conflict) => {
      const known = conflict.column('name');
      if (looked) return known.doUpdateSet(looked);
      // What a view changes is not what was listed.
      return changesPosts ? known.doUpdateSet({ listing: null }) : known.doNothing();
    })
    .execute();
  for (const run of runsOf(latestReadings(changes), ROWS_AT_ONCE)) await saveReadings(trx, changes, run, cutoff);
  for (const run of runsOf(changes.withdrawn, ROWS_AT_ONCE)) {
    await trx
      .updateTable('posts')
      .set((eb) => ({
        withdrawn_at: eb.fn.coalesce('withdrawn_at', eb.val(at)),
        broken_where: null,
        broken_message: null,
      }))
      .where('uid', 'in', run)
      .execute();
  }
  for (const { where, message, uids } of alike(changes.broken)) {
    for (const run of runsOf(uids, ROWS_AT_ONCE)) {
      const told = { broken_where: where, broken_message: message };
      await trx.updateTable('posts').set(told).where('uid', 'in', run).execute();
    }
  }
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** A source that lists too little breaks many posts alike: they are told in one statement. */
function alike(broken: CollectionChanges['broken']) {
  const groups = new Map<string, { readonly where: string; readonly message: string; readonly uids: string[] }>();
  for (const { uid, where, message } of broken) {
    const key = JSON.stringify([where, message]);
    const group = groups.get(key) ?? { where, message, uids: [] };
    groups.set(key, group);
    group.uids.push(uid);
  }
  return groups.values();
}

type Reading = CollectionChanges['seen'][number];

function latestReadings(changes: CollectionChanges): readonly Reading[] {
  return [...new Map(changes.seen.map((reading) => [reading.uid, reading])).values()];
}

/** @param cutoff the latest any newsletter has used: what this collection makes news comes after it */
async function saveReadings(
  trx: Trx,
  { source, collectedAt }: CollectionChanges,
  latest: readonly Reading[],
  cutoff: number,
): Promise<void> {
  const readings = latest.map((reading) => {
    const isNews = reading.newsAt?.getTime() === collectedAt.getTime();
    return isNews && collectedAt.getTime() <= cutoff ? { ...reading, newsAt: new Date(cutoff + 1) } : reading;
  });
  await trx
    .insertInto('posts')
    .values(readings.map((reading) => postRowFrom(source, reading)))
    .onConflict((conflict) =>
      conflict.column('uid').doUpdateSet((eb) => ({
        source: eb.ref('excluded.source'),
        head: eb.ref('excluded.head'),
        published_at: eb.ref('excluded.published_at'),
        // What once was news stays so: a reading that names no moment knows of none, it takes none away.
        news_at: eb.fn.coalesce('excluded.news_at', 'posts.news_at'),
        withdrawn_at: null,
        broken_where: null,
        broken_message: null,
      })),
    )
    .execute();
  const given = readings.flatMap(({ uid, post }): [string, KeptBody][] =>
    post.body ? [[uid, { key: bodyKeyOf(post), body: post.body }]] : [],
  );
  await saveBodies(trx, new Map(given));
  const keys = keyRowsFrom(source, readings);
  if (keys.length === 0) return;
  await trx
    .insertInto('post_keys')
    .values(keys)
    .onConflict((conflict) => conflict.columns(['source', 'kind', 'value', 'uid']).doNothing())
    .execute();
}

function postRowFrom(source: string, { uid, post, newsAt }: Reading): PostsTable {
  const { body: _, ...head } = post;
  return {
    uid,
    source,
    head: JSON.stringify(head),
    published_at: post.publishedAt.getTime(),
    news_at: newsAt?.getTime() ?? null,
    withdrawn_at: null,
    broken_where: null,
    broken_message: null,
  };
}

function keyRowsFrom(source: string, readings: readonly Reading[]): readonly PostKeysTable[] {
  return readings.flatMap(({ uid, post }) => keysOf(post).map(([kind, value]) => ({ source, kind, value, uid })));
}

function keysOf(post: PostHead): readonly (readonly [keyof PostKeys, string])[] {
  const kinds: readonly (keyof PostKeys)[] = ['id', 'url', 'path'];
  return kinds.flatMap((kind) => {
    const value = post.keys[kind];
    return value === undefined ? [] : [[kind, value] as const];
  });
}
