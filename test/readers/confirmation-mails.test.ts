/** Runs of confirmation mails that start while another is under way, in one process and in two on one store. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import type { Processes } from '../../src/domain/ports/host.js';
import type { Store } from '../../src/domain/ports/storage.js';
import type { Outcome } from '../../src/domain/reply.js';
import type { ReaderSite } from '../../src/readers/index.js';
import { openSqliteStore, openStore } from '../../src/store/index.js';
import { ACCEPTED, aContext, type TestContext } from '../support/app-context.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { publicSitePorts } from '../support/public-site.js';

const MINUTE_MS = 60_000;
let postgres: TestPostgres;
let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gazette-rounds-'));
  postgres = await startPostgres();
});

afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

const STORES = {
  'a SQLite file': async () => {
    files += 1;
    const path = join(folder, `${files}.db`);
    return () => openSqliteStore({ path });
  },
  Postgres: async () => {
    const url = await postgres.freshUrl();
    return () => openStore(url);
  },
};

async function aContextOn(open: () => Promise<Store>, self = 'one', state: OwnerState = 'alive'): Promise<TestContext> {
  const store = await open();
  onTestFinished(() => store.close());
  const processes: Processes = { self, stateOf: (owner) => (owner === self ? 'alive' : state) };
  return openUseCases({ ...(await aContext({ store, processes })), publicSite: publicSitePorts() });
}

type OwnerState = ReturnType<Processes['stateOf']>;

function ask({ store, clock }: TestContext, address: string, name = ''): Promise<void> {
  const asked = { at: clock.now(), form: '', text: '', textVersion: '', ip: '192.0.2.1', userAgent: '' };
  const who = { address, addressKey: address, name, language: 'en', preferences: undefined };
  return store.signUps.ask({ purpose: 'sign-up', newsletter: 'weekly', ...who, asked });
}

/** Makes the transport hold back its first message until it is released. */
function holdFirst({ wire }: TestContext) {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    wire.answer = async (_message, nth) => {
      resolve();
      if (nth === 1) await released;
      return ACCEPTED;
    };
  });
  return { reached, release };
}

/** The token in the first mail. */
function tokenIn({ wire }: TestContext): string {
  const text = Buffer.concat(wire.messages[0]?.content ?? []).toString();
  return /\/c\/([\w-]{20,})/.exec(text.replaceAll('=\r\n', ''))?.[1] ?? '';
}

const mailSignUps = ({ readers }: Pick<TestContext, 'readers'>): ReturnType<ReaderSite['mailSignUps']> =>
  readers.site().mailSignUps();

const mailedTo = (...contexts: readonly TestContext[]) =>
  contexts.flatMap(({ wire }) => wire.messages.map(({ envelope }) => envelope.to)).sort();

