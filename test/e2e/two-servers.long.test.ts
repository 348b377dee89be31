/** Two services on one database: one issue, shared; one of them dies, and the other goes on (rules: freeze, owner). */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openInbox } from '../../src/platform/inbox.js';
import { openStore } from '../../src/store/index.js';
import {
  aWorkspace,
  type Env,
  gazetteJson,
  manyReaders,
  type Running,
  startGazette,
  WEEKLY,
} from '../support/e2e-gazette.js';
import { startPostgres } from '../support/postgres.js';

const READERS = 400;
const BEFORE_THE_KILL = 40;
const CONNECTIONS = 5;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The latest Monday, 08:00 UTC. */
function lastMonday(): Date {
  const today = new Date();
  const at = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate(), 8));
  while (at.getUTCDay() !== 1 || at > today) at.setTime(at.getTime() - DAY_MS);
  return at;
}

/** A server that answers nobody until it is let go. */
async function anInbox() {
  const arrived: string[] = [];
  const listeners = new Set<() => void>();
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const inbox = await openInbox({
    onMail: async ({ envelope }) => {
      arrived.push(envelope.to[0] ?? '');
      for (const listener of listeners) listener();
      await gate;
      await sleep(4);
    },
  });
  onTestFinished(() => inbox.close());
  const until = (count: () => number, wanted: number) =>
    new Promise<void>((resolve) => {
      const look = () => count() >= wanted && resolve();
      listeners.add(look);
      look();
    });
  return { url: inbox.url, arrived, until, letGo };
}

/** A workspace whose schedule has been followed since before an occurrence that nobody has seen to yet. */
async function aMissedMonday(settings: Env) {
  const inbox = await anInbox();
  const env: Env = {
    SMTP_URL: `${inbox.url}?pool=${CONNECTIONS}`,
    GAZETTE_PUBLIC_URL: 'https://news.example.org',
    GAZETTE_SECRET: 'a:0123456789abcdefghijklmnopqrstuvwxyz',
    GAZETTE_LOG: 'info json',
    ...settings,
  };
  const monday = lastMonday();
  const date = new Date(monday.getTime() - DAY_MS).toISOString();
  const files = {
    'content/newsletters/weekly.yaml': `${WEEKLY}maxLateness: 8d\n`,
    'content/posts/a-valve.md': `---\ntitle: A valve\ndate: ${date}\n---\n\nThe body.\n`,
  };
  const folder = await aWorkspace({ readers: manyReaders(READERS), files }, env);
  const store = await openStore(env.DATABASE_URL ?? join(folder, '.gazette', 'gazette.db'));
  const followed = { schedule: '0 8 * * 1', timezone: 'UTC', since: monday.getTime() - HOUR_MS };
  await store.shared.change('schedule weekly', () => ({ after: followed, result: undefined }));
  await store.close();
  return { inbox, env, folder, monday };
}

function aServer(folder: string, env: Env): Running {
  const server = startGazette(['serve', '--port', '0'], { folder, env });
  onTestFinished(async () => {
    server.child.kill('SIGKILL');
    await server.ended;
  });
  return server;
}

function untilSending(server: Running): Promise<void> {
  return new Promise((resolve, reject) => {
    server.onLine((line) => line.includes('"issue.sending-started"') && resolve());
    void server.ended.then(({ stdout, stderr }) => reject(new Error(`it ended: ${stdout}${stderr}`)));
  });
}

async function postgres(): Promise<Env> {
  const database = await startPostgres();
  onTestFinished(() => database.stop());
  return { DATABASE_URL: await database.freshUrl() };
}

describe.each([
  ['SQLite', async (): Promise<Env> => ({})],
  ['Postgres', postgres],
])('two services on one %s database', (_, settings) => {
  it('make one issue of an occurrence; when one is killed the other finishes, and nobody is left out', async () => {
    const { inbox, env, folder, monday } = await aMissedMonday(await settings());
    const [first, second] = [aServer(folder, env), aServer(folder, env)];
    await Promise.all([untilSending(first), untilSending(second)]);
    inbox.letGo();
    await inbox.until(() => inbox.arrived.length, BEFORE_THE_KILL);
    first.child.kill('SIGKILL');
    await inbox.until(() => new Set(inbox.arrived).size, READERS);
    second.child.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);

    // The second may have been stopped before it took over what the killed one had on the wire.
    const stopped = await gazetteJson(['issues'], { folder, env });
    if (stopped.json.issues[0].state === 'sending') await gazetteJson(['issue', 'resume', '1'], { folder, env });
    const { json } = await gazetteJson(['issues'], { folder, env });
    expect(json.issues).toHaveLength(1);
    expect(json.issues[0]).toMatchObject({ manual: false, occurrence: monday.toISOString(), planned: READERS });
    expect(json.issues[0].accepted + json.issues[0].unknown).toBe(READERS);
    // Only what was on the wire of the one that was killed may have come twice.
    expect(inbox.arrived.length - READERS).toBeLessThanOrEqual(CONNECTIONS);
  });
});
