/** Rounds of confirmation mails that begin while another is under way, in one process and in two on one store. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Processes } from '../../src/domain/ports/host.js';
import type { Store } from '../../src/domain/ports/storage.js';
import type { Outcome } from '../../src/domain/reply.js';
import { confirm } from '../../src/readers/confirm.js';
import { mailSignUps } from '../../src/readers/confirmation-mails.js';
import { openSqliteStore, openStore } from '../../src/store/index.js';
import { ACCEPTED, aContext, type TestContext } from '../support/app-context.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { aPublicSide } from '../support/public-site.js';

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

async function aHouseOn(open: () => Promise<Store>, self = 'one', fate: PostOutcome = 'alive'): Promise<TestContext> {
  const store = await open();
  onTestFinished(() => store.close());
  const processes: Processes = { self, fateOf: (owner) => (owner === self ? 'alive' : fate) };
  return { ...(await aContext({ store, processes })), publicSite: aPublicSide() };
}

type PostOutcome = ReturnType<Processes['fateOf']>;

function ask({ store, clock }: TestContext, address: string, name = ''): Promise<void> {
  const asked = { at: clock.now(), form: '', text: '', textVersion: '', ip: '192.0.2.1', userAgent: '' };
  const who = { address, addressKey: address, name, language: 'en', wishes: undefined };
  return store.signUps.ask({ purpose: 'sign-up', newsletter: 'weekly', ...who, asked });
}

/** A wire that holds its first message back until it is told to let go. */
function holdFirst({ wire }: TestContext) {
  let letGo: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    wire.answer = async (_message, nth) => {
      resolve();
      if (nth === 1) await released;
      return ACCEPTED;
    };
  });
  return { reached, letGo };
}

/** The one in the first mail. */
function tokenIn({ wire }: TestContext): string {
  const text = Buffer.concat(wire.messages[0]?.content ?? []).toString();
  return /\/c\/([\w-]{20,})/.exec(text.replaceAll('=\r\n', ''))?.[1] ?? '';
}

const mailedTo = (...houses: readonly TestContext[]) =>
  houses.flatMap(({ wire }) => wire.messages.map(({ envelope }) => envelope.to)).sort();

