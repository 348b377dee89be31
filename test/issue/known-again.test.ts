/** What a newsletter sends when files are renamed, moved and used again (rule: identity). */

import { describe, expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { Post } from '../../src/domain/post.js';
import { aContext, addReaders, handSource, type TestContext } from '../support/app-context.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { plainRenderer } from '../support/plain-renderer.js';

const FRIDAY = new Date('2026-06-12T12:00:00Z');
const MONDAY_MS = Date.parse('2026-06-15T07:00:00Z');
const NOTES_URL = 'https://notes.example.org';

/** A post as a file of that name holds it: its address follows the name. */
function inFile(post: Post, path: string, site = 'https://blog.example.org'): Post {
  const url = `${site}/${path.replace('.md', '')}/`;
  return { ...post, url, keys: { ...post.keys, path, url }, place: path };
}

function written(title: string, day: string): Post {
  return aPost({ title, publishedAt: new Date(`2026-06-${day}T09:00:00Z`) });
}

async function aBlog(posts: readonly Post[], more: Partial<Newsletter> = {}): Promise<TestContext> {
  const deps = await aContext({ now: FRIDAY, renderer: plainRenderer, newsletter: more });
  await addReaders(deps, [{}]);
  deps.source.posts = [...posts];
  await look(deps);
  return deps;
}

const weekly = (deps: TestContext) => deps.newsletters.get('weekly') as Newsletter;
const look = (deps: TestContext) => deps.issues.collect(weekly(deps));

/** Titles of each issue that leaves over the next Mondays. */
async function issues(deps: TestContext, mondays: number): Promise<readonly (readonly string[])[]> {
  const before = (await deps.store.ledger.issues()).length;
  for (let week = before; week < before + mondays; week += 1) {
    deps.clock.set(new Date(MONDAY_MS + week * 7 * DAY_MS));
    await deps.operate.publishDue(weekly(deps));
  }
  return (await deps.store.ledger.issues()).map(({ posts }) => posts.map(({ title }) => title).sort());
}

describe('A file name that is used again', () => {
  const first = written('First', '10');
  const second = written('Second', '17');

  async function sent() {
    const deps = await aBlog([inFile(first, 'new.md')]);
    await deps.operate.publishDue(weekly(deps));
    await issues(deps, 1);
    deps.clock.advance(DAY_MS);
    return deps;
  }

  it('holds a new post, when the one before was renamed in the same breath', async () => {
    const deps = await sent();
    deps.source.posts = [inFile(second, 'new.md'), inFile(first, 'zebra.md')];
    expect(await issues(deps, 1)).toEqual([['First'], ['Second']]);
  });

  it('holds a new post, when the one before was seen under its new name first', async () => {
    const deps = await sent();
    deps.source.posts = [inFile(first, 'zebra.md')];
    await look(deps);
    deps.source.posts = [inFile(second, 'new.md'), inFile(first, 'zebra.md')];
    expect(await issues(deps, 1)).toEqual([['First'], ['Second']]);
  });

  it('holds a new post, when the one before is gone', async () => {
    const deps = await sent();
    deps.source.posts = [inFile(second, 'new.md')];
    expect(await issues(deps, 1)).toEqual([['First'], ['Second']]);
  });
});

it('A new post with a body like one withdrawn long ago is new', async () => {
  const old = written('Photos of June', '10');
  const deps = await aBlog([old]);
  await deps.operate.publishDue(weekly(deps));
  await issues(deps, 1);
  deps.source.posts = [];
  await look(deps);
  deps.clock.advance(2 * DAY_MS);
  deps.source.posts = [{ ...written('Photos of July', '17'), bodyHash: old.bodyHash }];
  expect(await issues(deps, 1)).toEqual([['Photos of June'], ['Photos of July']]);
});

it('A folder of posts with like bodies that moved is not repeated', async () => {
  const posts = ['One', 'Two', 'Three', 'Four'].map((title, index) =>
    inFile({ ...written(title, `0${index + 6}`), bodyHash: 'the same picture' }, `photos/${title}.md`),
  );
  const deps = await aBlog(posts, { baseline: new Date('2026-06-01T00:00:00Z') });
  await deps.operate.publishDue(weekly(deps));
  await issues(deps, 1);
  deps.source.posts = posts.map((post) => inFile(post, `archive/${post.title}.md`)).reverse();
  expect(await issues(deps, 1)).toEqual([['Four', 'One', 'Three', 'Two']]);
  expect((await deps.store.posts.known(['blog'])).posts).toHaveLength(4);
});

describe('A post that moves between two sources of one newsletter', () => {
  const post = written('Moved', '10');

  async function aHouseOfTwo(order: readonly string[]) {
    const sources = order.map((name) => ({ name, only: [], except: [] }));
    const deps = await aContext({ now: FRIDAY, renderer: plainRenderer, newsletter: { sources } });
    const notes = handSource([{ ...written('Note', '01'), source: 'notes' }], 'notes');
    const both: TestContext = openUseCases({ ...deps, sources: new Map([...deps.sources, ['notes', notes] as const]) });
    await addReaders(both, [{}]);
    both.source.posts = [inFile(post, 'moved.md'), written('Stays', '01')];
    await look(both);
    await both.operate.publishDue(weekly(both));
    expect(await issues(both, 1)).toEqual([['Moved']]);
    const move = (site?: string) => {
      both.source.posts = both.source.posts.filter(({ title }) => title !== 'Moved');
      notes.posts = [...notes.posts, { ...inFile(post, 'moved.md', site), source: 'notes' }];
    };
    return { deps: both, notes, move };
  }

  describe.each([[['blog', 'notes']], [['notes', 'blog']]])('in the order %s', (order) => {
    it.each([
      ['its address', undefined],
      ['its words alone', NOTES_URL],
    ])('keeps its memory by %s', async (_, site) => {
      const { deps, move } = await aHouseOfTwo(order);
      move(site);
      deps.clock.advance(DAY_MS);
      expect(await issues(deps, 1)).toEqual([['Moved']]);
      expect((await deps.store.posts.known(['blog', 'notes'])).posts).toHaveLength(3);
    });

    it('keeps its memory when each source is read in its own turn', async () => {
      const { deps, move } = await aHouseOfTwo(order);
      move(NOTES_URL);
      deps.clock.advance(DAY_MS);
      await deps.operate.pollSources();
      expect(await issues(deps, 1)).toEqual([['Moved']]);
    });

    it('keeps its memory when its first source is read long before the other', async () => {
      const { deps, notes, move } = await aHouseOfTwo(order);
      move(NOTES_URL);
      deps.clock.advance(DAY_MS);
      const { collect } = notes;
      notes.collect = async () => {
        throw new Error('away');
      };
      const onlyBlog = { ...weekly(deps), sources: [{ name: 'blog', only: [], except: [] }] };
      await openUseCases({ ...deps, newsletters: new Map([['b', onlyBlog]]) }).operate.pollSources();
      notes.collect = collect;
      expect(await issues(deps, 1)).toEqual([['Moved']]);
    });
  });

  it('with its id alone is known again', async () => {
    const { deps, notes } = await aHouseOfTwo(['blog', 'notes']);
    const withId = { ...inFile(post, 'moved.md'), keys: { ...inFile(post, 'moved.md').keys, id: '7' } };
    deps.source.posts = [withId];
    await look(deps);
    deps.source.posts = [];
    const rewritten = { ...inFile(withId, 'elsewhere.md', NOTES_URL), title: 'Rewritten', bodyHash: 'rewritten' };
    notes.posts = [...notes.posts, { ...rewritten, source: 'notes' }];
    expect(await issues(deps, 1)).toEqual([['Moved']]);
  });
});
