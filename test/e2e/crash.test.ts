/** Sending is killed without warning again and again, and goes on each time: the promise of laws §4. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openInbox } from '../../src/platform/inbox.js';
import {
  aWorkspace,
  type Env,
  freezeAndDie,
  gazetteJson,
  manyReaders,
  type Running,
  startGazette,
} from '../support/e2e-gazette.js';
import { type Random, seeded } from '../support/e2e-random.js';

const KILLS = 52;
const READERS = 500;
const CONNECTIONS = 5;
/** How many mails a process may see arrive before it is killed, at most. */
const MOST_BEFORE_KILL = 12;

interface Arrived {
  readonly to: string;
  readonly messageId: string;
}

/** A server that keeps what reached it whole, and is sometimes slow to say so: there a kill leaves a doubt. */
async function aSlowInbox(random: Random) {
  const arrived: Arrived[] = [];
  const listeners = new Set<() => void>();
  const inbox = await openInbox({
    onMail: async ({ envelope, raw }) => {
      const messageId = /^Message-ID: (\S+)\r$/im.exec(Buffer.from(raw).toString('latin1'))?.[1] ?? '';
      arrived.push({ to: envelope.to[0] ?? '', messageId });
      for (const listener of listeners) listener();
      await sleep(random.below(3) === 0 ? 30 : 3);
    },
  });
  onTestFinished(() => inbox.close());
  return { url: inbox.url, arrived, listeners };
}

type SlowInbox = Awaited<ReturnType<typeof aSlowInbox>>;

/** Kills at a random moment: some milliseconds after a mail has arrived, or sooner, at any point of the start. */
function killAtRandom({ child }: Running, inbox: SlowInbox, random: Random): void {
  const kill = () => void child.kill('SIGKILL');
  if (random.below(8) === 0) {
    const timer = setTimeout(kill, random.below(600));
    child.once('exit', () => clearTimeout(timer));
  }
  const before = random.below(MOST_BEFORE_KILL);
  let seen = 0;
  const listener = () => {
    if (seen === before) setTimeout(kill, random.below(12));
    seen += 1;
  };
  inbox.listeners.add(listener);
  child.once('exit', () => inbox.listeners.delete(listener));
}

/** How many rows a process found in doubt when it took over from those before it. */
function doubtsFound(said: readonly string[]): readonly number[] {
  return said
    .filter((line) => line.includes('"lease.taken-over"'))
    .map((line) => (JSON.parse(line) as { inDoubt: number }).inDoubt);
}

interface ReaderLine {
  readonly address: string;
  readonly state: string;
  readonly doubts: number;
}

async function readersOf(folder: string, env: Env): Promise<readonly ReaderLine[]> {
  const { json } = await gazetteJson(['issue', 'show', '1', '--readers'], { folder, env });
  return json.readers;
}

/** How many copies each reader got; fails where two copies are not the same message. */
function copiesOf(arrived: readonly Arrived[]): ReadonlyMap<string, number> {
  const copies = new Map<string, number>();
  const messageIds = new Map<string, string>();
  for (const { to, messageId } of arrived) {
    expect(messageId).toMatch(/^<[^<>@\s]+@[^<>@\s]+>$/);
    expect(messageIds.get(to) ?? messageId, `the Message-ID of ${to}`).toBe(messageId);
    messageIds.set(to, messageId);
    copies.set(to, (copies.get(to) ?? 0) + 1);
  }
  expect(new Set(messageIds.values()).size, 'no two readers share a Message-ID').toBe(messageIds.size);
  return copies;
}

describe.each([{ seed: 1 }])('an issue whose sending is killed (seed $seed)', ({ seed }) => {
  it(`reaches every reader after ${KILLS} kills, and repeats only what was in doubt`, async () => {
    const random = seeded(seed);
    const inbox = await aSlowInbox(random);
    const env = { SMTP_URL: `${inbox.url}?pool=${CONNECTIONS}`, GAZETTE_LOG: 'info json' };
    const folder = await aWorkspace({ readers: manyReaders(READERS) }, env);
    await freezeAndDie(folder, env);

    const found: number[] = [];
    let kills = 1;
    while (kills < KILLS) {
      const run = startGazette(['issue', 'resume', '1', '--json'], { folder, env });
      killAtRandom(run, inbox, random);
      const { code, stdout, stderr } = await run.ended;
      found.push(...doubtsFound(run.said));
      expect(code, `it ended before it was killed: ${stdout}${stderr}`).toBeNull();
      kills += 1;
    }
    const last = startGazette(['issue', 'resume', '1', '--json'], { folder, env });
    const { code } = await last.ended;
    found.push(...doubtsFound(last.said));
    const rows = await readersOf(folder, env);
    const unknown = rows.filter(({ state }) => state === 'unknown').length;
    expect(code).toBe(unknown > 0 ? 4 : 0);

    // The kills did hit the wire, and never left more in doubt than there are connections.
    const doubts = rows.reduce((sum, row) => sum + row.doubts, 0);
    expect(doubts).toBeGreaterThan(0);
    expect(found.reduce((sum, each) => sum + each, 0)).toBe(doubts);
    expect(Math.max(...found)).toBeLessThanOrEqual(CONNECTIONS);

    const before = copiesOf(inbox.arrived);
    for (const { address, doubts: own, state } of rows) {
      const copies = before.get(address) ?? 0;
      expect(copies, `${address}, ${state}, in doubt ${own} times`).toBeLessThanOrEqual(
        own + (state === 'unknown' ? 0 : 1),
      );
      if (state === 'accepted') expect(copies).toBeGreaterThanOrEqual(1);
    }

    // A second doubt is left to a person.
    const verified = await gazetteJson(['issue', 'verify', '1'], { folder, env });
    expect(verified.code).toBe(unknown > 0 ? 4 : 0);
    expect(verified.json).toMatchObject({ planned: READERS, accepted: READERS - unknown, unknown, pending: 0 });
    if (unknown > 0) {
      const resent = await gazetteJson(['issue', 'resend', '1', '--only', 'unknown'], { folder, env });
      expect(resent.code, resent.stdout).toBe(0);
    }
    const proved = await gazetteJson(['issue', 'verify', '1'], { folder, env });
    expect(proved.code).toBe(0);
    expect(proved.json).toMatchObject({ ok: true, planned: READERS, accepted: READERS, unknown: 0, findings: [] });

    const after = copiesOf(inbox.arrived);
    expect(after.size).toBe(READERS);
    const repeated = inbox.arrived.length - after.size;
    expect(repeated).toBeLessThanOrEqual(doubts);
    console.info(`${kills} kills: ${doubts} in doubt, ${repeated} repeated, ${unknown} left to a person`);
  });
});
