import { describe, expect, it } from 'vitest';
import type { CollectionChanges } from '../../src/domain/ports/posts.js';
import { bodyKeyOf } from '../../src/domain/post.js';
import { aBody, aPost } from '../support/builders.js';
import { frozen, minutesAfter, NOON } from '../support/store-plans.js';
import type { Opened } from './store.contract.js';

function changes(with_: Partial<CollectionChanges>): CollectionChanges {
  return { source: 'blog', collectedAt: NOON, seen: [], withdrawn: [], broken: [], ...with_ };
}

export function postsContract(store: Opened): void {
  describe('posts', () => {
    it('come back as they were read, bodies apart', async () => {
      const post = aPost({
        summary: aBody('In short'),
        expiresAt: minutesAfter(60),
        language: 'de',
        image: { src: 'https://blog.example.org/a.png', alt: 'A', width: 640 },
      });
      await store().posts.save(changes({ seen: [{ uid: 'a', post, newsAt: NOON }] }));
      const { posts } = await store().posts.known(['blog']);
      const { body, ...head } = post;
      expect(posts).toEqual([{ uid: 'a', post: head, newsAt: NOON }]);
      expect(await store().posts.bodies(['a', 'nobody'])).toEqual(new Map([['a', { key: bodyKeyOf(post), body }]]));
    });

    it('keep the last body that could be read, and why a later one cannot', async () => {
      const { body: _, ...post } = aPost();
      const { body: __, ...other } = aPost();
      await store().posts.save(
        changes({
          seen: [
            { uid: 'a', post },
            { uid: 'b', post: other },
          ],
        }),
      );
      expect(await store().posts.bodies(['a', 'b'])).toEqual(new Map());
      const broken = { where: 'a.md:7:1', message: 'Too deep.' };
      await store().posts.keepBodies(new Map([['a', { key: '1', body: aBody('One') }]]));
      await store().posts.keepBodies(
        new Map([
          ['a', { key: '2', broken }],
          ['b', { key: '1', broken }],
        ]),
      );
      expect(await store().posts.bodies(['a', 'b'])).toEqual(
        new Map([
          ['a', { key: '2', body: aBody('One'), broken }],
          ['b', { key: '1', broken }],
        ]),
      );
      await store().posts.keepBodies(new Map([['a', { key: '3', body: [] }]]));
      expect(await store().posts.bodies(['a'])).toEqual(new Map([['a', { key: '3', body: [] }]]));
    });

    it('are candidates with those of the same page, however its address is spelled', async () => {
      const old = (source: string, url: string) =>
        aPost({ source, url, keys: { url }, publishedAt: minutesAfter(-100) });
      const a = aPost({ publishedAt: minutesAfter(5), url: 'https://www.b.example/a/?utm_source=x' });
      const candidate = { ...a, keys: { url: a.url as string } };
      await store().posts.save(
        changes({ seen: [{ uid: 'a', post: candidate, newsAt: minutesAfter(5) }] }),
        changes({
          source: 'notes',
          seen: [
            { uid: 'b', post: old('notes', 'http://b.example/a'), newsAt: minutesAfter(-100) },
            { uid: 'c', post: old('notes', 'http://b.example/c'), newsAt: minutesAfter(-100) },
          ],
        }),
      );
      const { posts } = await store().posts.candidates('weekly', ['blog', 'notes'], NOON);
      expect(posts.map(({ uid }) => uid).sort()).toEqual(['a', 'b']);
    });

    it('come with what was listed, until something else changes them', async () => {
      const kept = { listing: 'one', broken: [], notes: [{ kind: 'undated' as const, count: 2, example: 'a.md' }] };
      const seen = [{ uid: 'a', post: aPost() }];
      await store().posts.save(changes({ seen, look: { kept } }), changes({ source: 'notes', look: {} }));
      expect(await store().posts.listings(['blog', 'notes', 'nobody'])).toEqual(new Map([['blog', kept]]));
      await store().posts.save(changes({}));
      expect((await store().posts.listings(['blog'])).size).toBe(1);
      await store().posts.save(changes({ seen }));
      expect((await store().posts.listings(['blog'])).size).toBe(0);
    });

    it('are not news yet while nobody has seen them publishable', async () => {
      const later = aPost({ publishedAt: minutesAfter(60) });
      const seen = [
        { uid: 'a', post: aPost(), newsAt: NOON },
        { uid: 'b', post: later },
        { uid: 'c', post: aPost({ publishedAt: minutesAfter(120) }) },
        { uid: 'd', post: aPost() },
        { uid: 'e', post: aPost() },
        { uid: 'f', post: aPost({ source: 'notes' }) },
      ];
      await store().posts.save(changes({ seen: seen.slice(0, 5) }), changes({ source: 'notes', seen: seen.slice(5) }));
      await store().posts.save(
        changes({ withdrawn: ['d'], broken: [{ uid: 'e', where: 'e.md:1:1', message: 'No.' }] }),
      );
      const { posts, version } = await store().posts.notNews('blog', minutesAfter(60));
      expect(posts.map(({ uid }) => uid)).toEqual(['b']);
      expect((await store().posts.known(['blog'])).version).toBe(version);
    });

    it('were read from files whose looks are kept by source and path', async () => {
      const look = (version: string) => ({ version, hash: `hash ${version}`, reading: { kind: 'no-post', version } });
      const many = Array.from({ length: 450 }, (_, index) => [`${index}.md`, look(`${index}`)] as const);
      const looks = store().looks.of('blog');
      await looks.keep(new Map(many), []);
      await store()
        .looks.of('notes')
        .keep(new Map([['0.md', look('other')]]), ['1.md']);
      await looks.keep(new Map([['0.md', look('new')]]), ['1.md', 'nowhere.md']);
      const kept = await looks.read();
      expect([kept.size, kept.get('0.md'), kept.get('449.md'), kept.has('1.md')]).toEqual([
        449,
        look('new'),
        look('449'),
        false,
      ]);
    });

    it('are known by every key they ever had', async () => {
      const before = aPost({ keys: { id: '7', url: 'https://blog.example.org/old/', path: 'old.md' } });
      const after = aPost({ keys: { id: '7', path: 'new.md' } });
      await store().posts.save(changes({ seen: [{ uid: 'a', post: before }] }));
      await store().posts.save(changes({ seen: [{ uid: 'a', post: after }] }));
      const { keys } = await store().posts.known(['blog']);
      expect(keys.map(({ kind, value, uid }) => [kind, value, uid]).sort()).toEqual([
        ['id', '7', 'a'],
        ['path', 'new.md', 'a'],
        ['path', 'old.md', 'a'],
        ['url', 'https://blog.example.org/old/', 'a'],
      ]);
    });

    it('are candidates when they are named by any key they ever had, with those that share their URL', async () => {
      const url = 'https://blog.example.org/a/';
      const before = aPost({ keys: { id: '7', url, path: 'old.md' }, url, publishedAt: minutesAfter(-100) });
      const twin = aPost({ source: 'notes', keys: { path: 'n.md', url }, url, publishedAt: minutesAfter(-100) });
      const other = aPost({ publishedAt: minutesAfter(-100) });
      const seen = [
        { uid: 'a', post: before, newsAt: minutesAfter(-100) },
        { uid: 'c', post: other, newsAt: minutesAfter(-100) },
      ];
      await store().posts.save(changes({ seen }));
      await store().posts.save(
        changes({ source: 'notes', seen: [{ uid: 'b', post: twin, newsAt: minutesAfter(-100) }] }),
      );
      const asked = (named: readonly string[]) => store().posts.candidates('weekly', ['blog', 'notes'], NOON, named);
      expect(await asked(['nobody'])).toEqual({ posts: [], keys: [], outcomes: new Map() });
      for (const name of ['7', 'old.md']) {
        const { posts, keys } = await asked([name]);
        expect(posts.map(({ uid }) => uid).sort()).toEqual(['a', 'b']);
        expect(keys.map(({ value, uid }) => [value, uid])).toEqual([[name, 'a']]);
      }
    });

    it('are candidates however old when a newsletter has missed them or holds them over', async () => {
      const seen = ['a', 'b', 'c', 'd'].map((uid) => ({ uid, post: aPost(), newsAt: minutesAfter(-100) }));
      await store().posts.save(changes({ seen }));
      await frozen(store(), {
        outcomes: [
          { uid: 'a', outcome: { kind: 'missed' } },
          { uid: 'b', outcome: { kind: 'held-over', why: 'limit' } },
          { uid: 'c', outcome: { kind: 'too-old' } },
        ],
      });
      const { posts, outcomes } = await store().posts.candidates('weekly', ['blog'], NOON);
      expect(posts.map(({ uid }) => uid).sort()).toEqual(['a', 'b']);
      expect(outcomes.get('a')).toEqual({ kind: 'missed' });
    });

    it('keep a key that was used again for every post that had it', async () => {
      await store().posts.save(changes({ seen: [{ uid: 'a', post: aPost({ keys: { path: 'x.md' } }) }] }));
      await store().posts.save(changes({ seen: [{ uid: 'a', post: aPost({ keys: { path: 'y.md' } }) }] }));
      await store().posts.save(changes({ seen: [{ uid: 'b', post: aPost({ keys: { path: 'x.md' } }) }] }));
      const { keys, posts } = await store().posts.known(['blog']);
      expect(keys.map(({ value, uid }) => `${value} ${uid}`)).toEqual(['x.md a', 'x.md b', 'y.md a']);
      expect(posts.map(({ uid, post }) => `${post.keys.path} ${uid}`).sort()).toEqual(['x.md b', 'y.md a']);
    });

    it('are saved for several sources at once, or for none', async () => {
      const one = changes({ version: 0, seen: [{ uid: 'a', post: aPost() }] });
      const other = changes({ version: 0, source: 'news', seen: [{ uid: 'b', post: aPost({ source: 'news' }) }] });
      expect(await store().posts.save(one, other)).toBe('saved');
      expect(await store().posts.save(one, changes({ source: 'news', withdrawn: ['b'] }))).toBe('stale');
      const { posts } = await store().posts.known(['blog', 'news']);
      expect(posts.map(({ uid, withdrawnAt }) => [uid, withdrawnAt])).toEqual([
        ['a', undefined],
        ['b', undefined],
      ]);
    });

    it('remember when their source was listed last, and why that is not believed', async () => {
      const suspicion = { since: 1, missing: ['a'], of: 5, looks: 1, lookedAt: 1, by: 'a process' };
      await store().posts.save(changes({ look: { suspicion } }));
      await store().posts.save(changes({ collectedAt: minutesAfter(1) }));
      expect(await store().posts.known(['blog'])).toMatchObject({
        firstCollected: new Map([['blog', NOON]]),
        lookedAt: new Map([['blog', NOON]]),
        suspicions: new Map([['blog', suspicion]]),
      });
      const scratch = await store().scratch();
      expect(await scratch.posts.suspicions()).toEqual(new Map([['blog', suspicion]]));
      await scratch.close();
      await store().posts.save(changes({ collectedAt: minutesAfter(2), look: {} }));
      expect(await store().posts.suspicions()).toEqual(new Map());
    });

    it('are not broken any more once they are withdrawn', async () => {
      await store().posts.save(changes({ seen: [{ uid: 'a', post: aPost() }] }));
      await store().posts.save(changes({ broken: [{ uid: 'a', where: 'source blog', message: 'not listed' }] }));
      await store().posts.save(changes({ withdrawn: ['a'] }));
      const [known] = (await store().posts.known(['blog'])).posts;
      expect(known).toMatchObject({ withdrawnAt: NOON });
      expect(known).not.toHaveProperty('broken');
    });

    it('stay news once they were, and are withdrawn from the first time on', async () => {
      const post = aPost();
      await store().posts.save(changes({ seen: [{ uid: 'a', post, newsAt: NOON }] }));
      await store().posts.save(changes({ seen: [{ uid: 'a', post }] }));
      await store().posts.save(changes({ collectedAt: minutesAfter(1), withdrawn: ['a'] }));
      await store().posts.save(changes({ collectedAt: minutesAfter(2), withdrawn: ['a'] }));
      const { posts } = await store().posts.known(['blog']);
      expect(posts[0]).toMatchObject({ newsAt: NOON, withdrawnAt: minutesAfter(1) });
    });

    it('are neither broken nor withdrawn any more once they could be read', async () => {
      const post = aPost();
      await store().posts.save(changes({ seen: [{ uid: 'a', post }] }));
      const broken = [{ uid: 'a', where: 'posts/a.md:2:1', message: 'no closing ---' }];
      await store().posts.save(changes({ withdrawn: ['a'], broken }));
      expect((await store().posts.known(['blog'])).posts[0]).toMatchObject({
        broken: { where: 'posts/a.md:2:1', message: 'no closing ---' },
      });
      await store().posts.save(changes({ seen: [{ uid: 'a', post }] }));
      const [known] = (await store().posts.known(['blog'])).posts;
      expect(known).not.toHaveProperty('broken');
      expect(known).not.toHaveProperty('withdrawnAt');
    });

    it('remember when their source was first collected, also when it held nothing', async () => {
      await store().posts.save(changes({}));
      await store().posts.save(changes({ collectedAt: minutesAfter(5) }));
      const { firstCollected } = await store().posts.known(['blog', 'never']);
      expect(firstCollected).toEqual(new Map([['blog', NOON]]));
    });

    it('are separate for each source, and say which of them an issue has carried', async () => {
      await store().posts.save(changes({ seen: [{ uid: 'a', post: aPost() }] }));
      await store().posts.save(changes({ source: 'news', seen: [{ uid: 'b', post: aPost({ source: 'news' }) }] }));
      await frozen(store(), {
        outcomes: [
          { uid: 'a', outcome: { kind: 'carried', issue: 1 } },
          { uid: 'b', outcome: { kind: 'held-over', why: 'limit' } },
        ],
      });
      const known = await store().posts.known(['blog']);
      expect(known.posts.map((post) => post.uid)).toEqual(['a']);
      expect(known.carried).toEqual(new Set(['a']));
      expect((await store().posts.known(['news'])).carried).toEqual(new Set());
      expect((await store().posts.known([])).posts).toEqual([]);
    });

    it('are saved whole or not at all', async () => {
      const seen = [{ uid: 'a', post: aPost() }];
      const unwritable = { uid: 'b', post: { ...aPost(), publishedAt: new Date(Number.NaN) } };
      await expect(store().posts.save(changes({ seen: [...seen, unwritable] }))).rejects.toThrow();
      const known = await store().posts.known(['blog']);
      expect(known.posts).toEqual([]);
      expect(known.firstCollected.size).toBe(0);
    });
  });
}
