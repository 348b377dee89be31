/** Sending as its operator meets it: stopped, paused and cancelled while it runs, copied, restored, held to a pace. */
import { execFile } from 'node:child_process';
import { chmod, copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openInbox } from '../../src/platform/inbox.js';
import { aWorkspace, type Env, gazette, gazetteJson, manyReaders, ROOT, startGazette } from '../support/e2e-gazette.js';
import { startPostgres } from '../support/postgres.js';

const READERS = 60;
const CONNECTIONS = 2;

/** A server that answers each mail only when it is let: it holds what is on the wire for as long as a test likes. */
async function aHoldingInbox() {
  const arrived: string[] = [];
  const listeners: ((count: number) => void)[] = [];
  let held: (() => void)[] = [];
  let holds = false;
  let isLetGo = false;
  const inbox = await openInbox({
    onMail: async ({ envelope }) => {
      arrived.push(envelope.to[0] ?? '');
      for (const listener of listeners) listener(arrived.length);
      if (holds) await new Promise<void>((answer) => held.push(answer));
    },
  });
  onTestFinished(() => inbox.close());
  return {
    url: `${inbox.url}?pool=${CONNECTIONS}`,
    arrived,
    /** Holds every answer from the n-th mail on; resolves when as many are held as there are connections. */
    holdFrom: (nth: number) =>
      new Promise<void>((reached) => {
        listeners.push((count) => {
          if (count >= nth) holds = !isLetGo;
          // The answer that holds is awaited in the same turn, after the listeners.
          if (count === nth + CONNECTIONS - 1) setImmediate(reached);
        });
      }),
    letGo: () => {
      holds = false;
      isLetGo = true;
      for (const answer of held) answer();
      held = [];
    },
  };
}

/** Issue 1 on its way, with as many mails on the wire as there are connections, and none of them answered. */
async function aRunHeldOnTheWire(more: Env = {}) {
  const inbox = await aHoldingInbox();
  const env = { SMTP_URL: inbox.url, ...more };
  const folder = await aWorkspace({ readers: manyReaders(READERS) }, env);
  const held = inbox.holdFrom(10);
  const run = startGazette(['send', '--yes', '--json'], { folder, env });
  await Promise.race([held, run.ended.then(({ stdout, stderr }) => Promise.reject(new Error(stdout + stderr)))]);
  return { inbox, env, folder, run };
}

describe('a run that is asked to stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s settles what is on the wire, ends with 4, and says how to go on',
    async (signal) => {
      const { inbox, env, folder, run } = await aRunHeldOnTheWire();
      run.child.kill(signal);
      // The process must have heard it before the server goes on.
      await gazette(['issues'], { folder, env });
      inbox.letGo();
      const { code, stdout } = await run.ended;
      expect(code).toBe(4);
      const json = JSON.parse(stdout);
      expect(json).toMatchObject({
        state: 'sending',
        attempted: 0,
        claimed: 0,
        unknown: 0,
        stopped: { kind: 'signal' },
      });
      expect(json.accepted).toBe(inbox.arrived.length);
      expect(json.accepted).toBeLessThan(READERS);

      const verified = await gazette(['issue', 'verify', '1'], { folder, env });
      expect(verified.stdout).toContain('gazette issue resume 1');
      const { json: after } = await gazetteJson(['issue', 'resume', '1'], { folder, env });
      expect(after).toMatchObject({ state: 'done', accepted: READERS, unknown: 0 });
      expect(new Set(inbox.arrived).size).toBe(inbox.arrived.length);
    },
  );

  it('twice ends at once, and what was on the wire is sent again as a doubt', async () => {
    const { inbox, env, folder, run } = await aRunHeldOnTheWire();
    run.child.kill('SIGTERM');
    await gazette(['issues'], { folder, env });
    run.child.kill('SIGTERM');
    expect((await run.ended).code).toBe(143);
    inbox.letGo();
    const { json } = await gazetteJson(['issue', 'resume', '1'], { folder, env });
    expect(json).toMatchObject({ state: 'done', accepted: READERS });
    expect(new Set(inbox.arrived).size).toBe(READERS);
    expect(inbox.arrived.length).toBeLessThanOrEqual(READERS + CONNECTIONS);
  });
});

async function databases() {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.stop());
  return { DATABASE_URL: await postgres.freshUrl() };
}

describe.each([
  ['SQLite', async (): Promise<Env> => ({})],
  ['Postgres', databases],
])('from another process, on %s,', (_, settings) => {
  it('a run is paused: it settles what is on the wire, ends with 4, and is resumed', async () => {
    const { inbox, env, folder, run } = await aRunHeldOnTheWire(await settings());
    const paused = await gazetteJson(['issue', 'pause', '1'], { folder, env });
    expect(paused).toMatchObject({ code: 0, json: { issue: 1, state: 'paused' } });
    inbox.letGo();
    const { code, stdout } = await run.ended;
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'paused',
      attempted: 0,
      claimed: 0,
      stopped: { kind: 'paused' },
    });
    expect(inbox.arrived.length).toBeLessThan(READERS);
    const { json } = await gazetteJson(['issue', 'resume', '1'], { folder, env });
    expect(json).toMatchObject({ state: 'done', accepted: READERS, unknown: 0 });
    expect(inbox.arrived).toHaveLength(READERS);
  });

  it('a run is cancelled: the others get nothing, and what is on the wire is told as it went', async () => {
    const { inbox, env, folder, run } = await aRunHeldOnTheWire(await settings());
    const cancelled = await gazetteJson(['issue', 'cancel', '1', '--yes'], { folder, env });
    expect(cancelled).toMatchObject({ code: 0, json: { state: 'cancelled', released: false } });
    inbox.letGo();
    const { code, stdout } = await run.ended;
    expect(code).toBe(4);
    const json = JSON.parse(stdout);
    expect(json).toMatchObject({ state: 'cancelled', attempted: 0, planned: READERS, stopped: { kind: 'cancelled' } });
    expect(json.accepted).toBe(inbox.arrived.length);
    expect(json.skipped).toBe(READERS - inbox.arrived.length);
  });
});

