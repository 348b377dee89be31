import { describe, expect, it } from 'vitest';
import { openTransport } from '../../src/deliver/transports/index.js';
import type { MailConnection, Transport } from '../../src/domain/ports/mail.js';
import { noFiles } from '../support/deliver-files.js';
import { aMessage } from '../support/deliver-messages.js';
import { aCertificate, aScriptedServer, aServer, type LineHandler, reply } from '../support/deliver-server.js';

type Options = Parameters<typeof openTransport>[1];

function smtp(port: number, query = '', options: Partial<Options> = {}, host = '127.0.0.1', user = ''): Transport {
  return openTransport(`smtp://${user}${host}:${port}${query}`, { files: noFiles, root: '/', ...options });
}

async function withConnection<T>(transport: Transport, use: (connection: MailConnection) => Promise<T>): Promise<T> {
  try {
    return await use(transport.open());
  } finally {
    await transport.close();
  }
}

/** Says yes to everything, with the extensions named; a test overrides single verbs. */
function politely(
  overrides: { readonly [verb: string]: LineHandler },
  extensions: readonly string[] = [],
): LineHandler {
  let inData = false;
  return (line, socket, session) => {
    if (inData) {
      if (line !== '.') {
        overrides.body?.(line, socket, session);
        return;
      }
      inData = false;
      (overrides['.'] ?? (() => socket.write('250 2.0.0 Taken\r\n')))(line, socket, session);
      return;
    }
    const verb = line.split(' ')[0]?.toUpperCase() ?? '';
    const override = overrides[verb];
    if (override) override(line, socket, session);
    else if (verb === 'EHLO') {
      const lines = ['test', ...extensions];
      socket.write(lines.map((text, at) => `250${at === lines.length - 1 ? ' ' : '-'}${text}\r\n`).join(''));
    } else if (verb === 'DATA') {
      inData = true;
      socket.write('354 Go on\r\n');
    } else if (verb === 'QUIT') socket.end('221 Bye\r\n');
    else socket.write('250 2.1.0 OK\r\n');
  };
}

/**
 * Breaks in the middle of a long message, when the client had time to see how much of it still waits: a connection that
 * breaks at once leaves a doubt, which is the safe side.
 */
function breakLate(how: (socket: Parameters<LineHandler>[1]) => void): LineHandler {
  let lines = 0;
  return (_line, socket) => {
    lines += 1;
    if (lines !== 20_000) return;
    socket.pause();
    afterTurns(100, () => how(socket));
  };
}

function afterTurns(turns: number, then: () => void): void {
  if (turns === 0) then();
  else setImmediate(afterTurns, turns - 1, then);
}

describe('a message goes to the server', () => {
  it('whole, with its envelope, and brings back the reply', async () => {
    const server = await aServer();
    const outcome = await withConnection(smtp(server.port), (connection) =>
      connection.send(aMessage({ body: 'Hello\r\n..\r\n.\r\n' })),
    );
    expect(outcome).toEqual({ kind: 'accepted', reply: { code: 250, enhanced: '2.0.0', text: 'Taken' } });
    expect(server.taken.map(({ from, to }) => ({ from, to }))).toEqual([
      { from: 'digest@fourth-floor.example.org', to: 'reader@example.com' },
    ]);
    expect(server.taken[0]?.raw.toString()).toMatch(/\r\n\r\nHello\r\n\.\.\r\n\.\r\n$/);
  });

  it('one after another on one connection', async () => {
    const server = await aServer();
    await withConnection(smtp(server.port), async (connection) => {
      for (let at = 0; at < 5; at++) expect((await connection.send(aMessage())).kind).toBe('accepted');
    });
    expect(server.taken).toHaveLength(5);
    expect(server.connections).toBe(1);
  });

  it('on a new connection after as many messages as the URL says', async () => {
    const server = await aServer();
    await withConnection(smtp(server.port, '?maxMessages=2'), async (connection) => {
      for (let at = 0; at < 5; at++) await connection.send(aMessage());
    });
    expect(server.taken).toHaveLength(5);
    expect(server.connections).toBe(3);
  });

  it('through a server that offers PIPELINING as through one that does not', async () => {
    for (const hidePIPELINING of [true, false]) {
      const server = await aServer({ hidePIPELINING });
      const outcomes = await withConnection(smtp(server.port), async (connection) => [
        await connection.send(aMessage()),
        await connection.send(aMessage()),
      ]);
      expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
    }
  });
});

