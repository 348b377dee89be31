/** What a newsletter sends when files are renamed, moved and used again (rule: identity). */
import { describe, expect, it } from 'vitest';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { Post } from '../../src/domain/post.js';
import { collectBetween } from '../../src/flows/collect-between.js';
import { collectPosts } from '../../src/flows/collect-posts.js';
import { publishDue } from '../../src/flows/publish-due.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { addReaders, aHouse, handSource, type TestHouse } from '../support/house.js';
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

async function aBlog(posts: readonly Post[], more: Partial<Newsletter> = {}): Promise<TestHouse> {
  const house = await aHouse({ now: FRIDAY, renderer: plainRenderer, newsletter: more });
  await addReaders(house, [{}]);
  house.source.posts = [...posts];
  await look(house);
  return house;
}

const weekly = (house: TestHouse) => house.newsletters.get('weekly') as Newsletter;
const look = (house: TestHouse) => collectPosts(house, house.store, weekly(house));

/** Titles of each issue that leaves over the next Mondays. */
async function issues(house: TestHouse, mondays: number): Promise<readonly (readonly string[])[]> {
  const before = (await house.store.ledger.issues()).length;
  for (let week = before; week < before + mondays; week += 1) {
    house.clock.set(new Date(MONDAY_MS + week * 7 * DAY_MS));
    await publishDue(house, weekly(house));
  }
  return (await house.store.ledger.issues()).map(({ posts }) => posts.map(({ title }) => title).sort());
}

describe('A file name that is used again', () => {
  const first = written('First', '10');
  const second = written('Second', '17');

  async function sent() {
    const house = await aBlog([inFile(first, 'new.md')]);
    await publishDue(house, weekly(house));
    await issues(house, 1);
    house.clock.advance(DAY_MS);
    return house;
  }

  it('holds a new post, when the one before was renamed in the same breath', async () => {
    const house = await sent();
    house.source.posts = [inFile(second, 'new.md'), inFile(first, 'zebra.md')];
    expect(await issues(house, 1)).toEqual([['First'], ['Second']]);
  });

  it('holds a new post, when the one before was seen under its new name first', async () => {
    const house = await sent();
    house.source.posts = [inFile(first, 'zebra.md')];
    await look(house);
    house.source.posts = [inFile(second, 'new.md'), inFile(first, 'zebra.md')];
    expect(await issues(house, 1)).toEqual([['First'], ['Second']]);
  });

  it('holds a new post, when the one before is gone', async () => {
    const house = await sent();
    house.source.posts = [inFile(second, 'new.md')];
    expect(await issues(house, 1)).toEqual([['First'], ['Second']]);
  });
});

it('A new post with a body like one withdrawn long ago is new', async () => {
  const old = written('Photos of June', '10');
  const house = await aBlog([old]);
  await publishDue(house, weekly(house));
  await issues(house, 1);
  house.source.posts = [];
  await look(house);
  house.clock.advance(2 * DAY_MS);
  house.source.posts = [{ ...written('Photos of July', '17'), bodyHash: old.bodyHash }];
  expect(await issues(house, 1)).toEqual([['Photos of June'], ['Photos of July']]);
});

it('A folder of posts with like bodies that moved is not repeated', async () => {
  const posts = ['One', 'Two', 'Three', 'Four'].map((title, index) =>
    inFile({ ...written(title, `0${index + 6}`), bodyHash: 'the same picture' }, `photos/${title}.md`),
  );
  const house = await aBlog(posts, { baseline: new Date('2026-06-01T00:00:00Z') });
  await publishDue(house, weekly(house));
  await issues(house, 1);
  house.source.posts = posts.map((post) => inFile(post, `archive/${post.title}.md`)).reverse();
  expect(await issues(house, 1)).toEqual([['Four', 'One', 'Three', 'Two']]);
  expect((await house.store.posts.known(['blog'])).posts).toHaveLength(4);
});

describe('A post that moves between two sources of one newsletter', () => {
  const post = written('Moved', '10');

  async function aHouseOfTwo(order: readonly string[]) {
    const sources = order.map((name) => ({ name, only: [], except: [] }));
    const house = await aHouse({ now: FRIDAY, renderer: plainRenderer, newsletter: { sources } });
    const notes = handSource([{ ...written('Note', '01'), source: 'notes' }], 'notes');
    const both: TestHouse = { ...house, sources: new Map([...house.sources, ['notes', notes] as const]) };
    await addReaders(both, [{}]);
    both.source.posts = [inFile(post, 'moved.md'), written('Stays', '01')];
    await look(both);
    await publishDue(both, weekly(both));
    expect(await issues(both, 1)).toEqual([['Moved']]);
    const move = (site?: string) => {
      both.source.posts = both.source.posts.filter(({ title }) => title !== 'Moved');
      notes.posts = [...notes.posts, { ...inFile(post, 'moved.md', site), source: 'notes' }];
    };
    return { house: both, notes, move };
  }

  describe.each([[['blog', 'notes']], [['notes', 'blog']]])('in the order %s', (order) => {
    it.each([
      ['its address', undefined],
      ['its words alone', NOTES_URL],
    ])('keeps its memory by %s', async (_, site) => {
      const { house, move } = await aHouseOfTwo(order);
      move(site);
      house.clock.advance(DAY_MS);
      expect(await issues(house, 1)).toEqual([['Moved']]);
      expect((await house.store.posts.known(['blog', 'notes'])).posts).toHaveLength(3);
    });

    it('keeps its memory when each source is read in its own turn', async () => {
      const { house, move } = await aHouseOfTwo(order);
      move(NOTES_URL);
      house.clock.advance(DAY_MS);
      await collectBetween(house);
      expect(await issues(house, 1)).toEqual([['Moved']]);
    });

    it('keeps its memory when its first source is read long before the other', async () => {
      const { house, notes, move } = await aHouseOfTwo(order);
      move(NOTES_URL);
      house.clock.advance(DAY_MS);
      const { collect } = notes;
      notes.collect = async () => {
        throw new Error('away');
      };
      await collectBetween({
        ...house,
        newsletters: new Map([['b', { ...weekly(house), sources: [{ name: 'blog', only: [], except: [] }] }]]),
      });
      notes.collect = collect;
      expect(await issues(house, 1)).toEqual([['Moved']]);
    });
  });

  it('with its id alone is known again', async () => {
    const { house, notes } = await aHouseOfTwo(['blog', 'notes']);
    const withId = { ...inFile(post, 'moved.md'), keys: { ...inFile(post, 'moved.md').keys, id: '7' } };
    house.source.posts = [withId];
    await look(house);
    house.source.posts = [];
    const rewritten = { ...inFile(withId, 'elsewhere.md', NOTES_URL), title: 'Rewritten', bodyHash: 'rewritten' };
    notes.posts = [...notes.posts, { ...rewritten, source: 'notes' }];
    expect(await issues(house, 1)).toEqual([['Moved']]);
  });
});
