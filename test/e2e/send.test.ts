/** Real sends by the command line: to a real SMTP server, out of SQLite and out of Postgres. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import PostalMime from 'postal-mime';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openInbox } from '../../src/platform/inbox.js';
import { aServer, reply } from '../support/deliver-server.js';
import { aWorkspace, gazette, gazetteJson, manyReaders, startGazette } from '../support/e2e-gazette.js';
import { startPostgres } from '../support/postgres.js';

const READERS = [
  ...manyReaders(3),
  { address: 'software@example.org', preferences: ['software'] },
  { address: 'chemistry@example.org', preferences: ['chemistry'] },
];

async function anInbox() {
  const inbox = await openInbox();
  onTestFinished(() => inbox.close());
  return inbox;
}

/** Everything a workspace remembers. */
function remembered(folder: string): string {
  const database = new DatabaseSync(join(folder, '.gazette', 'gazette.db'), { readOnly: true });
  try {
    const tables = database.prepare("select name from sqlite_master where type = 'table' order by name").all();
    // What was read of files is kept to save time: it is no memory (rule: looking-changes-nothing).
    const lasting = tables.map(({ name }) => String(name)).filter((name) => name !== 'file_looks');
    return JSON.stringify(lasting.map((name) => [name, database.prepare(`select * from "${name}"`).all()]));
  } finally {
    database.close();
  }
}

describe.each(['SQLite', 'Postgres'])('sending out of %s', (kind) => {
  it('reaches every reader once, proves it, and finds nothing new the next time', async () => {
    const inbox = await anInbox();
    const env: { [name: string]: string } = { SMTP_URL: inbox.url };
    if (kind === 'Postgres') {
      const postgres = await startPostgres();
      onTestFinished(() => postgres.stop());
      env.DATABASE_URL = await postgres.freshUrl();
    }
    const folder = await aWorkspace({ readers: READERS }, env);
    const sent = await gazetteJson(['send', '--yes'], { folder, env });
    expect(sent.code, sent.stdout + sent.stderr).toBe(0);
    const sum = { newsletter: 'weekly', issue: 1, state: 'done', ok: true, planned: 5, pending: 0 };
    expect(sent.json).toMatchObject({ ...sum, accepted: 4, rejected: 0, unknown: 0, skipped: 1 });
    expect(sent.json.skippedBy).toEqual({ 'nothing-wished': 1 });
    const to = inbox.mails.map(({ envelope }) => envelope.to.join());
    expect(to.sort()).toEqual(['reader1', 'reader2', 'reader3', 'software'].map((name) => `${name}@example.org`));

    const verified = await gazetteJson(['issue', 'verify', '1'], { folder, env });
    expect(verified).toMatchObject({ code: 0, json: { ...sum, accepted: 4, skipped: 1, findings: [] } });
    const again = await gazetteJson(['send', '--yes'], { folder, env });
    expect(again).toMatchObject({ code: 3, json: { outcome: 'nothing-new' } });
    const issues = await gazetteJson(['issues'], { folder, env });
    expect(issues.json.issues).toMatchObject([{ issue: 1, ok: true, manual: true, posts: { length: 2 } }]);
    expect(inbox.mails).toHaveLength(4);
  });
});