describe('a refusal is read where it falls', () => {
  const cases = [
    [
      'greeting',
      { onConnect: (_s: unknown, done: (e?: Error) => void) => done(reply(554, '5.7.1 Not you')) },
      'sender',
    ],
    [
      'MAIL',
      {
        onMailFrom: (_a: unknown, _s: unknown, done: (e?: Error) => void) => done(reply(550, '5.7.26 Unauthenticated')),
      },
      'sender',
    ],
    [
      'RCPT',
      { onRcptTo: (_a: unknown, _s: unknown, done: (e?: Error) => void) => done(reply(550, '5.1.1 No such user')) },
      'recipient',
    ],
  ] as const;

  it.each(cases)('at %s', async (_phase, handlers, scope) => {
    const server = await aServer(handlers);
    const outcome = await withConnection(smtp(server.port), (connection) => connection.send(aMessage()));
    expect(outcome).toMatchObject({ kind: 'rejected', scope });
  });

  it('at the final dot', async () => {
    const server = await aServer({
      onData(stream, _session, done) {
        stream.resume();
        stream.on('end', () => done(reply(552, '5.2.2 Mailbox full')));
      },
    });
    const outcome = await withConnection(smtp(server.port), (connection) => connection.send(aMessage()));
    expect(outcome).toEqual({
      kind: 'rejected',
      scope: 'recipient',
      bounce: 'soft',
      meaning: 'mailbox-full',
      phase: 'dot',
      reply: { code: 552, enhanced: '5.2.2', text: 'Mailbox full' },
    });
  });

  it('as later, when the server says later', async () => {
    const server = await aServer({ onRcptTo: (_a, _s, done) => done(reply(451, '4.7.1 Greylisted')) });
    const outcome = await withConnection(smtp(server.port), (connection) => connection.send(aMessage()));
    expect(outcome).toMatchObject({ kind: 'deferred', scope: 'recipient' });
  });

  it('and the next message still goes out on the same connection', async () => {
    for (const hidePIPELINING of [true, false]) {
      const server = await aServer({
        hidePIPELINING,
        onRcptTo: ({ address }, _s, done) => done(address.startsWith('no') ? reply(550, '5.1.1 No such user') : null),
      });
      const kinds = await withConnection(smtp(server.port), async (connection) => [
        (await connection.send(aMessage({ to: 'no@example.com' }))).kind,
        (await connection.send(aMessage({ to: 'yes@example.com' }))).kind,
      ]);
      expect(kinds).toEqual(['rejected', 'accepted']);
      expect(server.connections).toBe(1);
    }
  });
});

