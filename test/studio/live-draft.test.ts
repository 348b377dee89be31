import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AppContext, newsletterNamed, openUseCases } from '../../src/app-context.js';
import { fillSegments } from '../../src/domain/edition.js';
import { GazetteError } from '../../src/domain/errors.js';
import type { Source } from '../../src/domain/ports/content.js';
import type { Store } from '../../src/domain/ports/storage.js';
import { localFiles } from '../../src/platform/files.js';
import { openSource, parseHere } from '../../src/sources/index.js';
import { type LiveDraft, openLiveDraft } from '../../src/studio/live-draft.js';
import type { LiveIssue } from '../../src/studio/live-issue.js';
import { shownOf } from '../../src/studio/shown-of.js';
import { aContext, addReaders, type TestContext } from '../support/app-context.js';
import { memoryLog } from '../support/logs.js';

const VALUES = { name: '', address: '', unsubscribeUrl: 'https://n.example.org', preferencesUrl: '#', webUrl: '#' };

let root: string;
let deps: TestContext;
let stop: AbortController;
/** What the watch would tell. */
let tellSaved: (paths: readonly string[]) => void;
let rereadFails: boolean;
/** How often the folder was read whole, and single files of it. */
let reads: { whole: number; alone: string[] };
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gazette-desk-'));
  await rm(join(root, 'posts'), { recursive: true, force: true });
  reads = { whole: 0, alone: [] };
  rereadFails = false;
  stop = new AbortController();
  deps = await aContext();
});
afterEach(async () => {
  stop.abort();
  await rm(root, { recursive: true, force: true });
});

const pathOf = (name: string) => join(root, 'posts', `${name}.md`);

async function save(name: string, text: string, front = 'date: 2026-06-12'): Promise<string> {
  await localFiles().write(pathOf(name), `---\ntitle: ${name}\n${front}\n---\n\n${text}\n`);
  return pathOf(name);
}

async function aDesk(openContext?: () => Promise<AppContext>): Promise<LiveDraft> {
  const options = {
    kind: 'markdown',
    dir: 'posts',
    site: 'https://blog.example.org',
    url: '/:slug/',
    timezone: 'UTC',
  } as const;
  const own = openSource('blog', { ...options } as never, {
    files: localFiles(),
    contentDir: root,
    runParse: parseHere,
    readings: new Map(),
  });
  const counted: Source = {
    ...own,
    collect: (signal) => {
      reads.whole += 1;
      return own.collect(signal);
    },
    reread: async (path) => {
      if (rereadFails) throw new TypeError('the disk is away');
      reads.alone.push(path);
      return own.reread?.(path);
    },
  };
  const history: AppContext = openUseCases({ ...deps, sources: new Map([['blog', counted]]) });
  return openLiveDraft({
    openContext: openContext ?? (async () => history),
    watch: async (_, onChange) => {
      tellSaved = onChange;
    },
    root,
    templates: [join(root, 'templates')],
    signal: stop.signal,
  });
}

async function mailOn(live: LiveDraft, issue: LiveIssue): Promise<string> {
  if (!issue.full) throw new Error('there is no issue');
  return fillSegments((await live.edition(issue, issue.full)).mail.text, VALUES);
}

const titles = ({ full }: LiveIssue) =>
  (full?.digest.sections ?? []).flatMap(({ posts }) => posts.map(({ title }) => title)).sort();