describe('a backup', () => {
  it('made while an issue is sent can be read, sends nothing, and sends once it is adopted', async () => {
    const { inbox, env, folder, run } = await aRunHeldOnTheWire();
    const made = await gazetteJson(['backup', 'copy.db'], { folder, env });
    expect(made).toMatchObject({ code: 0, json: { file: join(folder, 'copy.db') } });
    expect(await gazetteJson(['backup', 'copy.db'], { folder, env })).toMatchObject({
      code: 1,
      json: { error: { code: 'store.exists' } },
    });
    inbox.letGo();
    expect((await run.ended).code).toBe(0);

    const restored = { ...env, DATABASE_URL: 'restored.db' };
    await copyFile(join(folder, 'copy.db'), join(folder, 'restored.db'));
    const shown = await gazette(['issues'], { folder, env: restored });
    expect(shown).toMatchObject({ code: 0, stderr: expect.stringContaining('gazette adopt') });
    for (const args of [
      ['issue', 'resume', '1'],
      ['send', '--yes'],
    ]) {
      const refused = await gazetteJson(args, { folder, env: restored });
      expect(refused).toMatchObject({ code: 4, json: { error: { code: 'store.copy' } } });
    }
    expect(await gazette(['adopt'], { folder, env: restored })).toMatchObject({ code: 2 });
    const adopted = await gazetteJson(['adopt', '--yes'], { folder, env: restored });
    expect(adopted).toMatchObject({
      code: 0,
      json: { outcome: 'adopted', paused: [{ newsletter: 'weekly', issue: 1 }] },
    });
    expect(await gazetteJson(['adopt', '--yes'], { folder, env: restored })).toMatchObject({ code: 3 });
    const verified = await gazetteJson(['issue', 'verify', '1'], { folder, env: restored });
    expect(verified).toMatchObject({ code: 4, json: { state: 'paused' } });
    const resumed = await gazetteJson(['issue', 'resume', '1'], { folder, env: restored });
    expect(resumed).toMatchObject({ code: 0, json: { state: 'done', accepted: READERS } });
  });
});

/** Runs `gazette` where its state folder may not be written; the rights of a file do not bind root, a mount does. */
async function gazetteReadOnly(args: readonly string[], folder: string, env: Env) {
  const state = join(folder, '.gazette');
  const isRoot = process.getuid?.() === 0;
  const command = [process.execPath, join(ROOT, 'dist', 'main.js'), ...args];
  const mounted = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"';
  const [program = '', ...rest] = isRoot ? ['unshare', '-r', '-m', 'sh', '-c', mounted, state, ...command] : command;
  if (!isRoot) await chmod(state, 0o555);
  const { PATH = '' } = process.env;
  const ended = await promisify(execFile)(program, rest, { cwd: folder, env: { PATH, ...env } }).then(
    ({ stderr }) => ({ code: 0, stderr }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
  );
  if (!isRoot) await chmod(state, 0o755);
  return ended;
}

describe('a database that cannot be opened', () => {
  it('is one finding of doctor, which checks everything else all the same', async () => {
    const folder = await aWorkspace({ readers: manyReaders(1) });
    await writeFile(join(folder, 'notes.txt'), 'This is a text and no database. '.repeat(200));
    const { code, json } = await gazetteJson(['doctor'], { folder, env: { DATABASE_URL: 'notes.txt' } });
    expect(code).toBe(4);
    const { findings } = json as { findings: { check: string; level: string; text: string }[] };
    expect(findings[0]).toMatchObject({ check: 'database', level: 'fail', text: expect.stringContaining('not one') });
    expect(new Set(findings.map(({ check }) => check))).toContain('zones');
  });
});

describe('a folder that may not be written', () => {
  it('is told with what to do about it, sends nothing, and costs nobody their mail', async () => {
    const { inbox, env, folder, run } = await aRunHeldOnTheWire();
    run.child.kill('SIGTERM');
    await gazette(['issues'], { folder, env });
    inbox.letGo();
    await run.ended;
    const before = inbox.arrived.length;
    const refused = await gazetteReadOnly(['issue', 'resume', '1'], folder, env);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/→ (Check that|Give) .*write/);
    expect(inbox.arrived).toHaveLength(before);
    const { json } = await gazetteJson(['issue', 'resume', '1'], { folder, env });
    expect(json).toMatchObject({ state: 'done', accepted: READERS, unknown: 0 });
    expect(inbox.arrived).toHaveLength(READERS);
  });
});

describe('the pace', () => {
  it('an operator allows holds for a run, which stops at once when it is asked to while it waits', async () => {
    const inbox = await openInbox();
    onTestFinished(() => inbox.close());
    const env = { SMTP_URL: inbox.url, GAZETTE_RATE: '3/h', GAZETTE_LOG: 'info json' };
    const folder = await aWorkspace({ readers: manyReaders(10) }, env);
    const run = startGazette(['send', '--yes', '--json'], { folder, env });
    run.onLine((line) => {
      if (line.includes('"sending.paced"')) run.child.kill('SIGTERM');
    });
    const { code, stdout } = await run.ended;
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 3, pending: 7, stopped: { kind: 'signal' } });
    expect(inbox.mails).toHaveLength(3);
  });
});
