/** The crash test as a command, in its short form: the promise of laws §4.4 on every change. */
import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { aFolder, gazette, gazetteJson, startGazette } from '../support/e2e-gazette.js';

it('loses nobody when the sender is killed eight times, repeats only what was in doubt, and leaves nothing behind', async () => {
  const folder = await aFolder();
  const { code, json, stderr } = await gazetteJson(['selftest', '--kills', '8', '--readers', '300', '--seed', '5'], {
    folder,
    env: { TMPDIR: folder },
  });
  expect(json, stderr).toMatchObject({ ok: true, kills: 8, readers: 300, lost: 0, unexplained: 0, seed: 5 });
  expect(json).toMatchObject({ findings: [], failures: [] });
  expect(json.repeated).toBeLessThanOrEqual(json.allowed);
  expect(json.counts).toMatchObject({ all: 300, planned: 0, claimed: 0, attempted: 0 });
  // A quiet server would prove nothing.
  // A no that was in doubt at a kill is heard again.
  expect(json.faults['no-such-mailbox']).toBeGreaterThanOrEqual(json.counts.rejected);
  expect(json.counts.rejected).toBeGreaterThan(0);
  expect(json.faults['reply-withheld']).toBeGreaterThan(0);
  expect(code).toBe(0);
  expect(await readdir(folder)).toEqual([]);
});

it('keeps out of the operator’s own settings', async () => {
  const folder = await aFolder();
  const env = { DATABASE_URL: `${folder}/own.db`, SMTP_URL: 'smtp://mail.example.org', GAZETTE_RATE: 'nonsense' };
  const { code, json } = await gazetteJson(['selftest', '--kills', '0', '--readers', '20'], { folder, env });
  expect(json).toMatchObject({ ok: true, kills: 0, readers: 20 });
  expect(code).toBe(0);
  expect(await readdir(folder)).toEqual([]);
});

it('stops when it is asked to, and tidies up', async () => {
  const folder = await aFolder();
  const env = { TMPDIR: folder };
  const run = startGazette(['selftest', '--kills', '50', '--readers', '2000', '--json'], { folder, env });
  run.onLine((line) => {
    if (line.includes(' of 50 kills')) run.child.kill('SIGINT');
  });
  const { code, stdout } = await run.ended;
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'send.stopped' } });
  expect(code).toBe(4);
  expect(await readdir(folder)).toEqual([]);
});

it('refuses more kills than the issue has room for', async () => {
  const { code, stderr } = await gazette(['selftest', '--kills', '50', '--readers', '100'], {
    folder: await aFolder(),
  });
  expect(code).toBe(2);
  expect(stderr).toContain('50 kills do not fit into an issue with 100 readers.');
});
