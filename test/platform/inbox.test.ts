import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { randomId } from '../../src/platform/ids.js';
import { type Inbox, openInbox, type ReceivedMail } from '../../src/platform/inbox.js';

let inbox: Inbox | undefined;
afterEach(() => inbox?.close());

/** Says each line once the server has answered the one before. */
async function talk(url: string, lines: readonly string[]): Promise<readonly string[]> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  const replies: string[] = [];
  for (const line of lines) {
    replies.push((await once(socket, 'data'))[0] as string);
    socket.write(`${line}\r\n`);
  }
  await once(socket, 'close');
  return replies;
}

const mail = (to: string, body: string): readonly string[] => [
  'MAIL FROM:<digest@example.org>',
  `RCPT TO:<${to}>`,
  'DATA',
  `From: digest@example.org\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\n${body}\r\n.`,
];

it('keeps each mail with its envelope, in order, dots unstuffed', async () => {
  inbox = await openInbox();
  await talk(inbox.url, [
    'EHLO client.example.org',
    ...mail('a@example.org', '..one'),
    ...mail('b@example.org', 'two'),
    'QUIT',
  ]);
  expect(inbox.mails.map(({ envelope }) => envelope)).toEqual([
    { from: 'digest@example.org', to: ['a@example.org'] },
    { from: 'digest@example.org', to: ['b@example.org'] },
  ]);
  expect(new TextDecoder().decode(inbox.mails[0]?.raw)).toContain('\r\n\r\n.one\r\n');
  expect((await inbox.mails[0]?.parsed())?.subject).toBe('Grüße');
});

it('hands mails on instead of keeping them when asked to', async () => {
  const seen: ReceivedMail[] = [];
  inbox = await openInbox({ onMail: (received) => void seen.push(received) });
  await talk(inbox.url, ['EHLO client.example.org', ...mail('a@example.org', 'x'), 'QUIT']);
  expect(seen).toHaveLength(1);
  expect(inbox.mails).toHaveLength(0);
});

it('closes while a client is still connected', async () => {
  const open = await openInbox();
  const { hostname, port } = new URL(open.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'data');
  const ended = once(socket, 'close');
  await open.close();
  await ended;
});

it('says so when the port is taken', async () => {
  inbox = await openInbox();
  await expect(openInbox({ port: Number(new URL(inbox.url).port) })).rejects.toThrow(/EADDRINUSE/);
});

it('makes ids of 128 bits that differ', () => {
  expect(randomId()).toMatch(/^[0-9a-f]{32}$/);
  expect(randomId()).not.toBe(randomId());
});
