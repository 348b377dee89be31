import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chooseFault, type MessageFault } from '../../../tools/crash-test/choose-fault.js';
import { openFaultyInbox } from '../../../tools/crash-test/faulty-inbox.js';

const SEED = 11;

/** The first reader at whose first visit this fault strikes. */
function readerWith(fault: MessageFault | undefined): string {
  for (let number = 1; ; number += 1) {
    const address = `reader-${number}@example.org`;
    if (chooseFault(SEED, address, 1) === fault) return address;
  }
}

async function anInbox() {
  const inbox = await openFaultyInbox(SEED);
  onTestFinished(() => inbox.close());
  return inbox;
}

/** Hands one message over, each line after the reply to the one before; gives the last reply, empty when it was cut off. */
function handOver(url: string, to: string, headers = 'Message-ID: <one@example.org>'): Promise<string> {
  const lines = [
    'EHLO client.example.org',
    'MAIL FROM:<digest@example.org>',
    `RCPT TO:<${to}>`,
    'DATA',
    `${headers}\r\n\r\nHello\r\n.`,
  ];
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname).setEncoding('utf8');
    let answered = '';
    socket.on('data', (reply: string) => {
      answered = reply;
      const line = lines.shift();
      const isRefused = /^[45]/.test(reply);
      if (line === undefined || isRefused) socket.end();
      else {
        answered = '';
        socket.write(`${line}\r\n`);
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answered.trim()));
  });
}

/** Sends each envelope right behind the message before it (RFC 2920), until the server leaves; gives the answers to messages. */
function sendAhead(url: string, recipients: readonly string[]): Promise<number> {
  const envelopes = recipients.map((to) => `MAIL FROM:<digest@example.org>\r\nRCPT TO:<${to}>\r\nDATA\r\n`);
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname).setEncoding('utf8');
    let answered = 0;
    socket.on('data', (replies: string) => {
      for (const reply of replies.split('\r\n')) {
        if (reply.includes('message queued')) answered += 1;
        if (reply.startsWith('220')) socket.write('EHLO client.example.org\r\n');
        // The last line of what the server offers.
        if (/^250 [A-Z0-9]+$/.test(reply) || reply.startsWith('452')) socket.write(envelopes.shift() ?? '');
        if (reply.startsWith('354')) {
          socket.write(`Message-ID: <one@example.org>\r\n\r\nHello\r\n.\r\n${envelopes.shift() ?? 'QUIT\r\n'}`);
        }
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answered));
  });
}

it('keeps recipient and Message-ID, also of a header that is folded', async () => {
  const inbox = await anInbox();
  const to = readerWith(undefined);
  expect(await handOver(inbox.url, to, 'Subject: Hi\r\nMessage-ID:\r\n <folded@example.org>')).toMatch(/^250 /);
  expect(inbox.taken).toEqual([{ recipient: to, messageId: '<folded@example.org>' }]);
  expect(inbox.withheld.size).toBe(0);
});

it('keeps an empty Message-ID where there is none, whatever the body says', async () => {
  const inbox = await anInbox();
  await handOver(inbox.url, readerWith(undefined), 'Subject: Hi\r\n\r\nMessage-ID: <body@example.org>');
  expect(inbox.taken.map(({ messageId }) => messageId)).toEqual(['']);
});

describe('a fault', () => {
  it.each([
    ['no-such-mailbox', /^550 5\.1\.1 /],
    ['later-at-rcpt', /^450 4\.2\.1 /],
    ['later-after-dot', /^451 4\.7\.1 /],
    ['dropped-at-rcpt', /^$/],
    ['dropped-in-data', /^$/],
  ] as const)('%s takes nothing', async (fault, reply) => {
    const inbox = await anInbox();
    expect(await handOver(inbox.url, readerWith(fault))).toMatch(reply);
    expect(inbox.taken).toEqual([]);
    expect(inbox.withheld.size).toBe(0);
    expect(inbox.faults.get(fault)).toBe(1);
  });

  it('reply-withheld takes the message, answers nothing, and says so', async () => {
    const inbox = await anInbox();
    const to = readerWith('reply-withheld');
    expect(await handOver(inbox.url, to)).toBe('');
    expect(inbox.taken.map(({ recipient }) => recipient)).toEqual([to]);
    expect([...inbox.withheld]).toEqual([to]);
  });
});

it('has answered every message it took on a connection that it left, however much the client sends ahead', async () => {
  const inbox = await anInbox();
  const readers = Array.from({ length: 200 }, (_, number) => `reader-${number}@example.org`);
  const polite = readers.filter((address) => chooseFault(SEED, address, 1) === undefined);
  const answered = await sendAhead(inbox.url, polite);
  expect(inbox.faults.get('closed')).toBe(1);
  expect(answered).toBeGreaterThan(0);
  expect(inbox.taken).toHaveLength(answered);
});

it('tells when so many messages have been taken', async () => {
  const inbox = await anInbox();
  const to = readerWith(undefined);
  const two = inbox.untilTaken(2);
  await handOver(inbox.url, to);
  await handOver(inbox.url, to);
  await two;
  await inbox.untilTaken(1);
  expect(inbox.taken).toHaveLength(2);
});

it('chooses the same faults by the same seed, and others by another', () => {
  const faultsBy = (seed: number) =>
    Array.from({ length: 2_000 }, (_, number) => chooseFault(seed, `reader-${number}@example.org`, 1));
  expect(faultsBy(1)).toEqual(faultsBy(1));
  expect(faultsBy(1)).not.toEqual(faultsBy(2));
  expect(new Set(faultsBy(1))).toHaveLength(8);
});

it('knows no mailbox at any visit that it did not know at the first', () => {
  const address = readerWith('no-such-mailbox');
  const visits = [1, 2, 3, 4, 5].map((visit) => chooseFault(SEED, address, visit));
  expect(new Set(visits)).toEqual(new Set(['no-such-mailbox']));
});
