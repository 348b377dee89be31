/** What comes back of a real issue through a real Postfix, by LMTP and by IMAP: ledger, suppressions and pages are right. */
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { aWorkspace, gazette, gazetteJson, startGazette } from '../support/e2e-gazette.js';
import { BOUNCES, type MailServers, startMailServers } from './mail-servers.js';
import { freePort, until } from './processes.js';

let servers: MailServers;
beforeAll(async () => {
  servers = await startMailServers();
});
afterAll(() => servers?.stop());

const READERS = ['ann', 'gone', 'nobody', 'full', 'away'].map((name) => ({ address: `${name}@readers.test` }));

/** A workspace whose issue has been sent, and the service that takes what comes back. */
async function anIssue(way: { readonly [name: string]: string }) {
  const env = {
    ...{ SMTP_URL: servers.smtpUrl, GAZETTE_BOUNCE_ADDRESS: BOUNCES, GAZETTE_LOG: 'info json' },
    ...{ GAZETTE_SECRET: 'k1:0123456789abcdef0123456789abcdef', GAZETTE_PUBLIC_URL: 'http://localhost:8080' },
    ...way,
  };
  const folder = await aWorkspace({ readers: READERS }, env);
  const ask = async (...args: readonly string[]) => (await gazetteJson(args, { folder, env })).json;
  const serve = startGazette(['serve', '--port', '0'], { folder, env });
  onTestFinished(async () => {
    serve.child.kill();
    await serve.ended;
  });
  await until(async () => {
    if (!serve.said.some((line) => /feedback\.(?:receiver|mailbox)-opened/.test(line)))
      throw new Error(serve.said.join('\n'));
  });
  const sent = await gazette(['send', '--yes'], { folder, env });
  expect(sent.code, sent.stderr).toBe(0);
  return { ask, serve };
}

/** Waits until everything that Postfix returns was taken. */
async function cameBack(ask: (...args: readonly string[]) => Promise<unknown>, said: readonly string[]) {
  try {
    await until(async () => {
      const shown = JSON.stringify(await ask('issue', 'show', '1'));
      expect(shown).toMatch(/"hard":2/);
      expect(shown).toMatch(/"soft":1/);
    }, 100);
  } catch (error) {
    throw new Error(`${error}\n${said.slice(-20).join('\n')}\n${await servers.log()}`);
  }
}

async function isRight(ask: (...args: readonly string[]) => Promise<unknown>): Promise<void> {
  const suppressions = JSON.stringify(await ask('suppressions', 'list'));
  for (const name of ['gone', 'nobody']) expect(suppressions).toContain(`${name}@readers.test`);
  for (const name of ['ann', 'full', 'away']) expect(suppressions).not.toContain(`${name}@readers.test`);
  // Accepted, and came back: the sums of the ledger stay.
  expect(await ask('issue', 'verify', '1')).toMatchObject({ ok: true });
}

it('by LMTP, dead addresses are suppressed, a full mailbox and an automatic reply are not', async () => {
  const port = await freePort();
  await servers.returnTo(port);
  const { ask, serve } = await anIssue({ GAZETTE_BOUNCE_LISTEN: `lmtp://127.0.0.1:${port}` });
  await cameBack(ask, serve.said);
  await isRight(ask);
});

it('by IMAP the same, and every mail is moved to a folder', async () => {
  await servers.returnTo('mailbox');
  const { ask, serve } = await anIssue({ GAZETTE_BOUNCE_MAILBOX: servers.mailbox });
  await cameBack(ask, serve.said);
  await isRight(ask);
  // Three bounces and an automatic reply; all of them name their delivery.
  await until(async () => expect(await servers.inMailbox('Gazette.Done')).toBe(4), 100);
  expect(await servers.inMailbox('INBOX')).toBe(0);
  expect(await servers.inMailbox('Gazette.Unknown')).toBe(0);
});
