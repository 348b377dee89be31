/** One odd look at a source stops nothing, sends nothing twice and loses nothing (rule: withdrawn). */
import { describe, expect, it, onTestFinished } from 'vitest';
import { GazetteError } from '../../src/domain/errors.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { Note } from '../../src/domain/ports.js';
import type { Post } from '../../src/domain/post.js';
import { collectBetween } from '../../src/flows/collect-between.js';
import { collectPosts } from '../../src/flows/collect-posts.js';
import { publishDue } from '../../src/flows/publish-due.js';
import { readStatus } from '../../src/flows/status.js';
import { openDesk } from '../../src/flows/studio/open-desk.js';
import { issueOnDesk } from '../../src/flows/studio/show-issue.js';
import { openStudioActs } from '../../src/flows/studio/studio-acts.js';
import type { StudioRoom } from '../../src/flows/studio/studio-room.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { ROOT } from '../support/config-files.js';
import { addReaders, aHouse, handSource, type TestHouse } from '../support/house.js';
import { plainRenderer } from '../support/plain-renderer.js';

const FRIDAY = new Date('2026-06-12T12:00:00Z');
const MONDAY_MS = Date.parse('2026-06-15T07:00:00Z');
const MINUTE_MS = 60_000;

function written(title: string, day: string, more: Partial<Post> = {}): Post {
  return aPost({ title, publishedAt: new Date(`2026-06-${day}T09:00:00Z`), ...more });
}

async function aBlog(
  posts: readonly Post[],
  more: Partial<Newsletter> = {},
): Promise<TestHouse & { readonly notes: Note[] }> {
  const house = await aHouse({ now: FRIDAY, renderer: plainRenderer, newsletter: more });
  const notes: Note[] = [];
  const told = { ...house, notes, notifier: { tell: async (note: Note) => void notes.push(note) } };
  await addReaders(told, [{}]);
  told.source.posts = [...posts];
  await look(told);
  await publishDue(told, weekly(told));
  return told;
}

const weekly = (house: TestHouse) => house.newsletters.get('weekly') as Newsletter;
const look = (house: TestHouse) => collectPosts(house, house.store, weekly(house));

async function monday(house: TestHouse, week = 0) {
  house.clock.set(new Date(MONDAY_MS + week * 7 * DAY_MS));
  return publishDue(house, weekly(house));
}

async function titles(house: TestHouse): Promise<readonly (readonly string[])[]> {
  return (await house.store.ledger.issues()).map(({ posts }) => posts.map(({ title }) => title).sort());
}

describe('A draft that is deleted', () => {
  it('silences nothing, though it was all that was not sent', async () => {
    const house = await aBlog([written('First', '10'), written('Idea', '11', { draft: true })]);
    await monday(house);
    house.source.posts = [house.source.posts[0] as Post, written('Second', '17')];
    house.clock.advance(3 * DAY_MS);
    expect(await monday(house, 1)).toMatchObject({ kind: 'frozen' });
    expect(await titles(house)).toEqual([['First'], ['Second']]);
  });

  it('is no sign of an odd listing, however many go at once', async () => {
    const drafts = Array.from({ length: 9 }, (_, nth) => written(`Idea ${nth}`, '11', { draft: true }));
    const house = await aBlog([written('First', '10'), ...drafts]);
    house.source.posts = house.source.posts.slice(0, 1);
    await look(house);
    const { posts } = await house.store.posts.known(['blog']);
    expect(posts.filter(({ withdrawnAt }) => withdrawnAt).length).toBe(9);
  });
});

it('A few posts that are deleted keep no issue back', async () => {
  const house = await aBlog(['One', 'Two', 'Three'].map((title) => written(title, '10')));
  house.source.posts = [written('Four', '11')];
  expect(await monday(house)).toMatchObject({ kind: 'frozen' });
  expect(await titles(house)).toEqual([['Four']]);
});

