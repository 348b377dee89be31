/** What each form of report says: one contract over all samples, and what hostile mails may not do. */
import { describe, expect, test } from 'vitest';
import { judgeBounce } from '../../src/deliver/judge-bounce.js';
import type { FeedbackReport } from '../../src/domain/feedback.js';
import { FORMATS, readReports } from '../../src/feedback/formats/index.js';
import { DSN_SAMPLES } from './samples/dsn-samples.js';
import { FREE_TEXT_SAMPLES } from './samples/free-text-samples.js';
import { OTHER_SAMPLES } from './samples/other-samples.js';
import { dsnText, type Sample, VERP } from './samples/sample.js';

const SAMPLES: readonly Sample[] = [...DSN_SAMPLES, ...FREE_TEXT_SAMPLES, ...OTHER_SAMPLES];

function read(raw: string | Uint8Array): Promise<readonly FeedbackReport[]> {
  return readReports(typeof raw === 'string' ? Buffer.from(raw) : raw, { judge: judgeBounce });
}

function said({ names, finding }: FeedbackReport): readonly [string, string] {
  return [names.recipient ?? '-', finding.kind === 'bounce' ? finding.bounce : finding.kind];
}

describe('a mail that came back', () => {
  test('there are samples of all formats', () => {
    expect(SAMPLES.length).toBeGreaterThanOrEqual(60);
    expect(FORMATS.map(({ name }) => name)).toEqual(['arf', 'dsn', 'free-text', 'automatic-reply', 'unsubscribe-mail']);
  });

  test.each(SAMPLES.map((sample) => [sample.name, sample] as const))('%s', async (_name, { raw, says }) => {
    const reports = await read(raw);
    expect(reports.map(said)).toEqual(says);
    // The same bytes are the same reports, however often they come.
    expect((await read(raw)).map(({ id }) => id)).toEqual(reports.map(({ id }) => id));
    expect(new Set(reports.map(({ id }) => id)).size).toBe(reports.length);
  });

  test.each(SAMPLES.map((sample) => [sample.name, sample] as const))(
    '%s, cut anywhere, never fails',
    async (_name, { raw }) => {
      const bytes = Buffer.from(raw);
      for (let part = 1; part < 12; part += 1) {
        const reports = await read(bytes.subarray(0, (bytes.length * part) / 12));
        expect(reports.length).toBeGreaterThan(0);
      }
    },
  );
});

describe('what a report names', () => {
  test('the address it came to, and what the returned header shows', async () => {
    const [report] = await read(DSN_SAMPLES[0]?.raw ?? '');
    expect(report?.names).toEqual({
      envelopes: [VERP],
      messageId: '0123456789abcdef0123456789abcdef@news.example.org',
      feedbackId: 'weekly-7:weekly:gazette',
      links: ['https://news.example.org/u/k1.weekly.asigned'],
      recipient: 'ann@example.net',
    });
    expect(report?.at).toEqual(new Date('2026-11-30T08:05:00Z'));
    expect(report?.id).toBe('mail:<dsn-1@mx.example.net>:ann@example.net');
  });

  test('whom the envelope named comes first', async () => {
    const raw = Buffer.from(plain());
    const [report] = await readReports(raw, { judge: judgeBounce, recipients: ['bounces+x@news.example.org'] });
    expect(report?.names.envelopes[0]).toBe('bounces+x@news.example.org');
  });
});

function plain(): string {
  return dsnText({ status: 'Final-Recipient: rfc822; ann@example.net\nAction: failed\nStatus: 5.1.1\n' });
}

describe('a hostile mail ends soon', () => {
  const many = (text: string, times: number) => text.repeat(times);
  test.each<readonly [string, string]>([
    ['parts inside parts', many('Content-Type: multipart/mixed; boundary=b\n\n--b\n', 20_000)],
    ['mails inside mails', `Content-Type: message/rfc822\n\n${many('Content-Type: message/rfc822\n\n', 20_000)}`],
    ['a header of megabytes', `Subject: ${many('x', 3_000_000)}\n\nx`],
    ['a hundred thousand header fields', `${many('X-A: b\n', 200_000)}\n`],
    [
      'a hundred thousand recipients',
      dsnText({ status: many('Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n', 20_000) }),
    ],
    [
      'a field that never ends',
      dsnText({ status: `Final-Recipient: rfc822; ${many('a', 400_000)}@b.example\nAction: failed` }),
    ],
    [
      'a field that is folded for ever',
      dsnText({
        status: `Final-Recipient: rfc822; a@b.example\nAction: failed\nDiagnostic-Code: smtp;${many('\n 550', 100_000)}`,
      }),
    ],
    [
      'angle brackets',
      `From: mailer-daemon@x.example\nSubject: failure\nContent-Type: text/html\n\n${many('<', 400_000)}`,
    ],
    [
      'open tags',
      `From: mailer-daemon@x.example\nSubject: failure\nContent-Type: text/html\n\n${many('<style><p ', 40_000)}`,
    ],
    ['white space', `From: mailer-daemon@x.example\nSubject: failure\n\n${many(' \t', 200_000)}x`],
    ['blank lines', `From: mailer-daemon@x.example\nSubject: failure\n\n${many('\n', 400_000)}x`],
    ['addresses', `From: mailer-daemon@x.example\nSubject: failure\n\n${many('a@a.a@', 80_000)}`],
    [
      'addresses line by line',
      `From: mailer-daemon@x.example\nSubject: undeliverable mail\n\n${many('ann@example.net: failed\n', 20_000)}`,
    ],
    ['dots', `From: mailer-daemon@x.example\nSubject: undeliverable mail\n\na@${many('a.', 200_000)}`],
    ['numbers', `From: mailer-daemon@x.example\nSubject: undeliverable mail\n\n${many('550 5.1.', 60_000)}`],
    ['encoded words', `Subject: ${many('=?utf-8?B?eA==?= ', 20_000)}\n\nx`],
  ])(
    '%s',
    async (_name, raw) => {
      const reports = await read(raw);
      expect(reports.length).toBeGreaterThan(0);
      expect(reports.length).toBeLessThanOrEqual(500);
    },
    20_000,
  );
});
