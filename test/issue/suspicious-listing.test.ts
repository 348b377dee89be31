/** One odd look at a source stops nothing, sends nothing twice and loses nothing (rule: withdrawn). */

import { describe, expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import { GazetteError } from '../../src/domain/errors.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { Note } from '../../src/domain/ports/mail.js';
import type { Post } from '../../src/domain/post.js';
import { acceptWithdrawals } from '../../src/issue/accept-withdrawals.js';
import { issuePage } from '../../src/studio/pages/issue.js';
import { aContext, addReaders, handSource, type TestContext } from '../support/app-context.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { ROOT } from '../support/config-files.js';
import { plainRenderer } from '../support/plain-renderer.js';
import { aLiveDraft, aStudioOf } from '../support/studio.js';

const FRIDAY = new Date('2026-06-12T12:00:00Z');
const MONDAY_MS = Date.parse('2026-06-15T07:00:00Z');
const MINUTE_MS = 60_000;

function written(title: string, day: string, more: Partial<Post> = {}): Post {
  return aPost({ title, publishedAt: new Date(`2026-06-${day}T09:00:00Z`), ...more });
}

async function aBlog(
  posts: readonly Post[],
  more: Partial<Newsletter> = {},
): Promise<TestContext & { readonly notes: Note[] }> {
  const deps = await aContext({ now: FRIDAY, renderer: plainRenderer, newsletter: more });
  const notes: Note[] = [];
  const told = openUseCases({ ...deps, notes, notifier: { tell: async (note: Note) => void notes.push(note) } });
  await addReaders(told, [{}]);
  told.source.posts = [...posts];
  await look(told);
  await told.operate.publishDue(weekly(told));
  return told;
}

const weekly = (deps: TestContext) => deps.newsletters.get('weekly') as Newsletter;
const look = (deps: TestContext) => deps.issues.collect(weekly(deps));

async function monday(deps: TestContext, week = 0) {
  deps.clock.set(new Date(MONDAY_MS + week * 7 * DAY_MS));
  return deps.operate.publishDue(weekly(deps));
}

async function titles(deps: TestContext): Promise<readonly (readonly string[])[]> {
  return (await deps.store.ledger.issues()).map(({ posts }) => posts.map(({ title }) => title).sort());
}

describe('A draft that is deleted', () => {
  it('silences nothing, though it was all that was not sent', async () => {
    const deps = await aBlog([written('First', '10'), written('Idea', '11', { draft: true })]);
    await monday(deps);
    deps.source.posts = [deps.source.posts[0] as Post, written('Second', '17')];
    deps.clock.advance(3 * DAY_MS);
    expect(await monday(deps, 1)).toMatchObject({ kind: 'frozen' });
    expect(await titles(deps)).toEqual([['First'], ['Second']]);
  });

  it('is no sign of an odd listing, however many go at once', async () => {
    const drafts = Array.from({ length: 9 }, (_, nth) => written(`Idea ${nth}`, '11', { draft: true }));
    const deps = await aBlog([written('First', '10'), ...drafts]);
    deps.source.posts = deps.source.posts.slice(0, 1);
    await look(deps);
    const { posts } = await deps.store.posts.known(['blog']);
    expect(posts.filter(({ withdrawnAt }) => withdrawnAt).length).toBe(9);
  });
});

it('A few posts that are deleted keep no issue back', async () => {
  const deps = await aBlog(['One', 'Two', 'Three'].map((title) => written(title, '10')));
  deps.source.posts = [written('Four', '11')];
  expect(await monday(deps)).toMatchObject({ kind: 'frozen' });
  expect(await titles(deps)).toEqual([['Four']]);
});

describe('A listing that has lost most of what was not sent', () => {
  const NAMES = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'];
  const shrunk = async () => {
    const deps = await aBlog(NAMES.map((title) => written(title, '10')));
    const all = deps.source.posts;
    deps.source.posts = [...all.slice(0, 1), written('New', '12')];
    return { deps, all };
  };
  const gone = async (deps: TestContext) =>
    (await deps.store.posts.known(['blog'])).posts
      .flatMap(({ withdrawnAt, post }) => (withdrawnAt ? [post.title] : []))
      .sort();

  it('lets the issue leave with what is there, and loses nothing of the rest', async () => {
    const { deps, all } = await shrunk();
    expect(await monday(deps)).toMatchObject({ kind: 'frozen' });
    expect(await titles(deps)).toEqual([['New', 'One']]);
    expect(await gone(deps)).toEqual([]);
    deps.source.posts = [...all, ...deps.source.posts.slice(1)];
    deps.clock.advance(DAY_MS);
    expect(await monday(deps, 1)).toMatchObject({ kind: 'frozen' });
    expect(await titles(deps)).toEqual([
      ['New', 'One'],
      ['Five', 'Four', 'Six', 'Three', 'Two'],
    ]);
  });

  it('counts when the next two agree', async () => {
    const { deps } = await shrunk();
    for (const expected of [[], [], ['Five', 'Four', 'Six', 'Three', 'Two']]) {
      await look(deps);
      expect(await gone(deps)).toEqual(expected);
      deps.clock.advance(10 * MINUTE_MS);
    }
  });

  it('is forgotten when the next one is whole', async () => {
    const { deps, all } = await shrunk();
    for (let turn = 0; turn < 3; turn += 1) {
      deps.source.posts = all.slice(0, 1);
      await look(deps);
      deps.clock.advance(10 * MINUTE_MS);
      deps.source.posts = all;
      await look(deps);
      deps.clock.advance(10 * MINUTE_MS);
    }
    expect(await gone(deps)).toEqual([]);
    await monday(deps);
    expect(await titles(deps)).toEqual([[...NAMES].sort()]);
  });

  it('that is empty is no different', async () => {
    const { deps, all } = await shrunk();
    deps.source.posts = [];
    expect(await monday(deps)).toMatchObject({ kind: 'nothing-new' });
    deps.source.posts = all;
    deps.clock.advance(DAY_MS);
    await monday(deps, 1);
    expect(await titles(deps)).toEqual([[...NAMES].sort()]);
  });
});

describe('The editor', () => {
  const suspicious = async () => {
    const deps = await aBlog(['One', 'Two', 'Three', 'Four', 'Five', 'Six'].map((title) => written(title, '10')));
    deps.source.posts = deps.source.posts.slice(0, 1);
    return deps;
  };
  const gone = async (deps: TestContext) =>
    (await deps.store.posts.known(['blog'])).posts.filter(({ withdrawnAt }) => withdrawnAt).length;

  it('is told once of what a source does not list, with the command that answers', async () => {
    const deps = await suspicious();
    deps.notes.length = 0;
    await monday(deps);
    deps.clock.advance(10 * MINUTE_MS);
    await deps.operate.pollSources();
    expect(deps.notes.map(({ subject }) => subject)).toEqual(['The source “blog” lists too few posts']);
    expect(deps.notes[0]?.text).toContain('`gazette source accept-withdrawals blog`');
    expect((await deps.operate.status()).sources).toMatchObject([{ suspicion: { missing: 5, of: 6 } }]);
  });

  it('is heard at once by the command that `plan` names, though no collection has remembered what is missing', async () => {
    const deps = await suspicious();
    expect(await acceptWithdrawals(deps, 'blog', deps.clock.now())).toEqual({ source: 'blog', withdrawn: 5 });
    expect(await gone(deps)).toBe(5);
    expect(await acceptWithdrawals(deps, 'blog', deps.clock.now())).toEqual({ source: 'blog', withdrawn: 0 });
  });

  it('answers in the studio, for what the page has shown', async () => {
    const deps = await suspicious();
    const stop = new AbortController();
    const live = await aLiveDraft(deps, stop);
    const studio = aStudioOf(live, stop.signal);
    const shown = async () => (await studio.view(issuePage, { newsletter: 'weekly' })).suspicions;
    const [suspicion] = await shown();
    expect(suspicion).toMatchObject({ source: 'blog', missing: 5, of: 6 });
    // However often the studio looks, it decides nothing.
    for (let turn = 0; turn < 4; turn += 1) {
      deps.clock.advance(10 * MINUTE_MS);
      await live.readSaved([`${ROOT}/posts/one.md`]);
      await live.refresh();
    }
    expect(await gone(deps)).toBe(0);
    await expect(studio.sources.acceptWithdrawals('weekly', 'blog', '17')).rejects.toThrow(
      'has changed since this page',
    );
    await studio.sources.acceptWithdrawals('weekly', 'blog', (await shown())[0]?.since ?? '');
    expect(await gone(deps)).toBe(5);
    expect(await shown()).toEqual([]);
  });
});

it('A source that fails keeps nothing of the other ones from being remembered', async () => {
  const sources = ['blog', 'notes'].map((name) => ({ name, only: [], except: [] }));
  const deps = await aContext({ now: FRIDAY, renderer: plainRenderer, newsletter: { sources } });
  const notes = handSource([written('Note', '10', { source: 'notes' })], 'notes');
  const both: TestContext = openUseCases({ ...deps, sources: new Map([...deps.sources, ['notes', notes] as const]) });
  both.source.failure = new GazetteError('source.failed', 'The blog is down.');
  await expect(look(both)).rejects.toThrow('The blog is down.');
  expect((await both.store.posts.known(['notes'])).posts).toHaveLength(1);
});