describe.each(Object.entries(STORES))('rounds on %s', (_, open) => {
  it('in one process never mail an address twice, however many begin at once', async () => {
    const deps = await aHouseOn(await open());
    for (const nth of [1, 2, 3]) await ask(deps, `a${nth}@example.org`);
    const rounds = await Promise.all([1, 2, 3, 4].map(() => mailSignUps(deps)));
    expect(mailedTo(deps)).toEqual(['a1@example.org', 'a2@example.org', 'a3@example.org']);
    expect(rounds.reduce((sum, { mailed }) => sum + mailed, 0)).toBe(3);
  });

  it('mail what is asked meanwhile, without waiting for the next one to be started', async () => {
    const deps = await aHouseOn(await open());
    const { reached, letGo } = holdFirst(deps);
    await ask(deps, 'first@example.org');
    const running = mailSignUps(deps);
    await reached;
    await ask(deps, 'second@example.org');
    expect(await mailSignUps(deps)).toEqual({ mailed: 0, reminded: 0, forgotten: 0 });
    expect(mailedTo(deps)).toEqual(['first@example.org']);
    letGo();
    expect(await running).toMatchObject({ mailed: 2 });
    expect(mailedTo(deps)).toEqual(['first@example.org', 'second@example.org']);
  });

  it('mail once who asks again while the mail is on its way, and its link is good', async () => {
    const deps = await aHouseOn(await open());
    const { reached, letGo } = holdFirst(deps);
    await ask(deps, 'new@example.org');
    const running = mailSignUps(deps);
    await reached;
    await ask(deps, 'new@example.org', 'Nora');
    letGo();
    await running;
    await mailSignUps(deps);
    expect(mailedTo(deps)).toEqual(['new@example.org']);
    await confirm(deps, tokenIn(deps), { ip: '192.0.2.1', userAgent: '' });
    expect(await deps.store.audience.find('new@example.org')).toMatchObject({ subscriber: { name: 'Nora' } });
  });

  it('in two processes mail everybody once, and the one at work does what the other was asked', async () => {
    const opener = await open();
    const one = await aHouseOn(opener);
    const two = await aHouseOn(opener, 'two', 'elsewhere');
    const { reached, letGo } = holdFirst(one);
    await ask(one, 'first@example.org');
    const running = mailSignUps(one);
    await reached;
    await ask(two, 'second@example.org');
    expect(await mailSignUps(two)).toMatchObject({ mailed: 0 });
    letGo();
    expect(await running).toMatchObject({ mailed: 2 });
    expect(mailedTo(one)).toEqual(['first@example.org', 'second@example.org']);
    expect(mailedTo(two)).toEqual([]);
  });

  it.each([
    ['at once from a process of this host that died', 'dead', 0],
    ['from one elsewhere when its lease has ended', 'elsewhere', 21 * MINUTE_MS],
    ['from one that hangs when its lease has ended', 'alive', 21 * MINUTE_MS],
  ] as const)('are taken over %s', async (_title, fate, afterMs) => {
    const opener = await open();
    const lost = await aHouseOn(opener);
    const heir = await aHouseOn(opener, 'heir', fate);
    const { reached, letGo } = holdFirst(lost);
    await ask(lost, 'a1@example.org');
    await ask(lost, 'a2@example.org');
    const running = mailSignUps(lost);
    await reached;
    if (afterMs > 0) expect(await mailSignUps(heir)).toMatchObject({ mailed: 0 });
    heir.clock.advance(afterMs);
    lost.clock.advance(afterMs);
    expect(await mailSignUps(heir)).toMatchObject({ mailed: 2 });
    expect(mailedTo(heir)).toEqual(['a1@example.org', 'a2@example.org']);
    letGo();
    await running;
    // The one that came back from hanging sees that the round is not its own any more.
    if (afterMs > 0) expect(mailedTo(lost)).toEqual(['a1@example.org']);
  });

  it('leave a good link with who got a mail, although their process died before it wrote that down', async () => {
    const opener = await open();
    const lost = await aHouseOn(opener);
    const heir = await aHouseOn(opener, 'heir', 'dead');
    const { reached, letGo } = holdFirst(lost);
    await ask(lost, 'new@example.org');
    const running = mailSignUps(lost);
    await reached;
    await confirm(heir, tokenIn(lost), { ip: '192.0.2.1', userAgent: '' });
    expect((await heir.store.audience.find('new@example.org'))?.subscriptions).toMatchObject([{ state: 'active' }]);
    expect(await mailSignUps(heir)).toMatchObject({ mailed: 0 });
    letGo();
    await running;
  });

  it('can begin again after one that failed', async () => {
    const deps = await aHouseOn(await open());
    await ask(deps, 'new@example.org');
    const noServer = () => {
      throw new Error('no server');
    };
    await expect(mailSignUps({ ...deps, transport: noServer })).rejects.toThrow('no server');
    expect(await mailSignUps(deps)).toMatchObject({ mailed: 1 });
  });
});

describe('A policy of a server', () => {
  const POLICY: Outcome = {
    kind: 'rejected',
    scope: 'sender',
    meaning: 'policy',
    bounce: 'none',
    phase: 'rcpt',
    reply: { code: 550, enhanced: '5.7.1', text: 'Rejected' },
  };

  async function roundWith(refuses: (address: string) => boolean) {
    const deps = await aHouseOn(() => openSqliteStore({ path: ':memory:' }));
    for (let nth = 1; nth <= 6; nth += 1) await ask(deps, `visitor${nth}@example.org`);
    deps.wire.answer = ({ envelope }) => (refuses(envelope.to) ? POLICY : ACCEPTED);
    return { ...(await mailSignUps(deps)), messages: deps.wire.messages.length };
  }

  it('against one address keeps its confirmation from nobody else', async () => {
    expect(await roundWith((address) => address.startsWith('visitor1@'))).toMatchObject({ mailed: 5, messages: 6 });
  });

  it('against everybody ends the round after a few', async () => {
    expect(await roundWith(() => true)).toMatchObject({ mailed: 0, messages: 3 });
  });
});
