/** Servers with few connections or few mails on a connection are used at the pace they allow (rule: server-limits). */
import { describe, expect, it, onTestFinished } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import { openTransport } from '../../src/deliver/transports/index.js';
import { aContext, addReaders } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { noFiles } from '../support/deliver-files.js';
import { aScriptedServer, aServer, reply } from '../support/deliver-server.js';
import { plainRenderer } from '../support/plain-renderer.js';
import { typed } from '../support/typed.js';

const READERS = 80;

interface Limits {
  readonly connections?: number;
  /** What the server says to one connection more. */
  readonly tooMany?: string;
  readonly messages?: number;
  /** What it says at the MAIL after so many messages; then it closes. */
  readonly enough?: string;
}

async function aServerWith({ connections = 99, tooMany = '', messages = 999, enough = '' }: Limits) {
  const taken: string[] = [];
  const open = new Set<unknown>();
  let refused = 0;
  const server = await aScriptedServer((line, socket, session) => {
    const state = session as typeof session & { to?: string; inData?: boolean; count?: number };
    if (line.startsWith('EHLO')) {
      if (open.size >= connections) {
        refused += 1;
        return void socket.end(`${tooMany}\r\n`);
      }
      open.add(session);
      socket.once('close', () => open.delete(session));
    }
    if (state.inData) {
      if (line !== '.') return;
      state.inData = false;
      state.count = (state.count ?? 0) + 1;
      taken.push(state.to ?? '');
      return void socket.write('250 2.0.0 Taken\r\n');
    }
    if (line === 'QUIT') {
      open.delete(session);
      return void socket.end('221 Bye\r\n');
    }
    if (line.startsWith('MAIL') && (state.count ?? 0) >= messages) {
      open.delete(session);
      return void socket.end(`${enough}\r\n`);
    }
    if (line === 'DATA') state.inData = true;
    if (line.startsWith('RCPT')) state.to = /<(.*?)>/.exec(line)?.[1] ?? '';
    socket.write(line === 'DATA' ? '354 Go on\r\n' : '250 2.0.0 OK\r\n');
  });
  return {
    server,
    taken,
    get refused() {
      return refused;
    },
  };
}

async function anIssueFor(port: number) {
  const posts = [aPost({ publishedAt: new Date('2026-06-10T09:00:00Z') })];
  const deps = await aContext({ posts, renderer: plainRenderer });
  await addReaders(
    deps,
    Array.from({ length: READERS }, () => ({})),
  );
  return { deps, open: () => withTransport(deps, port) };
}

/** A process of its own on the same store. */
function withTransport(deps: Awaited<ReturnType<typeof aContext>>, port: number) {
  const transport = openTransport(`smtp://127.0.0.1:${port}`, { files: noFiles, root: '/' });
  onTestFinished(() => transport.close());
  return openUseCases({ ...deps, transport: () => transport });
}

const send = (deps: ReturnType<typeof withTransport>) =>
  deps.sending.sendNext({ newsletter: [...deps.newsletters.values()][0] as never, confirm: async () => true });

async function triesOf(deps: ReturnType<typeof withTransport>) {
  const tries: number[] = [];
  for await (const { attempts } of deps.store.ledger.deliveries(1)) tries.push(attempts);
  return tries;
}

describe('a server that allows few connections', () => {
  it.each([
    [2, '421 4.7.0 Too many connections'],
    [3, '421 4.3.2 The maximum number of concurrent connections has exceeded a limit'],
    [1, '421 4.3.2 Service not available, try again later'],
  ])('of %i, with %s, gets all mails on them without a rest, and status says so', async (connections, tooMany) => {
    const server = await aServerWith({ connections, tooMany });
    const { open } = await anIssueFor(server.server.port);
    const deps = open();
    expect(await send(deps)).toMatchObject({ issue: { state: 'done' }, counts: { accepted: READERS } });
    expect(new Set(server.taken).size).toBe(READERS);
    expect(server.taken).toHaveLength(READERS);
    expect(deps.clock.slept).toEqual([]);
    expect(await deps.rateLimit().learned()).toBeUndefined();
    expect(server.refused).toBe(5 - connections);
    expect((await deps.operate.status()).serverLimits).toEqual([
      { server: `smtp://127.0.0.1:${server.server.port}`, connections },
    ]);
    expect((await typed(deps, ['status'])).out).toContain(`at most ${connections} connection`);
  });

  it('is known to the next process, which has no connection refused', async () => {
    const server = await aServerWith({ connections: 2, tooMany: '421 4.7.0 Too many connections' });
    const { deps, open } = await anIssueFor(server.server.port);
    await send(open());
    const { refused } = server;
    deps.clock.advance(86_400_000);
    deps.source.posts.push(aPost({ publishedAt: deps.clock.now() }));
    expect(await send(open())).toMatchObject({ counts: { accepted: READERS } });
    // One more connection is tried in a run that takes longer than the present one.
    expect(server.refused).toBe(refused);
  });
});

describe('a server that limits the rate', () => {
  it('and refuses one reader three times by chance gets that mail in the same run', async () => {
    let refused = 0;
    const server = await aServer({
      onRcptTo({ address }, _session, done) {
        if (address !== 'reader5@example.org' || refused === 3) return done();
        refused += 1;
        done(reply(450, '4.7.1 Error: too much mail'));
      },
    });
    const { open } = await anIssueFor(server.port);
    const deps = open();
    expect(await send(deps)).toMatchObject({ issue: { state: 'done' }, counts: { accepted: READERS, deferred: 0 } });
    expect(refused).toBe(3);
    expect((await typed(deps, ['status'])).out).toMatch(/smtp:.*about [\d.]+ mails a second/);
  });
});

describe('two runs of one process', () => {
  it('on a server that allows one connection, which another process holds, rest and stop', async () => {
    const server = await aServerWith({ connections: 0, tooMany: '421 4.7.0 Too many connections' });
    const { open } = await anIssueFor(server.server.port);
    const deps = open();
    const newsletter = [...deps.newsletters.values()][0] as never;
    await deps.issues.freezeNext({ newsletter, confirm: async () => true });
    const runs = [deps.sending.resume(newsletter, 1), deps.sending.resume(newsletter, 1)];
    for (const report of await Promise.all(runs))
      expect(report).toMatchObject({ stopped: { scope: 'limit' }, counts: { all: READERS, rejected: 0, deferred: 0 } });
    expect(server.refused).toBeLessThan(40);
    expect(deps.clock.slept.length).toBeGreaterThan(0);
  });
});

describe('a server that takes few mails on a connection', () => {
  it.each(['421 4.7.0 Too many messages', '421 4.7.0 Try again later', '421 4.3.2 Closing', ''])(
    'and ends it with “%s” gets all mails on new ones without a rest, and the number is learned',
    async (enough) => {
      const server = await aServerWith({ messages: 5, enough });
      const { open } = await anIssueFor(server.server.port);
      const deps = open();
      expect(await send(deps)).toMatchObject({ issue: { state: 'done' }, counts: { accepted: READERS } });
      expect(server.taken).toHaveLength(READERS);
      expect(deps.clock.slept).toEqual([]);
      expect(new Set(await triesOf(deps))).toEqual(new Set([1]));
      expect(await deps.rateLimit().learned()).toBeUndefined();
      expect((await deps.operate.status()).serverLimits).toMatchObject([{ messagesPerConnection: 5 }]);
    },
  );
});