describe('looking', () => {
  it('changes nothing that is remembered, and sends nothing', async () => {
    const inbox = await anInbox();
    const env = { SMTP_URL: inbox.url };
    const folder = await aWorkspace({ readers: READERS }, env);
    const before = remembered(folder);
    const dry = await gazetteJson(['send', '--dry-run'], { folder, env });
    expect(dry).toMatchObject({ code: 0, json: { dryRun: true, outcome: 'issue', readers: { planned: 4 } } });
    for (const args of [
      ['plan'],
      ['preview'],
      ['rehearse', '--from', '2026-01-01', '--to', '2026-12-31'],
      ['issues'],
    ]) {
      expect((await gazetteJson(args, { folder, env })).code, args.join(' ')).toBe(0);
    }
    expect(remembered(folder)).toBe(before);
    expect(inbox.mails).toEqual([]);
  });

  it('by a test mail leaves the ledger alone, and the mail says that it is a test', async () => {
    const inbox = await anInbox();
    const env = { SMTP_URL: inbox.url };
    const folder = await aWorkspace({ readers: READERS }, env);
    const before = remembered(folder);
    const tested = await gazetteJson(['send', '--test', 'me@example.net'], { folder, env });
    expect(tested).toMatchObject({ code: 0, json: { kind: 'tested', to: 'me@example.net', outcome: 'accepted' } });
    expect(remembered(folder)).toBe(before);
    expect(inbox.mails.map(({ envelope }) => envelope.to)).toEqual([['me@example.net']]);
    const mail = await PostalMime.parse(inbox.mails[0]?.raw ?? '');
    expect(mail.subject).toMatch(/^\[Test\] /);
    expect(mail.text).toContain('https://preview.invalid/');
    expect(mail.text).not.toMatch(/https:\/\/(?!preview\.invalid|blog\.example\.org)/);
  });
});

