/** From the bytes of a mail to what changes for its reader (rule: feedback). */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBounceAddresses } from '../../src/audience/bounce-addresses.js';
import { openLinks } from '../../src/audience/links.js';
import { messageName } from '../../src/deliver/message.js';
import type { Issue } from '../../src/domain/issue.js';
import type { Store } from '../../src/domain/ports/storage.js';
import { openSqliteStore } from '../../src/store/index.js';
import { aContext } from '../support/app-context.js';
import { ACCEPTED, begun, frozenFor, listed, settled } from '../support/store-plans.js';
import { dsnText, ourHeader } from './samples/sample.js';

const SECRETS = [{ kid: 'k1', secret: 'x'.repeat(32) }];
const addresses = openBounceAddresses({ address: 'bounces@news.example.org', secrets: SECRETS });
const links = openLinks({ publicUrl: 'https://news.example.org', secrets: SECRETS });

async function sentIssue(names: readonly string[] = ['ann', 'bob']) {
  const store = await openSqliteStore({ path: ':memory:' });
  const issue = await frozenFor(store, names);
  const deliveries = await begun(store, issue);
  await settled(store, deliveries, ACCEPTED, 'one', issue.frozenAt);
  const { feedback } = await aContext({ store });
  return { store, issue, feedback, readers: deliveries.map(({ subscriber }) => subscriber) };
}

const FAILED =
  'Final-Recipient: rfc822; ann@example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\n';

function dsn({
  to = 'editor@example.org',
  returned = '',
}: {
  readonly to?: string;
  readonly returned?: string;
} = {}): string {
  return dsnText({ status: FAILED, returned }).replace(/^To: .*$/m, `To: ${to}`);
}

async function* bytesOf(...mails: readonly string[]): AsyncIterable<Uint8Array> {
  for (const mail of mails) yield Buffer.from(mail);
}

async function suppressions(store: Store): Promise<readonly string[]> {
  return (await listed(store.audience.suppressions())).map(({ addressKey, reason }) => `${addressKey} ${reason}`);
}

function header(issue: Issue, subscriber: number, fields: string): string {
  const name = messageName(issue.uid, subscriber);
  return `Content-Type: text/rfc822-headers\n\nMessage-ID: <${name}@news.example.org>\n${fields}`;
}

describe('a bounce is tied to a delivery', () => {
  it('by the signed address it was sent to', async () => {
    const { store, issue, readers, feedback } = await sentIssue();
    const to = addresses.bounceAddress({ issue: issue.id, subscriber: readers[0] ?? 0 });
    const report = await feedback.readMails({ from: bytesOf(dsn({ to: to.toUpperCase() })) });
    expect(report).toMatchObject({
      mails: 1,
      reports: 1,
      known: 0,
      suppressed: 1,
      ties: { tied: 1, forged: 0, untied: 0 },
      kinds: { hard: 1 },
    });
    expect(await suppressions(store)).toEqual(['ann@example.org hard-bounce']);
  });

  it('by the signed return path of the returned header', async () => {
    const { store, issue, readers, feedback } = await sentIssue();
    const from = addresses.bounceAddress({ issue: issue.id, subscriber: readers[0] ?? 0 });
    await feedback.readMails({
      from: bytesOf(dsn({ returned: `Content-Type: message/rfc822\n\nReturn-Path: <${from}>\nSubject: x\n\nx` })),
    });
    expect(await suppressions(store)).toEqual(['ann@example.org hard-bounce']);
  });

  it('by the Message-ID of the mail to this reader', async () => {
    const { store, issue, readers, feedback } = await sentIssue();
    await feedback.readMails({ from: bytesOf(dsn({ returned: header(issue, readers[0] ?? 0, '') })) });
    expect(await suppressions(store)).toEqual(['ann@example.org hard-bounce']);
  });

  it('by the signed link of the returned header, where the reader is left out', async () => {
    const { store, readers, feedback } = await sentIssue();
    const link = links.oneClickUrl('weekly', readers[0] ?? 0);
    const arf = `From: fbl@example.net\nTo: abuse@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary=a\n\n--a\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n\n--a\nContent-Type: text/rfc822-headers\n\nFrom: x@example.org\nList-Unsubscribe: <${link}>\n\n--a--\n`;
    await feedback.readMails({ from: bytesOf(arf) });
    expect(await suppressions(store)).toEqual(['ann@example.org complaint']);
  });

  it.each([
    ['an address alone, which anybody can write', async () => dsn()],
    [
      'an address and a Message-ID of another reader',
      async ({ issue, readers }: Sent) => dsn({ returned: header(issue, readers[1] ?? 0, '') }),
    ],
    [
      'our whole header with a made-up Message-ID',
      async () => dsn({ returned: `Content-Type: text/rfc822-headers\n\n${ourHeader('ann@example.org')}` }),
    ],
  ])('not by %s', async (_what, mail) => {
    const sent = await sentIssue();
    const { ties, suppressed } = await sent.feedback.readMails({ from: bytesOf(await mail(sent)) });
    expect([ties.tied, suppressed]).toEqual([0, 0]);
    expect(await suppressions(sent.store)).toEqual([]);
  });

  it('a forged signature is counted as one', async () => {
    const { store, issue, readers, feedback } = await sentIssue();
    const to = addresses.bounceAddress({ issue: issue.id, subscriber: readers[0] ?? 0 });
    const flipped = to.replace(/.@/, (end) => (end === 'a@' ? 'b@' : 'a@'));
    const { ties } = await feedback.readMails({ from: bytesOf(dsn({ to: flipped })) });
    expect(ties).toEqual({ tied: 0, forged: 1, untied: 0 });
    expect(await suppressions(store)).toEqual([]);
  });

  it('a right signature for a delivery that never left is forged', async () => {
    const { store, feedback } = await sentIssue();
    const { ties } = await feedback.readMails({
      from: bytesOf(dsn({ to: addresses.bounceAddress({ issue: 77, subscriber: 1 }) })),
    });
    expect(ties.forged).toBe(1);
    expect(await suppressions(store)).toEqual([]);
  });
});