describe('A listing that has lost most of what was not sent', () => {
  const NAMES = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'];
  const shrunk = async () => {
    const house = await aBlog(NAMES.map((title) => written(title, '10')));
    const all = house.source.posts;
    house.source.posts = [...all.slice(0, 1), written('New', '12')];
    return { house, all };
  };
  const gone = async (house: TestHouse) =>
    (await house.store.posts.known(['blog'])).posts
      .flatMap(({ withdrawnAt, post }) => (withdrawnAt ? [post.title] : []))
      .sort();

  it('lets the issue leave with what is there, and loses nothing of the rest', async () => {
    const { house, all } = await shrunk();
    expect(await monday(house)).toMatchObject({ kind: 'frozen' });
    expect(await titles(house)).toEqual([['New', 'One']]);
    expect(await gone(house)).toEqual([]);
    house.source.posts = [...all, ...house.source.posts.slice(1)];
    house.clock.advance(DAY_MS);
    expect(await monday(house, 1)).toMatchObject({ kind: 'frozen' });
    expect(await titles(house)).toEqual([
      ['New', 'One'],
      ['Five', 'Four', 'Six', 'Three', 'Two'],
    ]);
  });

  it('counts when the next two agree', async () => {
    const { house } = await shrunk();
    for (const expected of [[], [], ['Five', 'Four', 'Six', 'Three', 'Two']]) {
      await look(house);
      expect(await gone(house)).toEqual(expected);
      house.clock.advance(10 * MINUTE_MS);
    }
  });

  it('is forgotten when the next one is whole', async () => {
    const { house, all } = await shrunk();
    for (let turn = 0; turn < 3; turn += 1) {
      house.source.posts = all.slice(0, 1);
      await look(house);
      house.clock.advance(10 * MINUTE_MS);
      house.source.posts = all;
      await look(house);
      house.clock.advance(10 * MINUTE_MS);
    }
    expect(await gone(house)).toEqual([]);
    await monday(house);
    expect(await titles(house)).toEqual([[...NAMES].sort()]);
  });

  it('that is empty is no different', async () => {
    const { house, all } = await shrunk();
    house.source.posts = [];
    expect(await monday(house)).toMatchObject({ kind: 'nothing-new' });
    house.source.posts = all;
    house.clock.advance(DAY_MS);
    await monday(house, 1);
    expect(await titles(house)).toEqual([[...NAMES].sort()]);
  });
});

describe('The editor', () => {
  const suspicious = async () => {
    const house = await aBlog(['One', 'Two', 'Three', 'Four', 'Five', 'Six'].map((title) => written(title, '10')));
    house.source.posts = house.source.posts.slice(0, 1);
    return house;
  };
  const gone = async (house: TestHouse) =>
    (await house.store.posts.known(['blog'])).posts.filter(({ withdrawnAt }) => withdrawnAt).length;

  it('is told once of what a source does not list, with the command that answers', async () => {
    const house = await suspicious();
    house.notes.length = 0;
    await monday(house);
    house.clock.advance(10 * MINUTE_MS);
    await collectBetween(house);
    expect(house.notes.map(({ subject }) => subject)).toEqual(['The source “blog” lists too few posts']);
    expect(house.notes[0]?.text).toContain('`gazette source accept-withdrawals blog`');
    expect((await readStatus(house)).sources).toMatchObject([{ suspicion: { missing: 5, of: 6 } }]);
  });

  it('answers in the studio, for what the page has shown', async () => {
    const house = await suspicious();
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const tools = { watch: async () => undefined, root: ROOT, templates: [], signal: stop.signal };
    const desk = await openDesk({ ...tools, openHouse: async () => house });
    const acts = openStudioActs({
      desk,
      once: (_: unknown, __: string, work: () => Promise<void>) => work(),
    } as unknown as StudioRoom);
    const shown = async () => (await issueOnDesk(desk, await desk.issue('weekly'))).suspicions;
    const [suspicion] = await shown();
    expect(suspicion).toMatchObject({ source: 'blog', missing: 5, of: 6 });
    // However often the studio looks, it decides nothing.
    for (let turn = 0; turn < 4; turn += 1) {
      house.clock.advance(10 * MINUTE_MS);
      await desk.takeUp([`${ROOT}/posts/one.md`]);
      await desk.refresh();
    }
    expect(await gone(house)).toBe(0);
    await expect(acts.acceptWithdrawals('weekly', 'blog', '17')).rejects.toThrow('has changed since you looked');
    await acts.acceptWithdrawals('weekly', 'blog', (await shown())[0]?.since ?? '');
    expect(await gone(house)).toBe(5);
    expect(await shown()).toEqual([]);
  });
});

it('A source that fails keeps nothing of the other ones from being remembered', async () => {
  const sources = ['blog', 'notes'].map((name) => ({ name, only: [], except: [] }));
  const house = await aHouse({ now: FRIDAY, renderer: plainRenderer, newsletter: { sources } });
  const notes = handSource([written('Note', '10', { source: 'notes' })], 'notes');
  const both: TestHouse = { ...house, sources: new Map([...house.sources, ['notes', notes] as const]) };
  both.source.failure = new GazetteError('source.failed', 'The blog is down.');
  await expect(look(both)).rejects.toThrow('The blog is down.');
  expect((await both.store.posts.known(['notes'])).posts).toHaveLength(1);
});
