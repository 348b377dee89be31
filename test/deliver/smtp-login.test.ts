import { describe, expect, it } from 'vitest';
import { heloName } from '../../src/deliver/transports/helo-name.js';
import { openTransport } from '../../src/deliver/transports/index.js';
import { openLoginGate } from '../../src/deliver/transports/login-gate.js';
import { loginPlan } from '../../src/deliver/transports/smtp-login.js';
import { noFiles } from '../support/deliver-files.js';
import { aMessage } from '../support/deliver-messages.js';
import { aServer, reply } from '../support/deliver-server.js';

describe('how to log in', () => {
  const here = { loopback: true, tls: 'never' } as const;
  const there = { loopback: false, tls: 'required' } as const;

  it.each([
    [['AUTH LOGIN PLAIN'], { kind: 'log-in', method: 'PLAIN' }],
    [['AUTH XOAUTH2 LOGIN'], { kind: 'log-in', method: 'LOGIN' }],
    [['AUTH=CRAM-MD5'], { kind: 'log-in', method: 'CRAM-MD5' }],
    [[], { kind: 'log-in', method: 'PLAIN' }],
  ])('%j', (ehlo, plan) => expect(loginPlan(there, true, ehlo)).toEqual(plan));

  it('a password is never sent to a server that takes none', () => {
    const plan = loginPlan(there, true, ['SIZE 1000', 'AUTH XOAUTH2 GSSAPI']);
    expect(plan).toMatchObject({ kind: 'impossible', text: expect.stringContaining('it offers XOAUTH2, GSSAPI') });
  });

  it('or without TLS', () => {
    expect(loginPlan(there, false, ['AUTH PLAIN'])).toMatchObject({ kind: 'impossible' });
    expect(loginPlan(here, false, ['STARTTLS'])).toMatchObject({ advice: expect.stringContaining('tls=required') });
    expect(loginPlan(here, false, ['SIZE 1000'])).toMatchObject({ advice: expect.stringContaining('587') });
  });
});

describe('a wrong password', () => {
  it('is tried once by all connections together, and not again for a while', async () => {
    let tries = 0;
    const server = await aServer({
      ...{ disabledCommands: ['STARTTLS'], authOptional: false, allowInsecureAuth: true },
      onAuth(_, __, done) {
        tries += 1;
        done(reply(535, '5.7.8 Bad credentials'));
      },
    });
    const transport = openTransport(`smtp://me:no@127.0.0.1:${server.port}`, { files: noFiles, root: '/' });
    const connections = Array.from({ length: 5 }, () => transport.open());
    const outcomes = await Promise.all(connections.map((connection) => connection.send(aMessage())));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(5).fill('rejected'));
    expect(await transport.open().send(aMessage())).toMatchObject({ scope: 'configuration' });
    expect(tries).toBe(1);
    await transport.close();
  });

  it('is tried again after ten minutes', async () => {
    let now = 0;
    let tries = 0;
    const gate = openLoginGate(() => now);
    const refuse = async () => {
      tries += 1;
      const outcome = {
        kind: 'rejected',
        scope: 'configuration',
        bounce: 'none',
        phase: 'auth',
        reply: { text: 'no' },
      };
      return { kind: 'failed', outcome } as never;
    };
    await Promise.all([gate(refuse), gate(refuse)]);
    expect(tries).toBe(1);
    now = 11 * 60_000;
    await gate(refuse);
    expect(tries).toBe(2);
  });
});

it.each([
  ['https://news.example.org/list', ['a@other.example'], 'news.example.org'],
  [undefined, ['a@blog.example.org'], 'blog.example.org'],
  ['http://localhost:8080', ['a@blog.example.org'], 'blog.example.org'],
  ['http://192.0.2.1', ['a@blog.example.org'], 'blog.example.org'],
  ['http://[::1]:8080', [], undefined],
])('To mail servers a sender at %s with %j introduces itself as %s', (publicUrl, senders, name) => {
  expect(heloName(publicUrl, senders)).toBe(name);
});