type Sent = Awaited<ReturnType<typeof sentIssue>>;

describe('other mails to a signed address', () => {
  it('an automatic reply that quotes our issue changes nothing', async () => {
    const { store, issue, readers, feedback } = await sentIssue();
    const to = addresses.bounceAddress({ issue: issue.id, subscriber: readers[0] ?? 0 });
    const mail = `From: ann@example.org\nTo: ${to}\nSubject: Automatic reply: unsubscribe\nAuto-Submitted: auto-replied\n\nunsubscribe\n> unsubscribe\n`;
    const report = await feedback.readMails({ from: bytesOf(mail) });
    expect(report).toMatchObject({ suppressed: 0, unsubscribed: 0, kinds: { 'auto-reply': 1 } });
    expect((await store.audience.reader('weekly', readers[0] ?? 0))?.state).toBe('active');
  });

  it.each(['unsubscribe', 'anything', ''])(
    'a mail to the unsubscribe address ends the subscription, whatever its subject: “%s”',
    async (subject) => {
      const { store, issue, readers, feedback } = await sentIssue();
      const to = addresses.unsubscribeAddress({ issue: issue.id, subscriber: readers[0] ?? 0 });
      const report = await feedback.readMails({
        from: bytesOf(`From: ann@example.org\nSubject: ${subject}\n\n`),
        recipients: [to],
      });
      expect(report).toMatchObject({ unsubscribed: 1, suppressed: 0 });
      expect((await store.audience.reader('weekly', readers[0] ?? 0))?.state).toBe('unsubscribed');
    },
  );

  it('a mail that asks without a signed address ends nothing', async () => {
    const { feedback } = await sentIssue();
    const report = await feedback.readMails({
      from: bytesOf('From: ann@example.org\nTo: editor@example.org\nSubject: unsubscribe\n\n'),
    });
    expect(report).toMatchObject({ unsubscribed: 0, ties: { untied: 1 } });
  });
});

describe('reading many mails', () => {
  it('an mbox is read mail by mail, and read again nothing counts twice', async () => {
    const { issue, readers, feedback } = await sentIssue();
    const mails = readers.map((subscriber) =>
      dsn({ to: addresses.bounceAddress({ issue: issue.id, subscriber }) }).replace('dsn-1', `dsn-${subscriber}`),
    );
    const mbox = mails.map((mail) => `From MAILER-DAEMON Mon Nov 30 08:00:00 2026\n${mail}\n`).join('');
    // In pieces that end anywhere.
    const pieces = mbox.match(/[\s\S]{1,37}/g) ?? [];
    expect(await feedback.readMails({ from: bytesOf(...pieces) })).toMatchObject({ mails: 2, known: 0, suppressed: 2 });
    expect(await feedback.readMails({ from: bytesOf(mbox) })).toMatchObject({ mails: 2, known: 2, suppressed: 0 });
  });

  it('of a Maildir what was delivered is read, and nothing else in it', async () => {
    const { feedback } = await sentIssue();
    const folder = await mkdtemp(join(tmpdir(), 'gazette-maildir-'));
    for (const [name, text] of [
      ['new/1.a.host', dsn()],
      ['cur/2.b.host:2,S', dsn()],
      ['tmp/3.c.host', dsn()],
      ['dovecot-uidlist', '3 V1 N3'],
    ] as const) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    expect(await feedback.readMails({ from: folder })).toMatchObject({ mails: 2, kinds: { hard: 2 } });
    await rm(folder, { recursive: true });
  });

  it('a file that is not there is an error, and empty input is nothing', async () => {
    const { feedback } = await sentIssue();
    await expect(feedback.readMails({ from: '/nowhere/at/all' })).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await feedback.readMails({ from: bytesOf() })).toMatchObject({ mails: 0, reports: 0 });
  });
});