describe('a connection that breaks', () => {
  it('that nobody answers is the connection’s matter', async () => {
    const server = await aScriptedServer((_line, socket) => socket.destroy());
    const outcome = await withConnection(smtp(server.port), (connection) => connection.send(aMessage()));
    expect(outcome).toMatchObject({ kind: 'deferred', scope: 'connection' });
  });

  it('at a port where nobody listens is the connection’s matter, and says so', async () => {
    const outcome = await withConnection(smtp(1), (connection) => connection.send(aMessage()));
    expect(outcome).toMatchObject({ kind: 'deferred', scope: 'connection' });
    expect(outcome.reply.text).toContain('ECONNREFUSED');
  });

  it.each(['MAIL', 'RCPT', 'DATA'])('at %s is tried later: the server cannot have the message', async (verb) => {
    const server = await aScriptedServer(politely({ [verb]: (_line, socket) => socket.destroy() }));
    const outcome = await withConnection(smtp(server.port), (connection) => connection.send(aMessage()));
    expect(outcome).toMatchObject({ kind: 'deferred', scope: 'connection' });
  });

  it('before the final dot could leave is tried later', async () => {
    // More than the buffers between us hold, to a server that hears little of it.
    const content = [
      Buffer.from('Subject: Long\r\n\r\n'),
      Buffer.alloc(40_000_000, `${'x'.repeat(70)}\r\n`),
      Buffer.from('\r\n'),
    ];
    const server = await aScriptedServer(politely({ body: breakLate((socket) => socket.resetAndDestroy()) }));
    const outcome = await withConnection(smtp(server.port), (connection) => connection.send(aMessage({ content })));
    expect(outcome).toMatchObject({ kind: 'deferred', scope: 'connection' });
  });

  it('after the final dot leaves a doubt', async () => {
    const server = await aScriptedServer(politely({ '.': (_line, socket) => socket.destroy() }));
    const outcome = await withConnection(smtp(server.port), (connection) => connection.send(aMessage()));
    expect(outcome.kind).toBe('unknown');
  });

  it('with a half reply after the final dot leaves a doubt', async () => {
    const server = await aScriptedServer(politely({ '.': (_line, socket) => socket.end('25') }));
    const outcome = await withConnection(smtp(server.port), (connection) => connection.send(aMessage()));
    expect(outcome.kind).toBe('unknown');
  });

  it('in silence after the final dot leaves a doubt when the time is over', async () => {
    const server = await aScriptedServer(politely({ '.': () => {} }));
    const outcome = await withConnection(smtp(server.port, '', { timeouts: { silenceMs: 100 } }), (connection) =>
      connection.send(aMessage()),
    );
    expect(outcome.kind).toBe('unknown');
  });

  it('with 421 after the final dot is an answer: later', async () => {
    const server = await aScriptedServer(
      politely({ '.': (_line, socket) => socket.end('421 4.3.2 Shutting down\r\n') }),
    );
    const outcome = await withConnection(smtp(server.port), (connection) => connection.send(aMessage()));
    expect(outcome).toMatchObject({ kind: 'deferred', scope: 'connection', reply: { code: 421 } });
  });

  it.each([
    ['without a word', ''],
    ['with 421', '421 4.4.2 Enough for one connection\r\n'],
  ])('%s between two messages is opened anew at once', async (_how, words) => {
    const server = await aScriptedServer(
      politely({
        MAIL: (_line, socket, session) => {
          const before = session.lines.filter((line) => line.startsWith('MAIL')).length;
          if (before > 2) socket.end(words);
          else socket.write('250 OK\r\n');
        },
      }),
    );
    const kinds = await withConnection(smtp(server.port), async (connection) => {
      const all: string[] = [];
      for (let at = 0; at < 5; at++) all.push((await connection.send(aMessage())).kind);
      return all;
    });
    expect(kinds).toEqual(['accepted', 'accepted', 'accepted', 'accepted', 'accepted']);
    expect(server.sessions).toHaveLength(3);
  });

  it('by the server after each message is opened anew', async () => {
    const server = await aScriptedServer(politely({ '.': (_line, socket) => socket.end('250 OK\r\n') }));
    const kinds = await withConnection(smtp(server.port), async (connection) => [
      (await connection.send(aMessage())).kind,
      (await connection.send(aMessage())).kind,
    ]);
    expect(kinds).toEqual(['accepted', 'accepted']);
  });
});

describe('closing', () => {
  it('waits for the answer to the message on the wire', async () => {
    let answer = () => {};
    const server = await aScriptedServer(
      politely({ '.': (_line, socket) => (answer = () => void socket.write('250 OK\r\n')) }),
    );
    const transport = smtp(server.port);
    const connection = transport.open();
    const sending = connection.send(aMessage());
    const closing = transport.close();
    while (!server.sessions[0]?.lines.includes('.')) await new Promise((resolve) => setImmediate(resolve));
    answer();
    expect((await sending).kind).toBe('accepted');
    await closing;
    expect(server.sessions[0]?.lines.slice(-2)).toEqual(['.', 'QUIT']);
  });

  it('leaves nothing behind after many refusals', async () => {
    const warnings: Error[] = [];
    const keep = (warning: Error) => warnings.push(warning);
    process.on('warning', keep);
    const server = await aServer({ onRcptTo: (_a, _s, done) => done(reply(550, '5.1.1 No such user')) });
    await withConnection(smtp(server.port), async (connection) => {
      for (let at = 0; at < 30; at++)
        expect((await connection.send(aMessage(), new AbortController().signal)).kind).toBe('rejected');
    });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', keep);
    expect(warnings).toEqual([]);
    expect(server.connections).toBe(1);
  });
});

