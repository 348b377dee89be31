/** Whose fault a refusal is, in whole runs against a real SMTP server (rules: whose-fault, fairness, sum). */

import { describe, expect, it, onTestFinished } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import { openTransport } from '../../src/deliver/transports/index.js';
import { isSumRight } from '../../src/domain/delivery.js';
import { newsletterNamed } from '../../src/domain/newsletter.js';
import type { Note } from '../../src/domain/ports/mail.js';
import { openScheduler } from '../../src/scheduler/scheduler.js';
import { aContext, addReaders, type TestContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { noFiles } from '../support/deliver-files.js';
import { aScriptedServer, aServer, reply, type TestServer } from '../support/deliver-server.js';
import { plainRenderer } from '../support/plain-renderer.js';
import { typed } from '../support/typed.js';

const MINUTE_MS = 60_000;
const newsletterOf = (deps: TestContext) => [...deps.newsletters.values()][0] as never;
const READERS = 60;

type TestIssue = TestContext & { readonly notes: readonly Note[] };

/** An issue to send to so many readers by a server at this port. */
async function anIssueFor(port: number, readers = READERS, connections = 5): Promise<TestIssue> {
  const posts = [aPost({ publishedAt: new Date('2026-06-10T09:00:00Z') })];
  const deps = await aContext({ posts, renderer: plainRenderer });
  await addReaders(
    deps,
    Array.from({ length: readers }, () => ({})),
  );
  const transport = openTransport(`smtp://127.0.0.1:${port}?pool=${connections}`, { files: noFiles, root: '/' });
  onTestFinished(() => transport.close());
  const notes: Note[] = [];
  const notifier = {
    tell: async (note: Note) => {
      notes.push(note);
    },
  };
  return openUseCases({ ...deps, transport: () => transport, notifier, notes });
}

/** Runs a command; returns its exit status and its output. */
async function run(deps: TestContext, ...argv: readonly string[]) {
  const { code, out, err } = await typed(deps, [...argv, '--json']);
  return { code, err, json: JSON.parse(out) };
}

async function countsOf(deps: TestContext) {
  const { counts } = await deps.sending.show(newsletterOf(deps), 1);
  expect(isSumRight(counts)).toBe(true);
  return counts;
}

async function suppressed(deps: TestContext): Promise<number> {
  let count = 0;
  for await (const _ of deps.store.audience.suppressions()) count += 1;
  return count;
}

/** Refuses every message at its end, until `accept` is called. */
async function aServerThatRefuses(code: number, text: string) {
  let isRefusing = true;
  let refused = 0;
  const taken: string[] = [];
  const server = await aServer({
    onData(stream, session, done) {
      stream.resume();
      stream.on('end', () => {
        if (isRefusing) {
          refused += 1;
          return done(reply(code, text));
        }
        taken.push(session.envelope.rcptTo[0]?.address ?? '');
        done(null, '2.0.0 Taken');
      });
    },
  });
  return {
    server,
    taken,
    get refused() {
      return refused;
    },
    accept: () => {
      isRefusing = false;
    },
  };
}

/** Refuses some addresses at RCPT. */
const aServerWithout = (refuses: (address: string) => Error | undefined): Promise<TestServer> =>
  aServer({ onRcptTo: ({ address }, _session, done) => done(refuses(address)) });

describe('a relay that does not let us send as this address', () => {
  it('pauses the issue at its first reply, changes no reader, is reported everywhere, and is resumed', async () => {
    const relay = await aServerThatRefuses(
      554,
      '5.2.252 SendAsDenied; a@example.org not allowed to send as b@example.org',
    );
    const deps = await anIssueFor(relay.server.port);
    const sent = await run(deps, 'send', '--yes');
    expect(sent).toMatchObject({
      code: 4,
      json: { ok: false, state: 'paused', rejected: 0, pending: READERS, stopped: { kind: 'fault', scope: 'sender' } },
    });
    expect(relay.refused).toBe(1);
    expect(await suppressed(deps)).toBe(0);
    expect(await deps.operate.status()).toMatchObject({
      issues: [{ state: 'paused', paused: { reason: expect.stringContaining('SendAsDenied') } }],
    });
    expect((await typed(deps, ['status'])).out).toMatch(
      /issue 1 is paused: .*SendAsDenied.*right to send as.*issue resume 1/,
    );
    expect((await typed(deps, ['issue', 'show', '1'])).out).toContain('SendAsDenied');
    expect(deps.notes).toMatchObject([
      { subject: 'weekly: sending issue 1 has stopped', text: expect.stringContaining('issue resume 1') },
    ]);
    relay.accept();
    expect(await run(deps, 'issue', 'resume', '1')).toMatchObject({ code: 0, json: { accepted: READERS, ok: true } });
    expect(new Set(relay.taken).size).toBe(READERS);
    expect((await deps.operate.status()).issues).toEqual([]);
  });

  it('is not tried by the running service until a person resumes', async () => {
    const relay = await aServerThatRefuses(550, '5.7.60 SMTP; Client does not have permissions to send as this sender');
    const deps = await anIssueFor(relay.server.port);
    await typed(deps, ['send', '--yes']);
    const scheduler = openScheduler(deps, new AbortController().signal);
    for (let tick = 0; tick < 5; tick += 1) {
      deps.clock.advance(MINUTE_MS);
      scheduler.tick();
      await scheduler.idle();
    }
    expect(relay.refused).toBe(1);
    expect(deps.notes).toHaveLength(1);
  });
});

describe('a relay that refuses the sender at MAIL', () => {
  it.each(['5.7.1 Sender refused', '5.7.1 No', 'No'])('with %s from the start gets no issue', async (text) => {
    const server = await aServer({ onMailFrom: (_address, _session, done) => done(reply(550, text)) });
    const deps = await anIssueFor(server.port);
    expect(await run(deps, 'send', '--yes')).toMatchObject({ code: 1, json: { error: { code: 'transport.failed' } } });
    expect(await deps.store.ledger.issues()).toEqual([]);
  });

  it.each(['5.7.1 Sender refused', '5.7.1 No', 'No'])('with %s stops the run, and is resumed', async (text) => {
    let asked = -1;
    let isRefusing = true;
    const server = await aServer({
      onMailFrom(_address, _session, done) {
        asked += 1;
        // The first question comes before the issue is made.
        done(isRefusing && asked > 0 ? reply(550, text) : undefined);
      },
    });
    const deps = await anIssueFor(server.port);
    expect(await run(deps, 'send', '--yes')).toMatchObject({
      code: 4,
      json: { rejected: 0, pending: READERS, stopped: { kind: 'fault', scope: 'sender' } },
    });
    expect(asked).toBe(1);
    isRefusing = false;
    expect(await run(deps, 'issue', 'resume', '1')).toMatchObject({ code: 0, json: { accepted: READERS } });
  });
});

describe('a refusal with unknown text, which blames the reader', () => {
  const NO = (address: string) => reply(550, `5.1.1 <${address}>: frobnicated by node ${address.length}`);

  it.each([2, 50])(
    'pauses the run after ten readers with %i connections, and one command undoes all of it',
    async (pool) => {
      let isRefusing = true;
      const server = await aServerWithout((address) => (isRefusing ? NO(address) : undefined));
      const deps = await anIssueFor(server.port, READERS, pool);
      expect(await run(deps, 'send', '--yes')).toMatchObject({
        code: 4,
        json: { state: 'paused', rejected: 10, pending: READERS - 10 },
      });
      expect(await suppressed(deps)).toBe(10);
      expect(deps.notes[0]?.text).toMatch(/10 readers in a row.*issue return 1/);
      const returned = await run(deps, 'issue', 'return', '1');
      expect(returned).toMatchObject({ code: 0, json: { state: 'paused', deliveries: 10, suppressions: 10 } });
      expect(await countsOf(deps)).toMatchObject({ planned: READERS, rejected: 0, deferred: 0 });
      expect(await suppressed(deps)).toBe(0);
      isRefusing = false;
      expect(await run(deps, 'issue', 'resume', '1')).toMatchObject({ code: 0, json: { accepted: READERS } });
    },
  );

  it('that begins in the middle of a run rejects few more readers than it takes to pause', async () => {
    const seen = new Set<string>();
    const server = await aServerWithout((address) => (seen.add(address).size > 30 ? NO(address) : undefined));
    const deps = await anIssueFor(server.port, READERS, 5);
    await typed(deps, ['send', '--yes']);
    const { rejected, accepted, planned } = await countsOf(deps);
    expect(accepted).toBe(30);
    expect(rejected).toBeLessThanOrEqual(10 + 5);
    expect(planned).toBe(READERS - accepted - rejected);
  });

  it('is counted across runs that ended early', async () => {
    const stop = new AbortController();
    let answered = 0;
    const server = await aServerWithout((address) => {
      answered += 1;
      if (answered === 4) stop.abort();
      return NO(address);
    });
    const deps = await anIssueFor(server.port);
    await typed(deps, ['send', '--yes'], { signal: stop.signal });
    expect(await countsOf(deps)).toMatchObject({ rejected: 4 });
    await deps.sending.goOn(newsletterNamed(deps, undefined), 1);
    expect(await countsOf(deps)).toMatchObject({ rejected: 10, planned: READERS - 10 });
  });

  it('is returned without lifting other suppressions, and keeps the record of attempts', async () => {
    let isRefusing = true;
    const server = await aServerWithout((address) => (isRefusing ? NO(address) : undefined));
    const deps = await anIssueFor(server.port);
    await deps.store.audience.suppress('reader60@example.org', 'complaint', deps.clock.now());
    await deps.store.audience.suppress('reader59@example.org', 'hard-bounce', new Date(0));
    await typed(deps, ['send', '--yes']);
    await deps.sending.returnRefused(newsletterOf(deps), 1, 'paused-for');
    expect(await suppressed(deps)).toBe(2);
    isRefusing = false;
    await typed(deps, ['issue', 'resume', '1']);
    const tries: number[] = [];
    for await (const row of deps.store.ledger.deliveries(1, ['accepted'])) tries.push(row.attempts);
    expect(tries.filter((attempts) => attempts === 2)).toHaveLength(10);
  });

  it('is returned by its text, or with all others, also after the issue is done', async () => {
    const server = await aServerWithout((address) =>
      address === 'reader7@example.org'
        ? NO(address)
        : address === 'reader9@example.org'
          ? reply(550, '5.1.1 Gone')
          : undefined,
    );
    const deps = await anIssueFor(server.port);
    expect(await run(deps, 'send', '--yes')).toMatchObject({ code: 0, json: { state: 'done', rejected: 2 } });
    expect(await typed(deps, ['issue', 'return', '1'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--refused'),
    });
    expect(await run(deps, 'issue', 'return', '1', '--refused', 'frobnicated')).toMatchObject({
      json: { state: 'paused', deliveries: 1, suppressions: 1 },
    });
    expect(await run(deps, 'issue', 'return', '1', '--refused', 'all')).toMatchObject({ json: { suppressions: 1 } });
    expect(await countsOf(deps)).toMatchObject({ planned: 2, rejected: 0 });
    expect(await run(deps, 'issue', 'return', '1', '--refused', 'nothing like it')).toMatchObject({ code: 3 });
  });
});

describe('a pause whose reason quotes the reader of the reply', () => {
  it('shows the address masked wherever it is told', async () => {
    const server = await aServerWithout((address) => reply(550, `${address}: frobnicated <${address}>`));
    const deps = await anIssueFor(server.port);
    const sent = await run(deps, 'send', '--yes');
    const told = [sent.json, (await deps.operate.status()).issues, deps.notes].map((each) => JSON.stringify(each));
    for (const each of told) {
      expect(each).toContain('r…@example.org: frobnicated <r…@example.org>');
      expect(each).not.toMatch(/reader\d+@/);
    }
  });
});

describe('a closed list among the readers (550 5.7.1 at RCPT)', () => {
  const closed = (addresses: readonly string[]) =>
    aServerWithout((address) => (addresses.includes(address) ? reply(550, '5.7.1 Rejected by policy') : undefined));

  it.each([
    ['first', ['reader1@example.org']],
    ['in the middle', ['reader30@example.org']],
    ['more than once', ['reader1@example.org', 'reader2@example.org', 'reader3@example.org', 'reader40@example.org']],
  ])('%s keeps the issue from no other reader', async (_, addresses) => {
    const server = await closed(addresses);
    const deps = await anIssueFor(server.port);
    expect(await run(deps, 'send', '--yes')).toMatchObject({
      code: 0,
      json: { state: 'sending', accepted: READERS - addresses.length, deferred: addresses.length, rejected: 0 },
    });
    expect(new Set(server.taken.map(({ to }) => to)).size).toBe(READERS - addresses.length);
  });

  it('of which there are many pauses nothing when only they are left to be tried again', async () => {
    const addresses = Array.from({ length: 12 }, (_, nth) => `reader${nth * 5 + 5}@example.org`);
    const server = await closed(addresses);
    const deps = await anIssueFor(server.port);
    expect(await run(deps, 'send', '--yes')).toMatchObject({ code: 0, json: { accepted: 48, deferred: 12 } });
    await deps.clock.sleep(MINUTE_MS);
    expect(await run(deps, 'issue', 'resume', '1')).toMatchObject({
      code: 0,
      json: { state: 'sending', deferred: 12 },
    });
    await typed(deps, ['issue', 'resume', '1', '--wait']);
    expect(await countsOf(deps)).toMatchObject({ accepted: 48, rejected: 12, planned: 0 });
    expect(await suppressed(deps)).toBe(0);
  });

  it('is tried a few times with growing waits, and then rejected without a suppression', async () => {
    const server = await closed(['reader1@example.org']);
    const deps = await anIssueFor(server.port);
    const begun = deps.clock.now().getTime();
    await typed(deps, ['send', '--yes', '--wait']);
    expect(await countsOf(deps)).toMatchObject({ accepted: READERS - 1, rejected: 1, planned: 0 });
    expect(await suppressed(deps)).toBe(0);
    expect(deps.clock.now().getTime() - begun).toBeLessThan(3 * 60 * MINUTE_MS);
    const [row] = await rejectedOf(deps);
    expect(row?.attempts).toBe(6);
  });
});

async function rejectedOf(deps: TestContext) {
  const rows = [];
  for await (const row of deps.store.ledger.deliveries(1, ['rejected'])) rows.push(row);
  return rows;
}

describe('a relay with a limit', () => {
  it('of messages a day is tried a few times; that does not count as a try, and the status is 4', async () => {
    const relay = await aServerThatRefuses(550, '5.4.5 Daily user sending quota exceeded. x - gsmtp');
    const deps = await anIssueFor(relay.server.port);
    expect(await run(deps, 'send', '--yes')).toMatchObject({
      code: 4,
      json: { rejected: 0, deferred: 0, pending: READERS, stopped: { kind: 'fault', scope: 'limit' } },
    });
    expect(relay.refused).toBeLessThanOrEqual(3);
    relay.accept();
    expect(await run(deps, 'issue', 'resume', '1')).toMatchObject({ code: 0, json: { accepted: READERS } });
  });

  it.each([
    ['one reader', [1]],
    ['one reader, the last,', [READERS]],
    ['several readers', [1, 20, 21, 40, 41]],
  ])('that only %s meet is theirs: they are tried 16 times and rejected without a suppression', async (_, numbers) => {
    const limited = new Set(numbers.map((number) => `reader${number}@example.org`));
    const server = await aServerWithout((address) => (limited.has(address) ? reply(550, 'quota exceeded') : undefined));
    const deps = await anIssueFor(server.port);
    expect(await run(deps, 'send', '--yes')).toMatchObject({
      code: 0,
      json: { state: 'sending', accepted: READERS - limited.size, deferred: limited.size, rejected: 0 },
    });
    for (let due = await deps.store.ledger.nextDue(1); due; due = await deps.store.ledger.nextDue(1)) {
      deps.clock.set(due);
      expect(await deps.sending.goOn(newsletterOf(deps), 1)).not.toHaveProperty('stopped');
    }
    expect(await countsOf(deps)).toMatchObject({
      accepted: READERS - limited.size,
      rejected: limited.size,
      planned: 0,
    });
    expect(await suppressed(deps)).toBe(0);
    // The first limit reply counts for nobody.
    for (const { attempts } of await rejectedOf(deps)) expect(attempts).toBe(17);
  });

  it.each([1, 10])('that begins in the middle of a run is no reader’s try, with %i connections', async (pool) => {
    const seen = new Set<string>();
    const server = await aServerWithout((address) =>
      seen.add(address).size > 30 ? reply(452, '4.5.3 Too many messages, slow down') : undefined,
    );
    const deps = await anIssueFor(server.port, READERS, pool);
    await typed(deps, ['send', '--yes']);
    for (let nth = 0; nth < 2; nth += 1) await deps.sending.goOn(newsletterOf(deps), 1);
    expect(await countsOf(deps)).toMatchObject({ accepted: 30, planned: READERS - 30, deferred: 0, rejected: 0 });
  });

  it('of messages a session gets the rest on new connections, at the same rate', async () => {
    const taken: string[] = [];
    const server = await aScriptedServer((line, socket, session) => {
      const state = session as typeof session & { to?: string; inData?: boolean; count?: number };
      if (state.inData) {
        if (line !== '.') return;
        state.inData = false;
        state.count = (state.count ?? 0) + 1;
        if (state.count > 4) return void socket.write('451 Requested action aborted Mails per session limit\r\n');
        taken.push(state.to ?? '');
        return void socket.write('250 2.0.0 Taken\r\n');
      }
      if (line === 'DATA') state.inData = true;
      if (line.startsWith('RCPT')) state.to = /<(.*?)>/.exec(line)?.[1] ?? '';
      socket.write(line === 'DATA' ? '354 Go on\r\n' : '250 2.0.0 OK\r\n');
    });
    const deps = await anIssueFor(server.port, 30, 2);
    expect(await run(deps, 'send', '--yes')).toMatchObject({ code: 0, json: { accepted: 30 } });
    expect(new Set(taken).size).toBe(30);
    expect(deps.clock.slept).toEqual([]);
    expect(server.sessions.length).toBeGreaterThanOrEqual(7);
  });
});
