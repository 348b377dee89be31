/**
 * Sending is killed again and again and goes on each time, to a server that does nothing wrong: whatever is in doubt comes
 * from a kill, and what is left in doubt is for a person (rules: once, sum).
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { Issue } from '../../src/domain/issue.js';
import { systemClock } from '../../src/platform/clock.js';
import { openInbox } from '../../src/platform/inbox.js';
import { openSqliteStore } from '../../src/store/index.js';
import { startProgram } from '../../tools/crash-test/child-program.js';
import { killSenders } from '../../tools/crash-test/kill-senders.js';
import { reconcile, type TakenMessage } from '../../tools/crash-test/reconcile.js';
import { seededRandom } from '../../tools/support/seeded-random.js';
import { aWorkspace, freezeAndDie, gazetteJson, manyReaders, ROOT } from '../support/e2e-gazette.js';

const KILLS = 51;
const READERS = 520;
const CONNECTIONS = 5;

/** A server that keeps what reached it whole, and is sometimes slow to say so: there a kill leaves a doubt. */
async function aSlowInbox(random: () => number) {
  const taken: TakenMessage[] = [];
  let waiting: { readonly count: number; resolve(): void }[] = [];
  const inbox = await openInbox({
    onMail: async ({ envelope, raw }) => {
      const messageId = /^Message-ID: (\S+)\r$/im.exec(Buffer.from(raw).toString('latin1'))?.[1] ?? '';
      taken.push({ recipient: envelope.to[0] ?? '', messageId });
      for (const { count, resolve } of waiting) if (count <= taken.length) resolve();
      waiting = waiting.filter(({ count }) => count > taken.length);
      await sleep(random() < 1 / 3 ? 30 : 3);
    },
  });
  onTestFinished(() => inbox.close());
  const untilTaken = (count: number) =>
    count <= taken.length ? Promise.resolve() : new Promise<void>((resolve) => void waiting.push({ count, resolve }));
  return { url: inbox.url, taken, untilTaken };
}

it(`reaches every reader after ${KILLS + 1} kills, and repeats only what was in doubt`, async () => {
  const server = await aSlowInbox(seededRandom('replies'));
  const env = { SMTP_URL: `${server.url}?pool=${CONNECTIONS}`, GAZETTE_LOG: 'info json' };
  const folder = await aWorkspace({ readers: manyReaders(READERS) }, env);
  await freezeAndDie(folder, env);

  const store = await openSqliteStore({ path: join(folder, '.gazette', 'gazette.db') });
  onTestFinished(() => store.close());
  const { ledger } = store;
  const [issue] = (await ledger.issues('weekly')) as [Issue];
  const startSender = ({ number }: Issue) => {
    const args = ['--root', folder, 'issue', 'resume', String(number), '--json'];
    const sender = startProgram(join(ROOT, 'dist', 'main.js'), args, env);
    return { ...sender, untilSending: () => sender.untilItSays('issue.sending-started') };
  };
  const tools = { ledger, server, startSender, clock: systemClock, random: seededRandom('kills') };
  const storm = await killSenders(tools, issue, { kills: KILLS });
  expect(storm).toMatchObject({ kills: KILLS, failures: [] });
  expect(storm.mostUnsettled).toBeLessThanOrEqual(2 * CONNECTIONS);

  const { code } = await gazetteJson(['issue', 'resume', '1'], { folder, env });
  const rows = async () => (await gazetteJson(['issue', 'show', '1', '--readers'], { folder, env })).json.readers;
  const before = await rows();
  const unknown = before.filter(({ state }: { readonly state: string }) => state === 'unknown').length;
  expect(code).toBe(unknown > 0 ? 4 : 0);
  // The kills did hit the wire.
  const doubts: number = before.reduce((sum: number, row: { readonly doubts: number }) => sum + row.doubts, 0);
  expect(doubts).toBeGreaterThan(0);
  expect(reconcile(before, server.taken, storm.mayRepeat)).toMatchObject({ lost: 0, unexplained: 0, findings: [] });

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

  const ids = new Map(server.taken.map(({ recipient, messageId }) => [recipient, messageId]));
  expect(ids.size).toBe(READERS);
  expect(new Set(ids.values()).size, 'no two readers share a Message-ID').toBe(READERS);
  for (const { recipient, messageId } of server.taken) expect(messageId).toBe(ids.get(recipient));
  expect(server.taken.length - READERS).toBeLessThanOrEqual(doubts);
});