describe('a stop', () => {
  it('before the wire sends nothing', async () => {
    const server = await aServer();
    const outcome = await withConnection(smtp(server.port), (connection) =>
      connection.send(aMessage(), AbortSignal.abort()),
    );
    expect(outcome).toMatchObject({ kind: 'deferred', scope: 'connection' });
    expect(server.connections).toBe(0);
  });

  it('while the answer to the final dot is awaited leaves a doubt', async () => {
    const stop = new AbortController();
    const server = await aScriptedServer(politely({ '.': () => stop.abort() }));
    const outcome = await withConnection(smtp(server.port), (connection) => connection.send(aMessage(), stop.signal));
    expect(outcome.kind).toBe('unknown');
  });

  it('while connecting sends nothing', async () => {
    const stop = new AbortController();
    const server = await aScriptedServer(() => stop.abort());
    const outcome = await withConnection(smtp(server.port), (connection) => connection.send(aMessage(), stop.signal));
    expect(outcome).toMatchObject({ kind: 'deferred', scope: 'connection' });
  });
});

describe('what the server offers', () => {
  it('SIZE: a larger message does not leave, and it is the message’s fault', async () => {
    const server = await aServer({ size: 1_000 });
    const outcome = await withConnection(smtp(server.port), (connection) =>
      connection.send(aMessage({ body: `${'x'.repeat(70)}\r\n`.repeat(20) })),
    );
    expect(outcome).toMatchObject({ kind: 'rejected', scope: 'message', bounce: 'none' });
    expect(server.taken).toEqual([]);
  });

  it('SMTPUTF8 missing: a reader with letters beyond ASCII is refused before MAIL, unmarked, with the reason', async () => {
    const server = await aScriptedServer(politely({}));
    const outcome = await withConnection(smtp(server.port), (connection) =>
      connection.send(aMessage({ to: 'jürgen@example.com' })),
    );
    expect(outcome).toMatchObject({ kind: 'rejected', scope: 'recipient', bounce: 'none' });
    expect(outcome.reply.text).toContain('SMTPUTF8');
    expect(server.sessions[0]?.lines.filter((line) => /^(MAIL|RCPT)/.test(line))).toEqual([]);
  });

  it('SMTPUTF8 offered: the same reader is written to with it', async () => {
    const server = await aScriptedServer(politely({}, ['SMTPUTF8', '8BITMIME']));
    const outcome = await withConnection(smtp(server.port), (connection) =>
      connection.send(aMessage({ to: 'jürgen@example.com' })),
    );
    expect(outcome.kind).toBe('accepted');
    expect(server.sessions[0]?.lines.find((line) => line.startsWith('MAIL'))).toContain(' SMTPUTF8');
  });

  it('DSN: a failure is asked for with the headers and the message’s own id', async () => {
    const server = await aScriptedServer(politely({}, ['DSN']));
    await withConnection(smtp(server.port), (connection) => connection.send(aMessage()));
    const lines = server.sessions[0]?.lines ?? [];
    expect(lines.find((line) => line.startsWith('MAIL'))).toContain('RET=HDRS ENVID=1234@fourth-floor.example.org');
    expect(lines.find((line) => line.startsWith('RCPT'))).toContain('NOTIFY=FAILURE,DELAY');
  });

  it('refuses a row that is no address without troubling the server', async () => {
    const server = await aServer();
    const outcome = await withConnection(smtp(server.port), (connection) =>
      connection.send(aMessage({ to: 'reader@example.com>' })),
    );
    expect(outcome).toMatchObject({ kind: 'rejected', scope: 'recipient' });
    expect(server.connections).toBe(0);
  });
});

