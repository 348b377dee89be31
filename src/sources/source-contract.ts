/** What every source promises, as tests for any runner: a source that passes them works with everything else. */
import assert from 'node:assert/strict';
import { GazetteError } from '../domain/errors.js';
import type { Html } from '../domain/html.js';
import type { CollectRequest, Source } from '../domain/ports/content.js';
import type { BodyReading, Collection, Post } from '../domain/post.js';

export interface SourceUnderTest {
  /** Opens the source anew over the same place, which has at least two posts and does not change. */
  open(): Source | Promise<Source>;
  /** Opens it over a place that cannot be read: a folder that is missing, a server that is down. */
  openUnreadable(): Source | Promise<Source>;
}

/** One test: it rejects with what is wrong. */
export interface ContractTest {
  readonly name: string;
  run(): Promise<void>;
}

const NOW = new Date('2026-06-15T07:00:00Z');

/** Collects, and gives what was kept, as a store would hand it back. */
async function collectOnce(source: Source, given: Partial<CollectRequest> = {}) {
  let kept: unknown;
  const keep = (value: unknown) => {
    kept = value;
  };
  const collection = await source.collect({ now: NOW, keep, ...given });
  return { collection, kept };
}

/** The tests of a source, to be handed to a test runner one by one. */
export function sourceContract({ open, openUnreadable }: SourceUnderTest): readonly ContractTest[] {
  const test = (name: string, run: () => Promise<void>): ContractTest => ({ name, run });
  return [
    test('gives its posts under its own name', async () => {
      const source = await open();
      const { collection } = await collectOnce(source);
      assert.equal(collection.source, source.name);
      assert.ok(collection.posts.length >= 2, 'The place of a source under test needs at least two posts.');
      for (const post of collection.posts) assert.equal(post.source, source.name);
      for (const { source: name } of collection.broken) assert.equal(name, source.name);
      assert.equal(typeof collection.complete, 'boolean');
    }),
    test('gives each post a title, a date, a place and a key of its own', async () => {
      const { posts } = (await collectOnce(await open())).collection;
      for (const post of posts) checkHead(post);
      const keys = posts.flatMap(({ keys: { id, url, path } }) => [
        id && `id ${id}`,
        url && `url ${url}`,
        path && `path ${path}`,
      ]);
      const given = keys.filter((key) => key !== undefined && key !== '');
      assert.deepEqual(given, [...new Set(given)], 'Two posts have one key.');
    }),
    test('tells of each post it cannot read where it is and why', async () => {
      for (const { where, message } of (await collectOnce(await open())).collection.broken) {
        assert.notEqual(where.trim(), '');
        assert.notEqual(message.trim(), '');
      }
    }),
    test('gives clean bodies: with the posts, or when it is asked for them', async () => {
      const source = await open();
      const { posts } = (await collectOnce(source)).collection;
      const bodies = await bodiesOf(source, posts);
      assert.equal(bodies.length, posts.length, 'There is not one body for each post.');
      for (const body of bodies) if (body.kind === 'body') checkHtml(body.body);
      assert.ok(
        bodies.some(({ kind }) => kind === 'body'),
        'No body can be read.',
      );
    }),
    test('gives the same result for a place that has not changed, whichever instance reads it', async () => {
      const first = (await collectOnce(await open())).collection;
      const second = (await collectOnce(await open())).collection;
      assert.deepEqual(identities(second), identities(first));
    }),
    test('knows at the next collection what it kept, in a form that survives storage', async () => {
      const first = await collectOnce(await open());
      const kept = first.kept === undefined ? undefined : JSON.parse(JSON.stringify(first.kept));
      const second = (await collectOnce(await open(), { kept })).collection;
      const known = new Map(identities(first.collection));
      for (const [key, identity] of identities(second)) assert.deepEqual(known.get(key), identity);
      // Only a listing that is not whole may leave out what is known.
      if (second.complete) assert.deepEqual(identities(second), identities(first.collection));
    }),
    test('reads everything where it does not understand what was kept', async () => {
      const first = (await collectOnce(await open())).collection;
      for (const kept of [null, 'x', 7, [], { of: 'another release' }]) {
        const { collection } = await collectOnce(await open(), { kept });
        assert.deepEqual(identities(collection), identities(first));
      }
    }),
    test('stops when it is told to', async () => {
      const source = await open();
      await assert.rejects(collectOnce(source, { signal: AbortSignal.abort(new Error('stop')) }));
    }),
    test('fails as a whole, and with a hint, where its place cannot be read', async () => {
      const failure = await collectOnce(await openUnreadable()).catch((error: unknown) => error);
      assert.ok(failure instanceof GazetteError, `It does not fail with a GazetteError: ${String(failure)}`);
      assert.equal(failure.code, 'source.failed');
      assert.notEqual(failure.hint, '');
    }),
  ];
}

function checkHead(post: Post): void {
  const { title, publishedAt, place, keys, url, draft, authors, categories, image } = post;
  assert.match(title, /\S/, 'A post has no title.');
  assert.doesNotMatch(title, /[\n\t]/, `A title has several lines: ${title}`);
  assert.ok(publishedAt instanceof Date && !Number.isNaN(publishedAt.getTime()), `“${title}” has no date.`);
  assert.notEqual(place, '', `“${title}” has no place.`);
  assert.ok(keys.id ?? keys.url ?? keys.path, `“${title}” has no key.`);
  if (url !== undefined) checkWebAddress(url);
  if (image !== undefined) checkWebAddress(image.src);
  assert.equal(typeof draft, 'boolean');
  for (const name of [...authors, ...categories]) assert.match(name, /\S/, `“${title}” has an empty name.`);
}

function checkWebAddress(address: string): void {
  assert.ok(URL.canParse(address), `No absolute address: ${address}`);
  assert.match(new URL(address).protocol, /^https?:$/, `No address of the web: ${address}`);
}

async function bodiesOf(source: Source, posts: readonly Post[]): Promise<readonly BodyReading[]> {
  const own = posts.flatMap(({ body }): readonly BodyReading[] => (body ? [{ kind: 'body', body }] : []));
  return own.length === posts.length ? own : ((await source.bodies?.(posts)) ?? []);
}

const NEVER = new Set([
  'script',
  'style',
  'iframe',
  'object',
  'embed',
  'form',
  'input',
  'svg',
  'math',
  'link',
  'meta',
  'base',
]);

function checkHtml(html: Html): void {
  for (const node of html) {
    if (node.type !== 'element') continue;
    assert.ok(!NEVER.has(node.tagName), `A body has <${node.tagName}>.`);
    for (const [name, value] of Object.entries(node.properties)) {
      assert.doesNotMatch(name, /^(?:on|style$)/i, `A body has the attribute ${name}.`);
      if (name === 'src') checkWebAddress(String(value));
      if (name === 'href' && !/^mailto:/.test(String(value))) checkWebAddress(String(value));
    }
    checkHtml(node.children);
  }
}

/** What makes a post this post, by its first key. */
function identities({ posts }: Collection): readonly (readonly [string, readonly unknown[]])[] {
  return posts.map(({ keys, title, publishedAt, bodyHash }) => [
    keys.id ?? keys.url ?? keys.path ?? '',
    [keys, title, publishedAt, bodyHash],
  ]);
}
