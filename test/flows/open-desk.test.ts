import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fillSegments } from '../../src/domain/edition.js';
import { GazetteError } from '../../src/domain/errors.js';
import type { Source, Store } from '../../src/domain/ports.js';
import { type House, newsletterNamed } from '../../src/flows/house.js';
import { sendIssue } from '../../src/flows/send-issue.js';
import type { DeskIssue } from '../../src/flows/studio/draft-on-desk.js';
import { type Desk, openDesk } from '../../src/flows/studio/open-desk.js';
import { shownOf } from '../../src/flows/studio/shown-of.js';
import { localFiles } from '../../src/platform/files.js';
import { openSource, parseHere } from '../../src/sources/index.js';
import { addReaders, aHouse, type TestHouse } from '../support/house.js';
import { memoryLog } from '../support/logs.js';

const VALUES = { name: '', address: '', unsubscribeUrl: 'https://n.example.org', preferencesUrl: '#', webUrl: '#' };

let root: string;
let house: TestHouse;
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
  house = await aHouse();
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

async function aDesk(openHouse?: () => Promise<House>): Promise<Desk> {
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
  const standing: House = { ...house, sources: new Map([['blog', counted]]) };
  return openDesk({
    openHouse: openHouse ?? (async () => standing),
    watch: async (_, onChange) => {
      tellSaved = onChange;
    },
    root,
    templates: [join(root, 'templates')],
    signal: stop.signal,
  });
}

async function mailOn(desk: Desk, issue: DeskIssue): Promise<string> {
  if (!issue.full) throw new Error('there is no issue');
  return fillSegments((await desk.edition(issue, issue.full)).mail.text, VALUES);
}

const titles = ({ full }: DeskIssue) =>
  (full?.digest.sections ?? []).flatMap(({ posts }) => posts.map(({ title }) => title)).sort();