describe.each(Object.entries(STORES))('confirmation mails on %s', (_, open) => {
  it('never go to an address twice, however many runs of one process start at once', async () => {
    const deps = await aContextOn(await open());
    for (const nth of [1, 2, 3]) await ask(deps, `a${nth}@example.org`);
    const rounds = await Promise.all([1, 2, 3, 4].map(() => mailSignUps(deps)));
    expect(mailedTo(deps)).toEqual(['a1@example.org', 'a2@example.org', 'a3@example.org']);
    expect(rounds.reduce((sum, { mailed }) => sum + mailed, 0)).toBe(3);
  });

  it('include requests that arrive during a run', async () => {
    const deps = await aContextOn(await open());
    const { reached, release } = holdFirst(deps);
    await ask(deps, 'first@example.org');
    const running = mailSignUps(deps);
    await reached;
    await ask(deps, 'second@example.org');
    expect(await mailSignUps(deps)).toEqual({ mailed: 0, reminded: 0, forgotten: 0 });
    expect(mailedTo(deps)).toEqual(['first@example.org']);
    release();
    expect(await running).toMatchObject({ mailed: 2 });
    expect(mailedTo(deps)).toEqual(['first@example.org', 'second@example.org']);
  });

  it('go once to an address that asks again while its mail is being sent, and the link works', async () => {
    const deps = await aContextOn(await open());
    const { reached, release } = holdFirst(deps);
    await ask(deps, 'new@example.org');
    const running = mailSignUps(deps);
    await reached;
    await ask(deps, 'new@example.org', 'Nora');
    release();
    await running;
    await mailSignUps(deps);
    expect(mailedTo(deps)).toEqual(['new@example.org']);
    await deps.readers.site().confirm(tokenIn(deps), { ip: '192.0.2.1', userAgent: '' });
    expect(await deps.store.audience.find('new@example.org')).toMatchObject({ subscriber: { name: 'Nora' } });
  });

  it('go out once with two processes, and the one at work does what the other was asked', async () => {
    const opener = await open();
    const one = await aContextOn(opener);
    const two = await aContextOn(opener, 'two', 'elsewhere');
    const { reached, release } = holdFirst(one);
    await ask(one, 'first@example.org');
    const running = mailSignUps(one);
    await reached;
    await ask(two, 'second@example.org');
    expect(await mailSignUps(two)).toMatchObject({ mailed: 0 });
    release();
    expect(await running).toMatchObject({ mailed: 2 });
    expect(mailedTo(one)).toEqual(['first@example.org', 'second@example.org']);
    expect(mailedTo(two)).toEqual([]);
  });

  it.each([
    ['at once, from a dead process on the same host', 'dead', 0],
    ['when the lease of a process on another host has ended', 'elsewhere', 21 * MINUTE_MS],
    ['when the lease of a process that hangs has ended', 'alive', 21 * MINUTE_MS],
  ] as const)('are taken over by another process %s', async (_title, state, afterMs) => {
    const opener = await open();
    const lost = await aContextOn(opener);
    const successor = await aContextOn(opener, 'successor', state);
    const { reached, release } = holdFirst(lost);
    await ask(lost, 'a1@example.org');
    await ask(lost, 'a2@example.org');
    const running = mailSignUps(lost);
    await reached;
    if (afterMs > 0) expect(await mailSignUps(successor)).toMatchObject({ mailed: 0 });
    successor.clock.advance(afterMs);
    lost.clock.advance(afterMs);
    expect(await mailSignUps(successor)).toMatchObject({ mailed: 2 });
    expect(mailedTo(successor)).toEqual(['a1@example.org', 'a2@example.org']);
    release();
    await running;
    // The process that no longer hangs sees that it has lost the lease.
    if (afterMs > 0) expect(mailedTo(lost)).toEqual(['a1@example.org']);
  });

  it('have a working link even if the process dies before it records that the mail was sent', async () => {
    const opener = await open();
    const lost = await aContextOn(opener);
    const successor = await aContextOn(opener, 'successor', 'dead');
    const { reached, release } = holdFirst(lost);
    await ask(lost, 'new@example.org');
    const running = mailSignUps(lost);
    await reached;
    await successor.readers.site().confirm(tokenIn(lost), { ip: '192.0.2.1', userAgent: '' });
    expect((await successor.store.audience.find('new@example.org'))?.subscriptions).toMatchObject([
      { state: 'active' },
    ]);
    expect(await mailSignUps(successor)).toMatchObject({ mailed: 0 });
    release();
    await running;
  });

  it('can be sent again after a failed run', async () => {
    const deps = await aContextOn(await open());
    await ask(deps, 'new@example.org');
    const noServer = () => {
      throw new Error('no server');
    };
    await expect(mailSignUps(openUseCases({ ...deps, transport: noServer }))).rejects.toThrow('no server');
    expect(await mailSignUps(deps)).toMatchObject({ mailed: 1 });
  });
});

describe('a policy refusal', () => {
  const POLICY: Outcome = {
    kind: 'rejected',
    scope: 'sender',
    meaning: 'policy',
    bounce: 'none',
    phase: 'rcpt',
    reply: { code: 550, enhanced: '5.7.1', text: 'Rejected' },
  };

  async function runWith(refuses: (address: string) => boolean) {
    const deps = await aContextOn(() => openSqliteStore({ path: ':memory:' }));
    for (let nth = 1; nth <= 6; nth += 1) await ask(deps, `visitor${nth}@example.org`);
    deps.wire.answer = ({ envelope }) => (refuses(envelope.to) ? POLICY : ACCEPTED);
    return { ...(await mailSignUps(deps)), messages: deps.wire.messages.length };
  }

  it('of one address does not hold back the confirmations of others', async () => {
    expect(await runWith((address) => address.startsWith('visitor1@'))).toMatchObject({ mailed: 5, messages: 6 });
  });

  it('of every address ends the run after a few', async () => {
    expect(await runWith(() => true)).toMatchObject({ mailed: 0, messages: 3 });
  });
});