describe('a server that says no', () => {
  it('to one reader is no fault of the issue', async () => {
    const server = await aServer({
      onRcptTo: ({ address }, _session, done) =>
        address === 'reader2@example.org' ? done(reply(550, '5.1.1 No such user')) : done(),
    });
    const env = { SMTP_URL: `smtp://127.0.0.1:${server.port}` };
    const folder = await aWorkspace({ readers: READERS }, env);
    const sent = await gazetteJson(['send', '--yes'], { folder, env });
    expect(sent).toMatchObject({ code: 0, json: { ok: true, accepted: 3, rejected: 1 } });
    const { json } = await gazetteJson(['issue', 'show', '1', '--readers'], { folder, env });
    const rejected = json.readers.filter(({ state }: { state: string }) => state === 'rejected');
    expect(rejected).toMatchObject([{ address: 'reader2@example.org', reply: { code: 550, enhanced: '5.1.1' } }]);
  });

  it('for a while leaves deliveries deferred, ends with 0, and says what tries them again', async () => {
    const server = await aServer({
      onRcptTo: ({ address }, _session, done) =>
        address === 'reader2@example.org' ? done(reply(451, '4.7.1 Greylisted')) : done(),
    });
    const env = { SMTP_URL: `smtp://127.0.0.1:${server.port}` };
    const folder = await aWorkspace({ readers: READERS }, env);
    const { code, stdout } = await gazette(['send', '--yes'], { folder, env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/1 deferred; `gazette issue resume 1 --newsletter \w+` or `gazette serve` tries them again/);
    const verified = await gazetteJson(['issue', 'verify', '1'], { folder, env });
    expect(verified).toMatchObject({ code: 4, json: { ok: false, pending: 1, deferred: 1, accepted: 3 } });
  });

  it('to the sender stops the run with 4, marks no reader, and is resumed', async () => {
    let isRefusing = true;
    let asked = 0;
    const server = await aServer({
      // The first is the look before an issue is made.
      onMailFrom: (_address, _session, done) => {
        asked += 1;
        return isRefusing && asked > 1 ? done(reply(550, '5.7.1 Sender refused')) : done();
      },
    });
    const env = { SMTP_URL: `smtp://127.0.0.1:${server.port}` };
    const folder = await aWorkspace({ readers: READERS }, env);
    const stopped = await gazetteJson(['send', '--yes'], { folder, env });
    expect(stopped.code).toBe(4);
    expect(stopped.json).toMatchObject({
      ok: false,
      rejected: 0,
      pending: 4,
      stopped: { kind: 'fault', scope: 'sender' },
    });
    isRefusing = false;
    const resumed = await gazetteJson(['issue', 'resume', '1'], { folder, env });
    expect(resumed).toMatchObject({ code: 0, json: { ok: true, accepted: 4, pending: 0 } });
    expect(server.taken).toHaveLength(4);
  });
});

describe('a mail server that refuses the sender from the start', () => {
  it('is found before an issue is made', async () => {
    const server = await aServer({
      onMailFrom: (_address, _session, done) => done(reply(550, '5.7.1 Sender refused')),
    });
    const env = { SMTP_URL: `smtp://127.0.0.1:${server.port}` };
    const folder = await aWorkspace({ readers: READERS }, env);
    const refused = await gazetteJson(['send', '--yes'], { folder, env });
    expect(refused).toMatchObject({ code: 1, json: { error: { code: 'transport.failed' } } });
    expect((await gazetteJson(['issues'], { folder, env })).json).toEqual({ issues: [] });
  });
});

describe('a run that is asked to stop', () => {
  /** Asks a run to stop when some of its mails have arrived. */
  async function stopInTheMiddle() {
    const inbox = await openInbox({
      onMail: async () => {
        arrived += 1;
        if (arrived === 10) run.child.kill('SIGTERM');
        await sleep(5);
      },
    });
    onTestFinished(() => inbox.close());
    let arrived = 0;
    const env = { SMTP_URL: `${inbox.url}?pool=2` };
    const folder = await aWorkspace({ readers: manyReaders(200) }, env);
    const run = startGazette(['send', '--yes', '--json'], { folder, env });
    const { code, stdout } = await run.ended;
    return { folder, env, code, json: JSON.parse(stdout) };
  }

  it('settles what is on the wire, ends with 4, leaves no outcome unknown, and is resumed', async () => {
    const { folder, env, code, json } = await stopInTheMiddle();
    expect(code).toBe(4);
    expect(json).toMatchObject({ ok: false, unknown: 0, attempted: 0, claimed: 0, stopped: { kind: 'signal' } });
    expect(json.accepted + json.pending).toBe(200);
    expect(json.pending).toBeGreaterThan(0);
    const resumed = await gazetteJson(['issue', 'resume', '1'], { folder, env });
    expect(resumed).toMatchObject({ code: 0, json: { ok: true, accepted: 200 } });
  });

  it('may be cancelled: the others get nothing, and its posts do not come again', async () => {
    const { folder, env, json } = await stopInTheMiddle();
    const cancelled = await gazetteJson(['issue', 'cancel', '1', '--yes'], { folder, env });
    expect(cancelled).toMatchObject({ code: 0, json: { issue: 1, state: 'cancelled', released: false } });
    expect(cancelled.json.skipped).toBe(json.pending);
    const verified = await gazetteJson(['issue', 'verify', '1'], { folder, env });
    expect(verified).toMatchObject({ code: 0, json: { accepted: json.accepted, skipped: json.pending } });
    const resumed = await gazetteJson(['issue', 'resume', '1'], { folder, env });
    expect(resumed).toMatchObject({ code: 1, json: { error: { code: 'issue.state' } } });
    expect((await gazetteJson(['send', '--yes'], { folder, env })).code).toBe(3);
  });
});

describe('a real send', () => {
  it('to a server elsewhere is refused while anything the law asks for is missing', async () => {
    const folder = await aWorkspace({ readers: READERS });
    const env = { SMTP_URL: 'smtp://mail.example.org' };
    const { code, json } = await gazetteJson(['send', '--yes'], { folder, env });
    expect(code).toBe(1);
    expect(json.error).toMatchObject({ code: 'send.not-ready', hint: expect.any(String) });
    expect(json.error.message).toMatch(/GAZETTE_PUBLIC_URL.*GAZETTE_SECRET/);
  });

  it('into a folder writes one file a reader', async () => {
    const env = { SMTP_URL: 'file:outbox' };
    const folder = await aWorkspace({ readers: READERS }, env);
    expect((await gazetteJson(['send', '--yes'], { folder, env })).json).toMatchObject({ ok: true, accepted: 4 });
    const files = (await readdir(join(folder, 'outbox'))).filter((name) => name.endsWith('.eml'));
    expect(files).toHaveLength(4);
    const mail = await PostalMime.parse(await readFile(join(folder, 'outbox', files[0] ?? '')));
    expect(mail.subject).toMatch(/A valve|A parser/);
  });
});