describe('TLS and login', () => {
  const certificate = aCertificate();
  const tls = { ...certificate, disabledCommands: [] };

  it('STARTTLS is used and the certificate verified', async () => {
    const server = await aServer({ ...tls, disabledCommands: ['AUTH'] });
    const trusted = await withConnection(
      smtp(server.port, '?tls=required', { ca: certificate.cert }, 'localhost'),
      (connection) => connection.send(aMessage()),
    );
    expect(trusted.kind).toBe('accepted');
    const untrusted = await withConnection(smtp(server.port, '?tls=required', {}, 'localhost'), (connection) =>
      connection.send(aMessage()),
    );
    expect(untrusted).toMatchObject({ kind: 'rejected', scope: 'configuration', bounce: 'none' });
  });

  it('a server without STARTTLS gets nothing where TLS is required', async () => {
    const server = await aServer();
    const outcome = await withConnection(smtp(server.port, '?tls=required'), (connection) =>
      connection.send(aMessage()),
    );
    expect(outcome).toMatchObject({ scope: 'configuration' });
    expect(server.taken).toEqual([]);
  });

  it('smtps speaks TLS from the first byte', async () => {
    const server = await aServer({ ...certificate, secure: true });
    const transport = openTransport(`smtps://localhost:${server.port}`, {
      files: noFiles,
      root: '/',
      ca: certificate.cert,
    });
    expect((await withConnection(transport, (connection) => connection.send(aMessage()))).kind).toBe('accepted');
  });

  it('smtps to a server that cannot be trusted sends nothing', async () => {
    const server = await aServer({ ...certificate, secure: true });
    const transport = openTransport(`smtps://localhost:${server.port}`, { files: noFiles, root: '/' });
    const outcome = await withConnection(transport, (connection) => connection.send(aMessage()));
    expect(outcome).toMatchObject({ kind: 'rejected', scope: 'configuration' });
    expect(outcome.reply.text).toContain('certificate of the mail server is refused');
    expect(server.taken).toEqual([]);
  });

  it('tells a break after the final dot from one before it through TLS as well', async () => {
    const kindOf = async (handle: LineHandler, body: string) => {
      const server = await aScriptedServer(handle, certificate);
      const options = { files: noFiles, root: '/', ca: certificate.cert };
      return withConnection(openTransport(`smtps://localhost:${server.port}`, options), (connection) =>
        connection.send(aMessage({ body })),
      );
    };
    const after = await kindOf(politely({ '.': (_line, socket) => socket.destroy() }), 'Hello\r\n');
    expect(after.kind).toBe('unknown');
    const long = `${'x'.repeat(70)}\r\n`.repeat(500_000);
    const before = await kindOf(politely({ body: breakLate((socket) => socket.destroy()) }), long);
    expect(before).toMatchObject({ kind: 'deferred', scope: 'connection' });
  });

  it('logs in with the user and password of the URL', async () => {
    const seen: unknown[] = [];
    const server = await aServer({
      disabledCommands: ['STARTTLS'],
      authOptional: false,
      allowInsecureAuth: true,
      onAuth({ username, password }, _session, done) {
        seen.push([username, password]);
        if (password === 'p@ss') done(null, { user: username });
        else done(reply(535, '5.7.8 Bad credentials'));
      },
    });
    const right = await withConnection(smtp(server.port, '', {}, '127.0.0.1', 'me:p%40ss@'), (connection) =>
      connection.send(aMessage()),
    );
    expect(right.kind).toBe('accepted');
    const wrong = await withConnection(smtp(server.port, '', {}, '127.0.0.1', 'me:no@'), (connection) =>
      connection.send(aMessage()),
    );
    expect(wrong).toMatchObject({ kind: 'rejected', scope: 'configuration', bounce: 'none' });
    expect(seen).toEqual([
      ['me', 'p@ss'],
      ['me', 'no'],
    ]);
  });
});

describe('the URL of a server', () => {
  it('says what people may see, and whether it is this host', () => {
    const transport = smtp(2525, '?pool=3', {}, '127.0.0.1', 'me:secret@');
    expect(transport.description).toBe('smtp://127.0.0.1:2525');
    expect(transport.connections).toBe(3);
    expect(transport.local).toBe(true);
    expect(smtp(587, '', {}, 'mail.example.org').local).toBe(false);
  });

  it.each([
    ['smtp://me:secret@:587', 'not a URL'],
    ['smtp://me:secret@mail.example.org:port', 'not a URL'],
    ['smtp://me:secret@mail.example.org?poll=3', '“poll”'],
    ['smtp://me:secret@mail.example.org?pool=0', '“pool”'],
    ['smtp://me:secret@mail.example.org?tls=maybe', '“tls”'],
    ['smtp://me:secret@mail.example.org?tls=never', 'unencrypted'],
    ['smtp://:secret@mail.example.org', 'both a user and a password'],
    ['smtp://me:secret%@mail.example.org', '%25'],
    ['http://me:secret@mail.example.org', 'begins with none of'],
  ])('%s is refused with the reason and without the password', (url, reason) => {
    try {
      openTransport(url, { files: noFiles, root: '/' });
    } catch (error) {
      const told = JSON.stringify(error, ['message', 'hint', 'problems', 'where', 'code']) + String(error);
      expect(error).toMatchObject({ code: 'env.invalid' });
      expect(told).toContain(reason);
      expect(told).not.toContain('secret');
      return;
    }
    expect.unreachable();
  });
});
