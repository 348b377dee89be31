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
import { studioApp } from '../../src/run-studio.js';
import { openSource } from '../../src/sources/index.js';
import { type LiveDraft, openLiveDraft } from '../../src/studio/live-draft.js';
import { type LiveIssue, shownSections } from '../../src/studio/live-issue.js';
import { shownContent } from '../../src/studio/shown-content.js';
import { aContext, addReaders, type TestContext } from '../support/app-context.js';
import { memoryLog } from '../support/logs.js';
import { toolsOf } from '../support/sources-files.js';

const VALUES = { name: '', address: '', unsubscribeUrl: 'https://n.example.org', preferencesUrl: '#', webUrl: '#' };

let root: string;
let deps: TestContext;
let stop: AbortController;
/** Reports saved files as the watch does. */
let reportSaved: (paths: readonly string[]) => void;
let rereadFails: boolean;
/** How often the whole folder was read, and which single files were. */
let reads: { whole: number; alone: string[] };
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gazette-draft-'));
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

/** The test's context with the folder of posts as its source; its readings are counted. */
function aFolder(): AppContext {
  const options = {
    kind: 'markdown',
    dir: 'posts',
    site: 'https://blog.example.org',
    url: '/:slug/',
    timezone: 'UTC',
  } as const;
  const own = openSource('blog', { ...options } as never, toolsOf({ files: localFiles(), contentDir: root }));
  const counted: Source = {
    ...own,
    collect: (request) => {
      reads.whole += 1;
      return own.collect(request);
    },
    reread: async (path) => {
      if (rereadFails) throw new TypeError('the disk is away');
      reads.alone.push(path);
      return own.reread?.(path);
    },
  };
  return openUseCases({ ...deps, sources: new Map([['blog', counted]]) });
}

function aDraft(open = async () => aFolder()): Promise<LiveDraft> {
  return openLiveDraft({
    openApp: async () => studioApp(await open(), root),
    watch: async (_, onChange) => {
      reportSaved = onChange;
    },
    root,
    templates: [join(root, 'templates')],
    signal: stop.signal,
  });
}

async function mailOn(live: LiveDraft, issue: LiveIssue): Promise<string> {
  if (!issue.full) throw new Error('there is no issue');
  return fillSegments((await live.render(issue, issue.full)).mail.text, VALUES);
}

const titles = (issue: LiveIssue) =>
  shownSections(issue)
    .flatMap(({ posts }) => posts.map(({ title }) => title))
    .sort();

