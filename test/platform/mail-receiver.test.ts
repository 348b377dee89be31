import { createConnection } from 'node:net';
import { createTransport } from 'nodemailer';
import { afterEach, describe, expect, test } from 'vitest';
import type { ReturnedMail } from '../../src/domain/ports/feedback.js';
import { type MailReceiver, openMailReceiver, type ReceiverLimits } from '../../src/platform/mail-receiver.js';
import { memoryLog, silentLog } from '../support/logs.js';

const NOW = new Date('2026-06-15T07:00:00Z');
const OURS = 'bounces+k1-1-1-abc@example.org';
const OTHER = 'bounces+k1-1-2-def@example.org';
const MAIL = 'Subject: returned\r\n\r\nNot delivered.\r\n';

const opened: MailReceiver[] = [];
afterEach(async () => {
  for (const receiver of opened.splice(0)) await receiver.close();
});

interface Wishes {
  readonly protocol?: 'lmtp' | 'smtp';
  readonly limits?: Partial<ReceiverLimits>;
  readonly failFor?: (recipient: string) => boolean;
}

async function aReceiver({ protocol = 'lmtp', limits = {}, failFor = () => false }: Wishes = {}) {
  const taken: ReturnedMail[] = [];
  const receiver = await openMailReceiver({
    ...{ protocol, host: '127.0.0.1', port: 0, limits, clock: { now: () => NOW }, log: silentLog },
    mails: {
      accepts: (address) => [OURS, OTHER].includes(address.toLowerCase()),
      async take(mail) {
        if (mail.recipients.some(failFor)) throw new Error('The database is locked.');
        taken.push(mail);
        return 'tied';
      },
    },
  });
  opened.push(receiver);
  const client = createTransport({ host: '127.0.0.1', port: receiver.port, lmtp: protocol === 'lmtp', secure: false });
  const send = async (to: readonly string[], raw = MAIL) => {
    try {
      const sent = await client.sendMail({ envelope: { from: '', to: [...to] }, raw });
      if (!sent.response.startsWith('250 ')) return { failed: Number(sent.response.slice(0, 3)) };
      return { response: sent.response, rejected: sent.rejectedErrors?.map(({ responseCode }) => responseCode) ?? [] };
    } catch (error) {
      return { failed: (error as { readonly responseCode?: number }).responseCode };
    }
  };
  return { taken, send, port: receiver.port };
}

/** Writes lines one after another, each when the one before was answered, and gives the answers. */
function talk(port: number, lines: readonly string[]): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const answers: string[] = [];
    const left = [...lines];
    const socket = createConnection(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answers));
    socket.on('data', (data) => {
      const text = data.toString();
      answers.push(...text.split('\r\n').filter((line) => /^\d{3} /.test(line)));
      if (!/^\d{3} .*\r\n$/m.test(text)) return;
      const next = left.shift();
      if (next === undefined) socket.end();
      else socket.write(`${next}\r\n`);
    });
  });
}

describe.each(['lmtp', 'smtp'] as const)('by %s', (protocol) => {
  test('a mail to our address is taken, byte by byte, with whom it was for', async () => {
    const { taken, send } = await aReceiver({ protocol });
    expect(await send([OURS])).toMatchObject({ response: expect.stringMatching(/^250 /) });
    expect(taken.map(({ raw, recipients }) => [Buffer.from(raw).toString(), recipients])).toEqual([[MAIL, [OURS]]]);
  });

  test('a mail to any other address is refused for good, in any company', async () => {
    const { taken, send } = await aReceiver({ protocol });
    expect(await send(['postmaster@example.org'])).toEqual({ failed: 550 });
    expect(await send([OURS, 'ann@example.org'])).toMatchObject({ rejected: [550] });
    expect(taken.map(({ recipients }) => recipients)).toEqual([[OURS]]);
  });

  test('a mail that cannot be committed is asked for again', async () => {
    const { taken, send } = await aReceiver({ protocol, failFor: () => true });
    expect(await send([OURS])).toEqual({ failed: 451 });
    expect(taken).toEqual([]);
  });

  test('a mail that is too long is refused for good', async () => {
    const { taken, send } = await aReceiver({ protocol, limits: { mostBytes: 10_000 } });
    expect(await send([OURS], `Subject: long\r\n\r\n${'x'.repeat(70)}\r\n`.repeat(500))).toEqual({ failed: 552 });
    const unsaid = ['MAIL FROM:<>', `RCPT TO:<${OURS}>`, 'DATA', `${'x\r\n'.repeat(5_000)}.`, 'QUIT'];
    const answers = await talk(opened[0]?.port ?? 0, [protocol === 'lmtp' ? 'LHLO test' : 'EHLO test', ...unsaid]);
    expect(answers.some((line) => line.startsWith('552 '))).toBe(true);
    expect(taken).toEqual([]);
  });

  test('a client that sends too many mails in a minute is asked to wait', async () => {
    const { taken, send } = await aReceiver({ protocol, limits: { mailsPerMinute: 2 } });
    const ends = [await send([OURS]), await send([OURS]), await send([OURS])];
    expect(ends.map((end) => end.failed)).toEqual([undefined, undefined, 451]);
    expect(taken).toHaveLength(2);
  });

  test('a client that guesses addresses is sent away', async () => {
    const { port } = await aReceiver({ protocol });
    const guesses = Array.from({ length: 25 }, (_, index) => `RCPT TO:<guess${index}@example.org>`);
    const answers = await talk(port, [protocol === 'lmtp' ? 'LHLO test' : 'EHLO test', 'MAIL FROM:<>', ...guesses]);
    expect(answers.filter((line) => line.startsWith('550 '))).toHaveLength(20);
    expect(answers.at(-1)).toMatch(/^421 /);
  });
});

test('by LMTP each recipient has an answer of its own', async () => {
  const { taken, port } = await aReceiver({ failFor: (recipient) => recipient === OTHER });
  const lines = ['LHLO test', 'MAIL FROM:<>', `RCPT TO:<${OURS}>`, `RCPT TO:<${OTHER}>`, 'DATA', `${MAIL}.`, 'QUIT'];
  const answers = await talk(port, lines);
  expect(answers.slice(-3)).toEqual([
    expect.stringMatching(/^250 /),
    expect.stringMatching(/^451 /),
    expect.stringMatching(/^221 /),
  ]);
  expect(taken.map(({ recipients }) => recipients)).toEqual([[OURS]]);
});

test('a port that is taken is said, with the variable that names it', async () => {
  const { port } = await aReceiver();
  const again = openMailReceiver({
    ...{ protocol: 'smtp', host: '127.0.0.1', port, clock: { now: () => NOW }, log: memoryLog() },
    mails: { accepts: () => true, take: async () => 'tied' },
  });
  await expect(again).rejects.toMatchObject({
    code: 'env.invalid',
    hint: expect.stringContaining('GAZETTE_BOUNCE_LISTEN'),
  });
});
