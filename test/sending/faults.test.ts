/** Faults of the disk, the database and the clock: the run ends with a clear error, no reader is lost, and a resume finishes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/domain/ports/storage.js';
import type { Outcome } from '../../src/domain/reply.js';
import { openSqliteStore } from '../../src/store/index.js';
import type { SqliteOptions } from '../../src/store/sqlite.js';
import { ACCEPTED, aContext, addReaders, type TestContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';

const READERS = 120;
/** Of the test transport: so many messages may be on the wire when the ledger fails. */
const CONNECTIONS = 3;
const newsletterOf = (deps: TestContext) => [...deps.newsletters.values()][0] as never;
const post = aPost({ publishedAt: new Date('2026-06-10T09:00:00Z') });

let folder: string;
let path: string;
let stores: Store[];
let processes: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gazette-faults-'));
  path = join(folder, 'gazette.db');
  [stores, processes] = [[], 0];
});

afterEach(async () => {
  for (const store of stores) await store.close();
  await rm(folder, { recursive: true });
});

/** A process on the database file, which takes every other process for dead. */
async function aProcess(options: SqliteOptions = {}): Promise<TestContext> {
  processes += 1;
  const self = `process-${processes}`;
  const store = await openSqliteStore({ path, ...options });
  stores.push(store);
  const deps = await aContext({
    store,
    posts: [post],
    processes: { self, stateOf: (owner) => (owner === self ? 'alive' : 'dead') },
  });
  return deps;
}

function freeze(deps: TestContext) {
  return deps.issues.freezeNext({ newsletter: newsletterOf(deps), confirm: async () => true });
}

async function aFrozenIssue(): Promise<TestContext> {
  const deps = await aProcess();
  await addReaders(
    deps,
    Array.from({ length: READERS }, () => ({})),
  );
  await freeze(deps);
  return deps;
}

const resume = (deps: TestContext) => deps.sending.resume(newsletterOf(deps), 1, {});
const taken = (...processes: readonly TestContext[]) =>
  processes.flatMap(({ wire }) => wire.messages.map(({ envelope, messageId }) => `${envelope.to} ${messageId}`));

/** Every reader has a copy; second copies are identical, and no more than were on the wire. */
async function expectNoReaderLost(last: TestContext, messages: readonly string[]) {
  expect(new Set(messages).size).toBe(READERS);
  expect(new Set(messages.map((line) => line.split(' ')[0])).size).toBe(READERS);
  expect(messages.length - READERS).toBeLessThanOrEqual(CONNECTIONS);
  expect(await last.sending.verify(newsletterOf(last), 1)).toMatchObject({
    ok: true,
    issue: { state: 'done' },
    counts: { accepted: READERS, all: READERS },
  });
}

function pagesOf(file: string): number {
  const connection = new DatabaseSync(file);
  const { page_count } = connection.prepare('pragma page_count').get() as { page_count: number };
  connection.close();
  return page_count;
}

describe('a full disk', () => {
  const FULL = { code: 'store.full', hint: expect.stringContaining('Free some space') };

  it('ends a run, and a resume with free space finishes it', async () => {
    await aFrozenIssue();
    const full = await aProcess({ pragmas: [`max_page_count = ${pagesOf(path) + 8}`] });
    full.wire.answer = () => ({ kind: 'accepted', reply: { code: 250, text: `250 ${'queued '.repeat(60)}` } });
    await expect(resume(full)).rejects.toMatchObject(FULL);
    expect(full.wire.messages.length).toBeGreaterThan(CONNECTIONS);
    expect(full.wire.messages.length).toBeLessThan(READERS);
    const freed = await aProcess();
    await resume(freed);
    await expectNoReaderLost(freed, taken(full, freed));
  });

  it('leaves no issue behind at a freeze, and with free space the same one is frozen', async () => {
    const deps = await aProcess();
    await addReaders(
      deps,
      Array.from({ length: READERS }, () => ({})),
    );
    const full = await aProcess({ pragmas: [`max_page_count = ${pagesOf(path) + 2}`] });
    await expect(freeze(full)).rejects.toMatchObject(FULL);
    expect(await full.sending.list()).toEqual([]);
    expect(await freeze(deps)).toMatchObject({ kind: 'frozen', issue: { number: 1 } });
  });
});