describe('The live draft', () => {
  it('reads only the saved file, and shows its new content', async () => {
    await save('one', 'Before.');
    const path = await save('two', 'Before.');
    const live = await aDraft();
    expect(await mailOn(live, await live.issue('weekly'))).toContain('Before.');
    let changes = 0;
    live.onChange(() => {
      changes += 1;
    });
    await save('two', 'Afterwards.');
    await live.readSaved([path]);
    expect(await mailOn(live, await live.issue('weekly'))).toContain('Afterwards.');
    expect({ reads, changes }).toEqual({ reads: { whole: 1, alone: [path] }, changes: 1 });
  });

  it('reads the whole folder when a post is added, removed, moved or given another URL', async () => {
    await save('one', 'Text.');
    await save('two', 'Text.');
    await save('old', 'Text.');
    const live = await aDraft();
    await live.readSaved([await save('three', 'Text.')]);
    expect(titles(await live.issue('weekly'))).toEqual(['old', 'one', 'three', 'two']);
    await rm(pathOf('old'));
    await live.readSaved([pathOf('old')]);
    expect(titles(await live.issue('weekly'))).toEqual(['one', 'three', 'two']);
    await live.readSaved([await save('two', 'Text.', 'date: 2026-06-12\nslug: one')]);
    // Two posts with one URL: neither may be sent.
    expect(titles(await live.issue('weekly'))).toEqual(['three']);
    const { verdicts } = (await live.issue('weekly')).draft.selection;
    expect(verdicts.filter(({ reason }) => reason.kind === 'broken')).toHaveLength(2);
    expect(reads.whole).toBe(4);
  });

  it('reads the whole folder when a file holds another post', async () => {
    await save('one', 'Text.');
    const live = await aDraft();
    await writeFile(pathOf('one'), '---\ntitle: Another\ndate: 2026-06-13\n---\n\nOther words.\n');
    await live.readSaved([pathOf('one')]);
    expect(titles(await live.issue('weekly'))).toEqual(['Another']);
    expect(reads.whole).toBe(2);
  });

  it('reports a broken file with its place until it is fixed', async () => {
    await save('one', 'Text.');
    const path = await save('two', 'Text.');
    const live = await aDraft();
    await writeFile(path, '---\ntitle: [\n---\n');
    await live.readSaved([path]);
    const broken = await live.issue('weekly');
    expect(titles(broken)).toEqual(['one']);
    expect(broken.broken[0]?.where).toContain('two.md');
    await live.readSaved([await save('two', 'Fixed.')]);
    const fixed = await live.issue('weekly');
    expect(titles(fixed)).toEqual(['one', 'two']);
    expect(fixed.broken).toEqual([]);
  });

  it('does not change the ledger, whatever is saved and looked at', async () => {
    const path = await save('one', 'Text.');
    const live = await aDraft();
    const before = await deps.store.posts.known(['blog']);
    await live.readSaved([path]);
    await mailOn(live, await live.issue('weekly'));
    expect(await deps.store.posts.known(['blog'])).toEqual(before);
    expect(before.posts).toEqual([]);
  });

  it('follows what others do to the ledger', async () => {
    await save('one', 'Text.');
    await addReaders(deps, [{ address: 'ann@example.org' }]);
    const live = await aDraft();
    expect((await live.issue('weekly')).draft.number).toBe(1);
    const [newsletter] = deps.newsletters.values();
    if (!newsletter) throw new Error('there is no newsletter');
    await aFolder().sending.sendNext({ newsletter, confirm: async () => true });
    const after = await live.issue('weekly');
    expect(after.draft.number).toBe(2);
    expect(after.draft.selection.outcome).toBe('nothing-new');
  });

  it('drafts again after half a minute, because posts come due and readers sign up without an event', async () => {
    await save('one', 'Text.');
    await save('two', 'Text.', 'date: 2026-06-15T07:00:10Z');
    await addReaders(deps, [{}]);
    const live = await aDraft();
    expect(titles(await live.issue('weekly'))).toEqual(['one']);
    await addReaders(deps, [{ address: 'ann@example.org' }]);
    deps.clock.advance(29_000);
    expect(titles(await live.issue('weekly'))).toEqual(['one']);
    deps.clock.advance(1_000);
    const later = await live.issue('weekly');
    expect(titles(later)).toEqual(['one', 'two']);
    expect(later.groups.map(({ count }) => count)).toEqual([2]);
  });

  it('drafts again after a failure', async () => {
    await save('one', 'Text.');
    await addReaders(deps, [{}]);
    const live = await aDraft();
    const { groups } = deps.store.audience;
    deps.store.audience.groups = async () => {
      throw new Error('the database is away');
    };
    await expect(live.issue('weekly')).rejects.toThrow('away');
    deps.store.audience.groups = groups;
    expect(titles(await live.issue('weekly'))).toEqual(['one']);
  });

  it('names the shown content the same after a sign-up, and differently when posts or editions change', async () => {
    await save('one', 'Text.', 'date: 2026-06-12\ncategories: [software]');
    const path = await save('two', 'Text.');
    await addReaders(deps, [{}]);
    const live = await aDraft();
    const seen = shownContent(await live.issue('weekly'));
    const next = async () => {
      await live.refresh();
      return shownContent(await live.issue('weekly'));
    };
    await addReaders(deps, [{ address: 'ann@example.org' }]);
    expect(await next()).toBe(seen);
    await addReaders(deps, [{ address: 'bob@example.org', preferences: ['software'] }]);
    const withEdition = await next();
    expect(withEdition).not.toBe(seen);
    await save('two', 'Edited.');
    await live.readSaved([path]);
    expect(await next()).not.toBe(withEdition);
  });

  it('keeps its settings while the new ones cannot be read', async () => {
    await save('one', 'Text.');
    let isBroken = false;
    const folder = aFolder();
    const live = await aDraft(async () => {
      if (isBroken) throw new GazetteError('config.invalid', 'There is no key “shedule”.');
      return folder;
    });
    isBroken = true;
    await live.readSaved([join(root, 'content', 'newsletters', 'weekly.yaml')]);
    expect(live.problem()?.message).toContain('shedule');
    expect(titles(await live.issue('weekly'))).toEqual(['one']);
    isBroken = false;
    await live.readSaved([join(root, 'content', 'newsletters', 'weekly.yaml')]);
    expect(live.problem()).toBeUndefined();
  });

  it('logs a save that it could not read, and continues', async () => {
    const path = await save('one', 'Before.');
    const log = memoryLog();
    deps = { ...deps, log };
    const live = await aDraft();
    rereadFails = true;
    reportSaved([path]);
    await live.redraft();
    expect(log.events.map(({ event }) => event)).toContain('studio.save-not-read');
    rereadFails = false;
    await save('one', 'Afterwards.');
    reportSaved([path]);
    await live.redraft();
    expect(await mailOn(live, await live.issue('weekly'))).toContain('Afterwards.');
  });

  it('reports once why it cannot follow the ledger, and tries again after a while', async () => {
    await save('one', 'Text.');
    await addReaders(deps, [{}]);
    const folder = aFolder();
    let opened = 0;
    let isBroken = false;
    const live = await aDraft(async () => {
      opened += 1;
      if (isBroken) throw new GazetteError('config.invalid', 'There is no key “shedule”.');
      return folder;
    });
    isBroken = true;
    await folder.sending.sendNext({ newsletter: newsletterNamed(folder, 'weekly'), confirm: async () => true });
    const before = live.version();
    for (let looks = 0; looks < 3; looks += 1) await live.issue('weekly');
    expect({ opened, changes: live.version() - before }).toEqual({ opened: 2, changes: 1 });
    deps.clock.advance(30_000);
    await live.issue('weekly');
    expect({ opened, changes: live.version() - before }).toEqual({ opened: 3, changes: 1 });
    isBroken = false;
    deps.clock.advance(30_000);
    expect((await live.issue('weekly')).draft.number).toBe(2);
    expect(live.problem()).toBeUndefined();
  });

  it('replaces the sample readers as soon as there are readers', async () => {
    await save('one', 'Text.');
    const live = await aDraft();
    expect((await live.issue('weekly')).groups).toEqual([]);
    await addReaders(deps, [{}]);
    expect((await live.issue('weekly')).groups.map(({ count }) => count)).toEqual([1]);
    expect(live.isWithoutLedger()).toBe(false);
  });

  it('keeps a scratch copy open while it is in use, and closes it then', async () => {
    await save('one', 'Text.');
    const open = new Set<Store>();
    const draftScratch = deps.store.draftScratch.bind(deps.store);
    deps.store.draftScratch = async () => {
      const copy = await draftScratch();
      const close = copy.close.bind(copy);
      copy.close = async () => {
        open.delete(copy);
        await close();
      };
      open.add(copy);
      return copy;
    };
    const live = await aDraft();
    const [first] = open;
    await live.during(async () => {
      const [store] = open;
      await live.refresh();
      await live.refresh();
      expect((await store?.posts.known(['blog']))?.posts).toHaveLength(1);
    });
    await vi.waitFor(() => expect(open.size).toBe(1));
    expect(first && open.has(first)).toBe(false);
  });

  it('knows whether the ledger has an issue or a reader', async () => {
    await save('one', 'Text.');
    expect((await aDraft()).isWithoutLedger()).toBe(true);
    await addReaders(deps, [{ address: 'ann@example.org' }]);
    expect((await aDraft()).isWithoutLedger()).toBe(false);
  });
});