describe('the desk', () => {
  it('reads a saved file alone, and shows what it says by then', async () => {
    await save('one', 'Before.');
    const path = await save('two', 'Before.');
    const live = await aDesk();
    expect(await mailOn(live, await live.issue(undefined))).toContain('Before.');
    let told = 0;
    live.onChange(() => {
      told += 1;
    });
    await save('two', 'Afterwards.');
    await live.takeUp([path]);
    expect(await mailOn(live, await live.issue(undefined))).toContain('Afterwards.');
    expect({ reads, told }).toEqual({ reads: { whole: 1, alone: [path] }, told: 1 });
  });

  it('reads the folder again when a post comes, goes, moves or takes another address', async () => {
    await save('one', 'Text.');
    await save('two', 'Text.');
    await save('old', 'Text.');
    const live = await aDesk();
    await live.takeUp([await save('three', 'Text.')]);
    expect(titles(await live.issue(undefined))).toEqual(['old', 'one', 'three', 'two']);
    await rm(pathOf('old'));
    await live.takeUp([pathOf('old')]);
    expect(titles(await live.issue(undefined))).toEqual(['one', 'three', 'two']);
    await live.takeUp([await save('two', 'Text.', 'date: 2026-06-12\nslug: one')]);
    // Two posts of one address: neither may be sent.
    expect(titles(await live.issue(undefined))).toEqual(['three']);
    const { verdicts } = (await live.issue(undefined)).draft.selection;
    expect(verdicts.filter(({ reason }) => reason.kind === 'broken')).toHaveLength(2);
    expect(reads.whole).toBe(4);
  });

  it('reads the folder again when a file holds another post by then', async () => {
    await save('one', 'Text.');
    const live = await aDesk();
    await writeFile(pathOf('one'), '---\ntitle: Another\ndate: 2026-06-13\n---\n\nOther words.\n');
    await live.takeUp([pathOf('one')]);
    expect(titles(await live.issue(undefined))).toEqual(['Another']);
    expect(reads.whole).toBe(2);
  });

  it('tells of a broken file with its place, and forgets it once it is mended', async () => {
    await save('one', 'Text.');
    const path = await save('two', 'Text.');
    const live = await aDesk();
    await writeFile(path, '---\ntitle: [\n---\n');
    await live.takeUp([path]);
    const broken = await live.issue(undefined);
    expect(titles(broken)).toEqual(['one']);
    expect(broken.broken[0]?.where).toContain('two.md');
    await live.takeUp([await save('two', 'Mended.')]);
    const mended = await live.issue(undefined);
    expect(titles(mended)).toEqual(['one', 'two']);
    expect(mended.broken).toEqual([]);
  });

  it('leaves the ledger as it was, whatever is saved and looked at', async () => {
    const path = await save('one', 'Text.');
    const live = await aDesk();
    const before = await deps.store.posts.known(['blog']);
    await live.takeUp([path]);
    await mailOn(live, await live.issue(undefined));
    expect(await deps.store.posts.known(['blog'])).toEqual(before);
    expect(before.posts).toEqual([]);
  });

  it('follows what others do to the ledger', async () => {
    await save('one', 'Text.');
    await addReaders(deps, [{ address: 'ann@example.org' }]);
    const live = await aDesk();
    expect((await live.issue(undefined)).draft.number).toBe(1);
    const [newsletter] = deps.newsletters.values();
    if (!newsletter) throw new Error('there is no newsletter');
    await live.deps().sending.sendNext({ newsletter, confirm: async () => true });
    const after = await live.issue(undefined);
    expect(after.draft.number).toBe(2);
    expect(after.draft.selection.outcome).toBe('nothing-new');
  });

  it('looks again after half a minute: posts fall due and readers come without a word', async () => {
    await save('one', 'Text.');
    await save('two', 'Text.', 'date: 2026-06-15T07:00:10Z');
    await addReaders(deps, [{}]);
    const live = await aDesk();
    expect(titles(await live.issue(undefined))).toEqual(['one']);
    await addReaders(deps, [{ address: 'ann@example.org' }]);
    deps.clock.advance(29_000);
    expect(titles(await live.issue(undefined))).toEqual(['one']);
    deps.clock.advance(1_000);
    const later = await live.issue(undefined);
    expect(titles(later)).toEqual(['one', 'two']);
    expect(later.groups.map(({ count }) => count)).toEqual([2]);
  });

  it('drafts again what could not be drafted', async () => {
    await save('one', 'Text.');
    await addReaders(deps, [{}]);
    const live = await aDesk();
    const { groups } = deps.store.audience;
    deps.store.audience.groups = async () => {
      throw new Error('the database is away');
    };
    await expect(live.issue(undefined)).rejects.toThrow('away');
    deps.store.audience.groups = groups;
    expect(titles(await live.issue(undefined))).toEqual(['one']);
  });

  it('names what an editor has seen the same when readers come, and not when posts or editions do', async () => {
    await save('one', 'Text.', 'date: 2026-06-12\ncategories: [software]');
    const path = await save('two', 'Text.');
    await addReaders(deps, [{}]);
    const live = await aDesk();
    const seen = shownOf(await live.issue(undefined));
    const next = async () => {
      await live.refresh();
      return shownOf(await live.issue(undefined));
    };
    await addReaders(deps, [{ address: 'ann@example.org' }]);
    expect(await next()).toBe(seen);
    await addReaders(deps, [{ address: 'bob@example.org', wishes: ['software'] }]);
    const withEdition = await next();
    expect(withEdition).not.toBe(seen);
    await save('two', 'Edited.');
    await live.takeUp([path]);
    expect(await next()).not.toBe(withEdition);
  });

  it('goes on with the settings it had while the new ones cannot be read', async () => {
    await save('one', 'Text.');
    let isBroken = false;
    const first = await aDesk();
    const history = first.deps();
    const live = await aDesk(async () => {
      if (isBroken) throw new GazetteError('config.invalid', 'There is no key “shedule”.');
      return history;
    });
    isBroken = true;
    await live.takeUp([join(root, 'content', 'newsletters', 'weekly.yaml')]);
    expect(live.problem()?.message).toContain('shedule');
    expect(titles(await live.issue(undefined))).toEqual(['one']);
    isBroken = false;
    await live.takeUp([join(root, 'content', 'newsletters', 'weekly.yaml')]);
    expect(live.problem()).toBeUndefined();
  });

  it('logs a save it could not take up, and goes on', async () => {
    const path = await save('one', 'Before.');
    const log = memoryLog();
    deps = { ...deps, log };
    const live = await aDesk();
    rereadFails = true;
    tellSaved([path]);
    await live.touch();
    expect(log.events.map(({ event }) => event)).toContain('desk.save-not-read');
    rereadFails = false;
    await save('one', 'Afterwards.');
    tellSaved([path]);
    await live.touch();
    expect(await mailOn(live, await live.issue(undefined))).toContain('Afterwards.');
  });

  it('tells once what keeps it from following the ledger, and tries again after a while', async () => {
    await save('one', 'Text.');
    await addReaders(deps, [{}]);
    const history = (await aDesk()).deps();
    let opened = 0;
    let isBroken = false;
    const live = await aDesk(async () => {
      opened += 1;
      if (isBroken) throw new GazetteError('config.invalid', 'There is no key “shedule”.');
      return history;
    });
    isBroken = true;
    await history.sending.sendNext({ newsletter: newsletterNamed(history, undefined), confirm: async () => true });
    const before = live.version();
    for (let looks = 0; looks < 3; looks += 1) await live.issue(undefined);
    expect({ opened, told: live.version() - before }).toEqual({ opened: 2, told: 1 });
    deps.clock.advance(30_000);
    await live.issue(undefined);
    expect({ opened, told: live.version() - before }).toEqual({ opened: 3, told: 1 });
    isBroken = false;
    deps.clock.advance(30_000);
    expect((await live.issue(undefined)).draft.number).toBe(2);
    expect(live.problem()).toBeUndefined();
  });

  it('leaves the sample readers as soon as there are readers', async () => {
    await save('one', 'Text.');
    const live = await aDesk();
    expect((await live.issue(undefined)).groups).toEqual([]);
    await addReaders(deps, [{}]);
    expect((await live.issue(undefined)).groups.map(({ count }) => count)).toEqual([1]);
    expect(live.isWithoutLedger()).toBe(false);
  });

  it('keeps what is being read until its reader has ended, and closes it then', async () => {
    await save('one', 'Text.');
    const open = new Set<Store>();
    const scratch = deps.store.scratch.bind(deps.store);
    deps.store.scratch = async () => {
      const copy = await scratch();
      const close = copy.close.bind(copy);
      copy.close = async () => {
        open.delete(copy);
        await close();
      };
      open.add(copy);
      return copy;
    };
    const live = await aDesk();
    const [first] = open;
    await live.during(async () => {
      const { store } = live.draftDeps();
      await live.refresh();
      await live.refresh();
      expect((await store.posts.known(['blog'])).posts).toHaveLength(1);
    });
    await vi.waitFor(() => expect(open.size).toBe(1));
    expect(first && open.has(first)).toBe(false);
  });

  it('knows when nobody has been written to from here', async () => {
    await save('one', 'Text.');
    expect((await aDesk()).isWithoutLedger()).toBe(true);
    await addReaders(deps, [{ address: 'ann@example.org' }]);
    expect((await aDesk()).isWithoutLedger()).toBe(false);
  });
});