describe('a read-only database', () => {
  it('can be read, sends nothing, and is resumed once it is writable', async () => {
    await aFrozenIssue();
    const reader = await aProcess({ pragmas: ['query_only = on'] });
    expect(await reader.sending.list()).toMatchObject([{ counts: { planned: READERS } }]);
    await expect(resume(reader)).rejects.toMatchObject({
      code: 'store.read-only',
      hint: expect.stringContaining('right to write'),
    });
    expect(reader.wire.messages).toEqual([]);
    const writer = await aProcess();
    await resume(writer);
    await expectNoReaderLost(writer, taken(writer));
  });
});

describe('a database that another process keeps locked', () => {
  it('longer than the run waits ends the run, and a resume finishes it', async () => {
    await aFrozenIssue();
    const impatient = await aProcess({ patienceMs: 30 });
    const other = new DatabaseSync(path);
    impatient.wire.answer = (_, nth) => {
      if (nth === 50) other.exec('begin exclusive');
      return ACCEPTED;
    };
    await expect(resume(impatient)).rejects.toMatchObject({
      code: 'store.locked',
      hint: expect.stringContaining('Another process'),
    });
    other.exec('rollback');
    other.close();
    const next = await aProcess();
    await resume(next);
    await expectNoReaderLost(next, taken(impatient, next));
  });

  it('for a short time is waited for', async () => {
    await aFrozenIssue();
    const patient = await aProcess();
    const other = new DatabaseSync(path);
    patient.wire.answer = (_, nth) => {
      if (nth === 50) {
        other.exec('begin exclusive');
        setTimeout(() => other.exec('rollback'), 20);
      }
      return ACCEPTED;
    };
    await resume(patient);
    other.close();
    expect(patient.wire.messages).toHaveLength(READERS);
    await expectNoReaderLost(patient, taken(patient));
  });
});

describe('a clock', () => {
  const HOURS_MS = 5 * 3_600_000;
  const LATER: Outcome = { kind: 'deferred', scope: 'recipient', reply: { code: 450, text: '450 4.2.1 later' } };
  const dateOf = (deps: TestContext, nth: number) => {
    const text = Buffer.concat(deps.wire.messages[nth]?.content ?? []).toString();
    return new Date(/^Date: (.*)\r$/m.exec(text)?.[1] ?? '');
  };

  it.each([
    ['set back', -HOURS_MS],
    ['set forward', HOURS_MS],
  ])('that is %s during a run loses and repeats no reader; mails show the new time', async (_, ms) => {
    const deps = await aFrozenIssue();
    const start = deps.clock.now().getTime();
    deps.wire.answer = (_message, nth) => {
      if (nth === 40) deps.clock.advance(ms);
      return ACCEPTED;
    };
    expect(await resume(deps)).toMatchObject({ counts: { accepted: READERS } });
    expect(deps.wire.messages).toHaveLength(READERS);
    expect(dateOf(deps, 0).getTime()).toBe(start);
    expect(dateOf(deps, READERS - 1).getTime()).toBe(start + ms);
    await expectNoReaderLost(deps, taken(deps));
  });

  it('that is set back between two runs delays only deferred readers', async () => {
    const deps = await aFrozenIssue();
    const stop = new AbortController();
    deps.wire.answer = ({ envelope }, nth) => {
      if (nth === 40) stop.abort();
      return envelope.to === 'reader1@example.org' ? LATER : ACCEPTED;
    };
    await deps.sending.resume(newsletterOf(deps), 1, { signal: stop.signal });
    deps.clock.advance(-HOURS_MS);
    deps.wire.answer = () => ACCEPTED;
    expect(await resume(deps)).toMatchObject({ counts: { accepted: READERS - 1, deferred: 1 } });
    expect(await deps.sending.resume(newsletterOf(deps), 1, { wait: true })).toMatchObject({
      counts: { accepted: READERS, deferred: 0 },
    });
    expect(deps.wire.messages).toHaveLength(READERS + 1);
  });

  it('that is set forward between two runs takes no delivery from a living process', async () => {
    const deps = await aFrozenIssue();
    const other = await aContext({
      store: deps.store,
      posts: [post],
      processes: { self: 'other', stateOf: () => 'alive' },
      now: new Date(deps.clock.now().getTime() + HOURS_MS),
    });
    deps.wire.answer = async (_, nth) => {
      if (nth === CONNECTIONS) await resume(other);
      return ACCEPTED;
    };
    await resume(deps);
    expect(other.wire.messages.length).toBeGreaterThan(0);
    const messages = taken(deps, other);
    expect(messages).toHaveLength(READERS);
    await expectNoReaderLost(deps, messages);
  });
});
