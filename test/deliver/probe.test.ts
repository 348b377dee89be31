import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTransport } from '../../src/deliver/transports/index.js';
import { localFiles } from '../../src/platform/files.js';
import { openInbox } from '../../src/platform/inbox.js';
import { aCertificate, aScriptedServer, aServer } from '../support/deliver-server.js';

const OPTIONS = { files: localFiles(), root: '/nowhere' };

it('A server is asked what it offers without a message', async () => {
  const inbox = await openInbox();
  onTestFinished(() => inbox.close());
  const probe = await openTransport(inbox.url, OPTIONS).probe?.();
  expect(probe).toMatchObject({ kind: 'ready', offers: expect.arrayContaining(['SMTPUTF8', 'PIPELINING']) });
  expect(inbox.mails).toEqual([]);
});

it('A server that is not there is told as such', async () => {
  const inbox = await openInbox();
  await inbox.close();
  expect(await openTransport(inbox.url, OPTIONS).probe?.()).toMatchObject({ kind: 'failed' });
});

describe('with the address of a sender', () => {
  const probe = (port: number) =>
    openTransport(`smtp://127.0.0.1:${port}`, OPTIONS).probe?.({
      address: 'news@example.org',
      size: 50_000,
      upTo: 'recipient',
    });

  it('a mail from and to it is offered and taken back, and none is sent', async () => {
    const lines: string[] = [];
    const server = await aScriptedServer((line, socket) => {
      lines.push(line);
      socket.write(line.startsWith('EHLO') ? '250-test\r\n250 SIZE 100000\r\n' : '250 2.0.0 Ok\r\n');
    });
    expect(await probe(server.port)).toMatchObject({
      kind: 'ready',
      did: ['connected', expect.stringContaining('news@')],
    });
    expect(lines.slice(1, 4)).toEqual([
      'MAIL FROM:<news@example.org> SIZE=50000',
      'RCPT TO:<news@example.org>',
      'RSET',
    ]);
  });

  it.each([
    ['MAIL', '530 5.7.0 Authentication required'],
    ['MAIL', '552 5.3.4 Message size exceeds the limit'],
    ['RCPT', '550 5.7.1 Relaying denied'],
  ])('a refusal of %s with %s is a failure with the words of the server', async (step, answer) => {
    const server = await aScriptedServer((line, socket) => {
      socket.write(line.startsWith(step) ? `${answer}\r\n` : '250 Ok\r\n');
    });
    expect(await probe(server.port)).toMatchObject({ kind: 'failed', text: expect.stringContaining(answer) });
  });
});

describe('a server that cannot be used says what to change in SMTP_URL', () => {
  const failure = async (url: string, timeouts = {}) => {
    const probe = await openTransport(url, { ...OPTIONS, timeouts }).probe?.();
    return probe?.kind === 'failed' ? `${probe.text} ${probe.advice ?? ''}` : 'ready';
  };

  it('smtp:// to a port that waits for TLS', async () => {
    const certificate = aCertificate();
    const server = createTlsServer(certificate, () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(await failure(`smtp://127.0.0.1:${port}`, { connectMs: 300 })).toContain('needs smtps:// in SMTP_URL');
  });

  it('smtps:// to a port that begins without TLS', async () => {
    const server = await aServer();
    expect(await failure(`smtps://127.0.0.1:${server.port}`)).toContain('Write smtp:// in SMTP_URL');
  });

  it('a certificate of a private authority, and the way to trust it', async () => {
    const certificate = aCertificate();
    const server = await aServer({ ...certificate, secure: true });
    expect(await failure(`smtps://localhost:${server.port}`)).toContain('add ca=path/to/file.pem to SMTP_URL');
    const files = { ...localFiles(), read: async () => new TextEncoder().encode(certificate.cert) };
    const trusted = openTransport(`smtps://localhost:${server.port}?ca=ca.pem`, { files, root: '/srv' });
    expect(await trusted.probe?.()).toMatchObject({ kind: 'ready', did: ['connected', 'TLS'] });
  });

  it('a file of certificates that is not there', async () => {
    const server = await aServer();
    expect(await failure(`smtp://127.0.0.1:${server.port}?ca=ca.pem`)).toContain('/nowhere/ca.pem');
  });

  it('a server of an older TLS', async () => {
    const options = { ...aCertificate(), minVersion: 'TLSv1' as const, maxVersion: 'TLSv1.1' as const };
    const server = createTlsServer({ ...options, ciphers: 'DEFAULT:@SECLEVEL=0' }, () => undefined);
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(await failure(`smtps://127.0.0.1:${port}`)).toContain('older than 1.2');
  });

  it('a refused STARTTLS', async () => {
    const server = await aScriptedServer((line, socket) => {
      if (line.startsWith('EHLO')) socket.write('250-test\r\n250 STARTTLS\r\n');
      else socket.write(line === 'STARTTLS' ? '502 Not here\r\n' : '250 Ok\r\n');
    });
    expect(await failure(`smtp://127.0.0.1:${server.port}?tls=required`)).toContain('refuses STARTTLS: 502 Not here');
  });
});
