/** The crash test as a developer runs it, in its short form: the rule `once` on every change. */
import { expect, it } from 'vitest';
import { crashTest, expectKept, leftIn } from '../support/e2e-crash-test.js';
import { aFolder, gazette } from '../support/e2e-gazette.js';

it('loses nobody when the sender is killed eight times, repeats only what was in doubt, and leaves nothing behind', async () => {
  const folder = await aFolder();
  const { code, json } = await crashTest(['--kills', '8', '--readers', '300', '--seed', '5'], folder);
  expectKept(json);
  expect(json.database).toBe('sqlite');
  // A quiet server would prove nothing. A no that was in doubt at a kill is heard again.
  expect(json.faults['no-such-mailbox']).toBeGreaterThanOrEqual(json.counts.rejected);
  expect(json.counts.rejected).toBeGreaterThan(0);
  expect(json.faults['reply-withheld']).toBeGreaterThan(0);
  expect(code).toBe(0);
  expect(await leftIn(folder)).toEqual([]);
});

it('refuses more kills than the issue has room for', async () => {
  const { code, json } = await crashTest(['--kills', '50', '--readers', '100'], await aFolder());
  expect(code).toBe(2);
  expect(json.error.message).toContain('50 kills do not fit into an issue with 100 readers.');
});

it('is no command of the program', async () => {
  const { code, stdout } = await gazette(['--help'], { folder: await aFolder() });
  expect(code).toBe(0);
  expect(stdout).not.toContain('selftest');
});
