/** An issue is sent to real SMTP servers with their peculiarities: no reader is lost, sent to twice or blamed. */

import type { SMTPServerOptions } from 'smtp-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import { openTransport } from '../../src/deliver/transports/index.js';
import { aContext, addReaders, type TestContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { noFiles } from '../support/deliver-files.js';
import { aScriptedServer, aServer, reply } from '../support/deliver-server.js';

const newsletterOf = (deps: TestContext) => [...deps.newsletters.values()][0] as never;
const send = (deps: TestContext) =>
  deps.sending.sendNext({ newsletter: newsletterOf(deps), confirm: async () => true });
const resume = (deps: TestContext) => deps.sending.resume(newsletterOf(deps), 1, {});
const MINUTE_MS = 60_000;

/** An issue to send to a server at this port. */
async function anIssueFor(port: number, readers: readonly (string | undefined)[]): Promise<TestContext> {
  const deps = await aContext({ posts: [aPost({ publishedAt: new Date('2026-06-10T09:00:00Z') })] });
  await addReaders(
    deps,
    readers.map((address) => (address === undefined ? {} : { address })),
  );
  const transport = openTransport(`smtp://127.0.0.1:${port}?pool=2`, { files: noFiles, root: '/' });
  onTestFinished(() => transport.close());
  return openUseCases({ ...deps, transport: () => transport });
}

const readers = (count: number) => Array.from({ length: count }, () => undefined);

async function stateOf(deps: TestContext, address: string) {
  for await (const row of await deps.sending.deliveries(newsletterOf(deps), 1)) if (row.address === address) return row;
  return undefined;
}

/** Takes so many messages on a connection, and closes it at the next one. */
async function aServerThatCloses(after: number, lastReply = '') {
  const taken: string[] = [];
  const server = await aScriptedServer((line, socket, session) => {
    const state = session as typeof session & { to?: string; inData?: boolean; count?: number };
    const verb = line.split(' ')[0] ?? '';
    if (state.inData) {
      if (line !== '.') return;
      state.inData = false;
      state.count = (state.count ?? 0) + 1;
      taken.push(state.to ?? '');
      socket.write('250 2.0.0 Taken\r\n');
    } else if (verb === 'MAIL' && state.count === after) socket.end(lastReply);
    else if (verb === 'DATA') {
      state.inData = true;
      socket.write('354 Go on\r\n');
    } else if (verb === 'QUIT') socket.end('221 2.0.0 Bye\r\n');
    else {
      if (verb === 'RCPT') state.to = /<(.*?)>/.exec(line)?.[1] ?? '';
      socket.write('250 2.0.0 OK\r\n');
    }
  });
  return { server, taken };
}

describe('a server', () => {
  it('that greylists gets every mail once, on the second try', async () => {
    const seen = new Set<string>();
    const server = await aServer({
      onRcptTo({ address }, _session, done) {
        if (seen.has(address)) return done();
        seen.add(address);
        done(reply(450, '4.7.1 Greylisted, come back in five minutes'));
      },
    });
    const deps = await anIssueFor(server.port, readers(8));
    expect(await send(deps)).toMatchObject({ issue: { state: 'sending' }, counts: { deferred: 8, accepted: 0 } });
    expect(await resume(deps)).toMatchObject({ counts: { deferred: 8 } });
    expect(server.taken).toEqual([]);
    deps.clock.advance(5 * MINUTE_MS);
    expect(await resume(deps)).toMatchObject({ issue: { state: 'done' }, counts: { accepted: 8, deferred: 0 } });
    expect(new Set(server.taken.map(({ to }) => to)).size).toBe(8);
    expect(server.taken).toHaveLength(8);
    expect((await deps.store.audience.find('reader1@example.org'))?.suppressed).toBeUndefined();
  });

  it.each([
    ['with 421', 'closing after three\r\n'],
    ['without a reply', ''],
  ])('that closes after three messages %s gets all of them once, at the same rate', async (_, word) => {
    const { server, taken } = await aServerThatCloses(3, word && `421 4.3.2 ${word}`);
    const deps = await anIssueFor(server.port, readers(20));
    expect(await send(deps)).toMatchObject({ issue: { state: 'done' }, counts: { accepted: 20, unknown: 0 } });
    expect(new Set(taken).size).toBe(20);
    expect(taken).toHaveLength(20);
    expect(server.sessions.length).toBeGreaterThanOrEqual(7);
    expect(deps.clock.slept).toEqual([]);
  });

  it('that takes no more recipients for now (452 4.5.3) is tried again, and it does not count as a try', async () => {
    let refusals = 0;
    const server = await aServer({
      onRcptTo(_address, _session, done) {
        refusals += 1;
        done(refusals <= 3 ? reply(452, '4.5.3 Too many recipients') : undefined);
      },
    });
    const deps = await anIssueFor(server.port, readers(6));
    expect(await send(deps)).toMatchObject({ counts: { accepted: 6, deferred: 0 }, issue: { state: 'done' } });
    expect(server.taken).toHaveLength(6);
  });

  it('that takes no login for now (454 4.7.0) is not asked again: the run stops, and no reader is blamed', async () => {
    let commands = 0;
    const server = await aServer({
      onMailFrom(_address, _session, done) {
        commands += 1;
        done(reply(454, '4.7.0 Too many login attempts, please try again later'));
      },
    });
    const deps = await anIssueFor(server.port, readers(20));
    expect(await send(deps)).toMatchObject({
      stopped: { kind: 'fault', scope: 'configuration' },
      counts: { planned: 20, attempted: 0, rejected: 0 },
    });
    expect(commands).toBeLessThanOrEqual(deps.transport().connections);
    expect(deps.clock.slept).toEqual([]);
  });

  it('whose SIZE is too small stops the run, and gets everything once it accepts more', async () => {
    const options: SMTPServerOptions = { size: 2_000 };
    const deps = await anIssueFor((await aServer(options)).port, readers(5));
    expect(await send(deps)).toMatchObject({
      stopped: { kind: 'fault', scope: 'message', text: expect.stringContaining('larger') },
      counts: { planned: 5, rejected: 0, attempted: 0 },
    });
    expect((await deps.store.audience.find('reader1@example.org'))?.suppressed).toBeUndefined();
    const larger = await aServer();
    const transport = openTransport(`smtp://127.0.0.1:${larger.port}`, { files: noFiles, root: '/' });
    onTestFinished(() => transport.close());
    expect(await resume(openUseCases({ ...deps, transport: () => transport }))).toMatchObject({
      counts: { accepted: 5 },
    });
  });

  it('without SMTPUTF8 gets all mails but the one that needs it; that reader is rejected with the reason and not suppressed', async () => {
    const server = await aServer({ hideSMTPUTF8: true });
    const deps = await anIssueFor(server.port, ['jürgen@example.org', undefined, undefined]);
    expect(await send(deps)).toMatchObject({ issue: { state: 'done' }, counts: { accepted: 2, rejected: 1 } });
    const row = await stateOf(deps, 'jürgen@example.org');
    expect(row).toMatchObject({ state: 'rejected', reply: { text: expect.stringContaining('SMTPUTF8') } });
    expect((await deps.store.audience.find('jürgen@example.org'))?.suppressed).toBeUndefined();
  });

  it('gets internationalised domains as A-labels, which need no SMTPUTF8', async () => {
    const { server, taken } = await aServerThatCloses(Number.POSITIVE_INFINITY);
    const deps = await anIssueFor(server.port, ['office@bücher.example.org']);
    expect(await send(deps)).toMatchObject({ counts: { accepted: 1 } });
    expect(taken).toEqual(['office@xn--bcher-kva.example.org']);
  });
});