describe('the desk', () => {
  it('reads a saved file alone, and shows what it says by then', async () => {
    await save('one', 'Before.');
    const path = await save('two', 'Before.');
    const desk = await aDesk();
    expect(await mailOn(desk, await desk.issue(undefined))).toContain('Before.');
    let told = 0;
    desk.onChange(() => {
      told += 1;
    });
    await save('two', 'Afterwards.');
    await desk.takeUp([path]);
    expect(await mailOn(desk, await desk.issue(undefined))).toContain('Afterwards.');
    expect({ reads, told }).toEqual({ reads: { whole: 1, alone: [path] }, told: 1 });
  });

  it('reads the folder again when a post comes, goes, moves or takes another address', async () => {
    await save('one', 'Text.');
    await save('two', 'Text.');
    await save('old', 'Text.');
    const desk = await aDesk();
    await desk.takeUp([await save('three', 'Text.')]);
    expect(titles(await desk.issue(undefined))).toEqual(['old', 'one', 'three', 'two']);
    await rm(pathOf('old'));
    await desk.takeUp([pathOf('old')]);
    expect(titles(await desk.issue(undefined))).toEqual(['one', 'three', 'two']);
    await desk.takeUp([await save('two', 'Text.', 'date: 2026-06-12\nslug: one')]);
    // Two posts of one address: neither may be sent.
    expect(titles(await desk.issue(undefined))).toEqual(['three']);
    const { verdicts } = (await desk.issue(undefined)).draft.selection;
    expect(verdicts.filter(({ reason }) => reason.kind === 'broken')).toHaveLength(2);
    expect(reads.whole).toBe(4);
  });

  it('reads the folder again when a file holds another post by then', async () => {
    await save('one', 'Text.');
    const desk = await aDesk();
    await writeFile(pathOf('one'), '---\ntitle: Another\ndate: 2026-06-13\n---\n\nOther words.\n');
    await desk.takeUp([pathOf('one')]);
    expect(titles(await desk.issue(undefined))).toEqual(['Another']);
    expect(reads.whole).toBe(2);
  });

  it('tells of a broken file with its place, and forgets it once it is mended', async () => {
    await save('one', 'Text.');
    const path = await save('two', 'Text.');
    const desk = await aDesk();
    await writeFile(path, '---\ntitle: [\n---\n');
    await desk.takeUp([path]);
    const broken = await desk.issue(undefined);
    expect(titles(broken)).toEqual(['one']);
    expect(broken.broken[0]?.where).toContain('two.md');
    await desk.takeUp([await save('two', 'Mended.')]);
    const mended = await desk.issue(undefined);
    expect(titles(mended)).toEqual(['one', 'two']);
    expect(mended.broken).toEqual([]);
  });

  it('leaves the ledger as it was, whatever is saved and looked at', async () => {
    const path = await save('one', 'Text.');
    const desk = await aDesk();
    const before = await house.store.posts.known(['blog']);
    await desk.takeUp([path]);
    await mailOn(desk, await desk.issue(undefined));
    expect(await house.store.posts.known(['blog'])).toEqual(before);
    expect(before.posts).toEqual([]);
  });

  it('follows what others do to the ledger', async () => {
    await save('one', 'Text.');
    await addReaders(house, [{ address: 'ann@example.org' }]);
    const desk = await aDesk();
    expect((await desk.issue(undefined)).draft.number).toBe(1);
    const [newsletter] = house.newsletters.values();
    if (!newsletter) throw new Error('there is no newsletter');
    await sendIssue(desk.house(), { newsletter, confirm: async () => true });
    const after = await desk.issue(undefined);
    expect(after.draft.number).toBe(2);
    expect(after.draft.selection.outcome).toBe('nothing-new');
  });

  it('looks again after half a minute: posts fall due and readers come without a word', async () => {
    await save('one', 'Text.');
    await save('two', 'Text.', 'date: 2026-06-15T07:00:10Z');
    await addReaders(house, [{}]);
    const desk = await aDesk();
    expect(titles(await desk.issue(undefined))).toEqual(['one']);
    await addReaders(house, [{ address: 'ann@example.org' }]);
    house.clock.advance(29_000);
    expect(titles(await desk.issue(undefined))).toEqual(['one']);
    house.clock.advance(1_000);
    const later = await desk.issue(undefined);
    expect(titles(later)).toEqual(['one', 'two']);
    expect(later.groups.map(({ count }) => count)).toEqual([2]);
  });

  it('drafts again what could not be drafted', async () => {
    await save('one', 'Text.');
    await addReaders(house, [{}]);
    const desk = await aDesk();
    const { groups } = house.store.audience;
    house.store.audience.groups = async () => {
      throw new Error('the database is away');
    };
    await expect(desk.issue(undefined)).rejects.toThrow('away');
    house.store.audience.groups = groups;
    expect(titles(await desk.issue(undefined))).toEqual(['one']);
  });

  it('names what an editor has seen the same when readers come, and not when posts or editions do', async () => {
    await save('one', 'Text.', 'date: 2026-06-12\ncategories: [software]');
    const path = await save('two', 'Text.');
    await addReaders(house, [{}]);
    const desk = await aDesk();
    const seen = shownOf(await desk.issue(undefined));
    const next = async () => {
      await desk.refresh();
      return shownOf(await desk.issue(undefined));
    };
    await addReaders(house, [{ address: 'ann@example.org' }]);
    expect(await next()).toBe(seen);
    await addReaders(house, [{ address: 'bob@example.org', wishes: ['software'] }]);
    const withEdition = await next();
    expect(withEdition).not.toBe(seen);
    await save('two', 'Edited.');
    await desk.takeUp([path]);
    expect(await next()).not.toBe(withEdition);
  });

  it('goes on with the settings it had while the new ones cannot be read', async () => {
    await save('one', 'Text.');
    let isBroken = false;
    const first = await aDesk();
    const standing = first.house();
    const desk = await aDesk(async () => {
      if (isBroken) throw new GazetteError('config.invalid', 'There is no key “shedule”.');
      return standing;
    });
    isBroken = true;
    await desk.takeUp([join(root, 'content', 'newsletters', 'weekly.yaml')]);
    expect(desk.problem()?.message).toContain('shedule');
    expect(titles(await desk.issue(undefined))).toEqual(['one']);
    isBroken = false;
    await desk.takeUp([join(root, 'content', 'newsletters', 'weekly.yaml')]);
    expect(desk.problem()).toBeUndefined();
  });

  it('logs a save it could not take up, and goes on', async () => {
    const path = await save('one', 'Before.');
    const log = memoryLog();
    house = { ...house, log };
    const desk = await aDesk();
    rereadFails = true;
    tellSaved([path]);
    await desk.touch();
    expect(log.events.map(({ event }) => event)).toContain('desk.save-not-read');
    rereadFails = false;
    await save('one', 'Afterwards.');
    tellSaved([path]);
    await desk.touch();
    expect(await mailOn(desk, await desk.issue(undefined))).toContain('Afterwards.');
  });

  it('tells once what keeps it from following the ledger, and tries again after a while', async () => {
    await save('one', 'Text.');
    await addReaders(house, [{}]);
    const standing = (await aDesk()).house();
    let opened = 0;
    let isBroken = false;
    const desk = await aDesk(async () => {
      opened += 1;
      if (isBroken) throw new GazetteError('config.invalid', 'There is no key “shedule”.');
      return standing;
    });
    isBroken = true;
    await sendIssue(standing, { newsletter: newsletterNamed(standing, undefined), confirm: async () => true });
    const before = desk.version();
    for (let looks = 0; looks < 3; looks += 1) await desk.issue(undefined);
    expect({ opened, told: desk.version() - before }).toEqual({ opened: 2, told: 1 });
    house.clock.advance(30_000);
    await desk.issue(undefined);
    expect({ opened, told: desk.version() - before }).toEqual({ opened: 3, told: 1 });
    isBroken = false;
    house.clock.advance(30_000);
    expect((await desk.issue(undefined)).draft.number).toBe(2);
    expect(desk.problem()).toBeUndefined();
  });

  it('leaves the sample readers as soon as there are readers', async () => {
    await save('one', 'Text.');
    const desk = await aDesk();
    expect((await desk.issue(undefined)).groups).toEqual([]);
    await addReaders(house, [{}]);
    expect((await desk.issue(undefined)).groups.map(({ count }) => count)).toEqual([1]);
    expect(desk.isWithoutLedger()).toBe(false);
  });

  it('keeps what is being read until its reader has ended, and closes it then', async () => {
    await save('one', 'Text.');
    const open = new Set<Store>();
    const scratch = house.store.scratch.bind(house.store);
    house.store.scratch = async () => {
      const copy = await scratch();
      const close = copy.close.bind(copy);
      copy.close = async () => {
        open.delete(copy);
        await close();
      };
      open.add(copy);
      return copy;
    };
    const desk = await aDesk();
    const [first] = open;
    await desk.during(async () => {
      const { store } = desk.deskHouse();
      await desk.refresh();
      await desk.refresh();
      expect((await store.posts.known(['blog'])).posts).toHaveLength(1);
    });
    await vi.waitFor(() => expect(open.size).toBe(1));
    expect(first && open.has(first)).toBe(false);
  });

  it('knows when nobody has been written to from here', async () => {
    await save('one', 'Text.');
    expect((await aDesk()).isWithoutLedger()).toBe(true);
    await addReaders(house, [{ address: 'ann@example.org' }]);
    expect((await aDesk()).isWithoutLedger()).toBe(false);
  });
});
