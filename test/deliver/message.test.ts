import fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import PostalMime, { type Email } from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { checkMessage } from '../../src/deliver/check-message.js';
import { openEchoHeaders } from '../../src/deliver/echo-headers.js';
import { type MessageOptions, openMailBuilder } from '../../src/deliver/message.js';
import { fillSegments, type MergeValues, type Segment, type Segments } from '../../src/domain/edition.js';
import type { FrozenEdition } from '../../src/domain/ports/ledger.js';
import { PROVIDER_NAMES } from '../../src/domain/providers.js';
import { nameInMail } from '../../src/domain/subscriber.js';
import {
  AT,
  aChoice,
  aDelivery,
  aMergeField,
  anEdition,
  atOnce,
  fieldOf,
  fieldsOf,
  links,
  rawOf,
} from '../support/deliver-messages.js';

function build(edition: FrozenEdition, delivery = aDelivery(), options: Partial<MessageOptions> = {}) {
  return atOnce(openMailBuilder({ links, ...options }).build(edition, delivery, AT));
}

describe('the headers of a digest', () => {
  const message = build(
    anEdition({ issue: { replyTo: 'editors@fourth-floor.example.org' } }),
    aDelivery({ name: 'Ada' }),
    {
      listHelp: 'https://news.example.org/help',
      archiveUrl: () => 'https://news.example.org/archive/7',
    },
  );
  const raw = rawOf(message);

  it.each([
    ['From', 'Notes from the Fourth Floor <digest@fourth-floor.example.org>'],
    ['To', 'Ada <reader@example.com>'],
    ['Reply-To', 'editors@fourth-floor.example.org'],
    ['Subject', 'Chemistry: two new posts'],
    ['Date', 'Mon, 01 Jun 2026 08:00:00 +0000'],
    ['MIME-Version', '1.0'],
    ['List-Unsubscribe', '<https://news.example.org/u/weekly/42.abc>'],
    ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
    ['List-Id', 'Notes from the Fourth Floor <weekly.fourth-floor.example.org>'],
    ['List-Help', '<https://news.example.org/help>'],
    ['List-Post', 'NO'],
    ['Archived-At', '<https://news.example.org/archive/7>'],
    ['Auto-Submitted', 'auto-generated'],
    ['Precedence', 'bulk'],
    ['X-Auto-Response-Suppress', 'OOF, AutoReply'],
    ['x-ms-reactions', 'disallow'],
    ['Content-Language', 'en'],
  ])('%s is there once', (name, value) => {
    expect(fieldOf(raw, name)).toBe(value);
  });

  it('List-Unsubscribe offers a mail beside one click, where mails are received', () => {
    const unsubscribeAddress = () => "o'neil&co+k1-1-1-abc@example.org";
    const offered = build(anEdition(), aDelivery(), { unsubscribeAddress });
    expect(fieldOf(rawOf(offered), 'List-Unsubscribe')).toBe(
      "<https://news.example.org/u/weekly/42.abc>, <mailto:o'neil%26co+k1-1-1-abc@example.org?subject=unsubscribe>",
    );
    expect(fieldOf(rawOf(offered), 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
    expect(checkMessage(offered)).toEqual([]);
  });

  it('repeat the Message-ID for the providers whose reports are read', () => {
    const echoed = build(anEdition(), aDelivery(), { echoHeaders: openEchoHeaders(PROVIDER_NAMES) });
    const id = echoed.messageId.slice(1, -1);
    const fields = ['X-PM-Metadata-gazette', 'X-Mailin-custom', 'X-MJ-CustomID', 'X-Gazette-ID'];
    for (const name of fields) expect(fieldOf(rawOf(echoed), name)).toBe(id);
    expect(JSON.parse(fieldOf(rawOf(echoed), 'X-SMTPAPI') ?? '')).toEqual({ unique_args: { gazette: id } });
    expect(JSON.parse(fieldOf(rawOf(echoed), 'X-MSYS-API') ?? '')).toEqual({ metadata: { gazette: id } });
    expect(JSON.parse(fieldOf(rawOf(echoed), 'X-Mailgun-Variables') ?? '')).toEqual({ gazette: id });
    expect(checkMessage(echoed)).toEqual([]);
  });

  it('Feedback-ID names issue, newsletter and sender, each field different', () => {
    const fields = fieldOf(raw, 'Feedback-ID').split(':');
    expect(fields.slice(0, 2)).toEqual(['weekly-7', 'weekly']);
    expect(fields[2]).toMatch(/^\w{5,15}$/);
    expect(new Set(fields).size).toBe(3);
  });

  it('List-Unsubscribe stands on one line', () => {
    const oneClickUrl = `https://news.example.org/u/${'a'.repeat(300)}`;
    const long = build(anEdition(), aDelivery(), {
      links: (delivery, id) => ({ ...links(delivery, id), oneClickUrl }),
    });
    expect(rawOf(long).toString()).toContain(`\r\nList-Unsubscribe: <${oneClickUrl}>\r\n`);
  });

  it('Message-ID is the same at every try, and another for every reader and issue', () => {
    const of = (edition: FrozenEdition, subscriber: number, attempt: number) =>
      build(edition, aDelivery({ subscriber, attempt })).messageId;
    const id = of(anEdition(), 42, 1);
    expect(id).toMatch(/^<[0-9a-f]{32}@fourth-floor\.example\.org>$/);
    expect(of(anEdition(), 42, 2)).toBe(id);
    expect(of(anEdition(), 43, 1)).not.toBe(id);
    expect(of(anEdition({ issue: { uid: 'f'.repeat(32) } }), 42, 1)).not.toBe(id);
    expect(fieldOf(rawOf(build(anEdition())), 'Message-ID')).toBe(id);
  });

  it('leaves out what nothing was given for', () => {
    const names = fieldsOf(rawOf(build(anEdition()))).map(({ name }) => name);
    for (const name of ['Reply-To', 'List-Help', 'Archived-At', 'DKIM-Signature']) expect(names).not.toContain(name);
  });

  it('marks a test mail in its subject, with a Message-ID of its own', () => {
    const test = build(anEdition(), aDelivery(), { test: true });
    expect(fieldOf(rawOf(test), 'Subject')).toBe('[Test] Chemistry: two new posts');
    expect(test.messageId).not.toBe(build(anEdition()).messageId);
  });
});

describe('the envelope', () => {
  it('comes from the sender, or from the delivery’s own address', () => {
    expect(build(anEdition()).envelope.from).toBe('digest@fourth-floor.example.org');
    const own = build(anEdition(), aDelivery(), {
      envelopeFrom: ({ subscriber }) => `b-${subscriber}@bounce.example.org`,
    });
    expect(own.envelope.from).toBe('b-42@bounce.example.org');
  });

  it('goes to a domain in A-labels, the local part untouched', () => {
    const message = build(anEdition(), aDelivery({ address: 'Ada.B@Bücher.example' }));
    expect(message.envelope.to).toBe('Ada.B@xn--bcher-kva.example');
    expect(fieldOf(rawOf(message), 'To')).toBe('Ada.B@xn--bcher-kva.example');
  });

  it('keeps a local part beyond ASCII, which needs SMTPUTF8', () => {
    const message = build(anEdition(), aDelivery({ address: 'jürgen@bücher.example' }));
    expect(message.envelope.to).toBe('jürgen@xn--bcher-kva.example');
    expect(rawOf(message).toString()).toContain('\r\nTo: jürgen@xn--bcher-kva.example\r\n');
  });
});

describe('the bodies', () => {
  it('are plain text first, then HTML, in UTF-8', async () => {
    const raw = rawOf(build(anEdition(), aDelivery({ name: 'Ada & <Bo>' })));
    const types = [...raw.toString().matchAll(/Content-Type: (\S+); charset=utf-8/g)].map((match) => match[1]);
    expect(types).toEqual(['text/plain', 'text/html']);
    const mail = await PostalMime.parse(raw);
    expect(mail.text?.trimEnd()).toBe(
      'Hello Ada & <Bo>\n\nLeave: https://news.example.org/unsubscribe/weekly/42?s=abc&t=def',
    );
    expect(mail.html).toContain('Hello Ada &amp; &lt;Bo&gt;</p>');
    expect(mail.html).toContain('href="https://news.example.org/unsubscribe/weekly/42?s=abc&amp;t=def"');
  });

  it('are in base64 where that is shorter', async () => {
    const text = '第四研究室の便り。'.repeat(40);
    const raw = rawOf(
      build(anEdition({ mail: { text: [text, aMergeField('name', 'text'), text] } }), aDelivery({ name: '山田' })),
    );
    expect(raw.toString()).toContain('Content-Transfer-Encoding: base64');
    expect((await PostalMime.parse(raw)).text?.trimEnd()).toBe(`${text}山田${text}`);
  });

  it('show one side of a choice, by whether the reader has a name', async () => {
    const text: Segments = [aChoice('name', ['Dear ', aMergeField('name', 'text')], ['Dear reader']), ',\n'];
    const textFor = async (name: string) =>
      (await PostalMime.parse(rawOf(build(anEdition({ mail: { text } }), aDelivery({ name }))))).text?.trimEnd();
    expect(await textFor('Ada')).toBe('Dear Ada,');
    expect(await textFor('')).toBe('Dear reader,');
  });

  it('share the bytes of an edition among its readers', () => {
    const builder = openMailBuilder({ links });
    const long = `${'A long paragraph of the digest. '.repeat(400)}\n`;
    const edition = anEdition({ mail: { html: [long, aMergeField('unsubscribeUrl', 'html'), long] } });
    const [first, second] = [1, 2].map(
      (subscriber) => atOnce(builder.build(edition, aDelivery({ subscriber }), AT)).content,
    );
    const shared = first?.filter((part) => second?.includes(part)) ?? [];
    expect(shared.reduce((sum, part) => sum + part.length, 0)).toBeGreaterThan(long.length * 2);
  });
});

// — the same as Nodemailer’s own composer would have written —

const SCRIPTS = [
  'Łódź 中文 日本語 한국어 العربية עברית हिन्दी ไทย Ελληνικά Кириллица',
  '🧪👩🏽‍🔬🇩🇪 é\u0301 \u200d\u202b',
  '.=?_"\\<>()[]:;@,&\'#%~ \t',
  'abc From ABC 0123 https://example.org/a?b=c&d=e',
];
const character = fc.oneof(
  fc.constantFrom(...SCRIPTS.flatMap((script) => [...script])),
  fc.constantFrom('.', '=', ' ', 'a', '\n', '\r', '\r\n', 'F', 'From ', '=?UTF-8?Q?a?=', '--', '=20', '{{name}}'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }),
);
const words = (maxLength: number) => fc.array(character, { maxLength }).map((all) => all.join(''));
const longRun = fc.tuple(character, fc.integer({ min: 60, max: 400 })).map(([one, times]) => one.repeat(times));
const body = fc.array(fc.oneof(words(30), longRun), { maxLength: 6 }).map((all) => all.join(''));
const literal = body.map((text) => text.replace(/\r+$/, ''));

function segments(context: 'html' | 'text' | 'header'): fc.Arbitrary<Segments> {
  const field = fc
    .constantFrom('name', 'address', 'unsubscribeUrl', 'webUrl')
    .map((part) => aMergeField(part as never, context));
  const flat = fc.array(fc.oneof(literal, field), { maxLength: 4 }) as fc.Arbitrary<Segment[]>;
  const choice = fc.tuple(flat, flat).map(([then, otherwise]) => aChoice('name', then, otherwise));
  return fc.array(fc.oneof(literal, field, choice), { maxLength: 6 });
}

const editions = fc.record({ subject: segments('header'), html: segments('html'), text: segments('text') });
const readers = fc.record({
  name: words(12),
  address: fc.constantFrom('reader@example.com', 'Ada.B@bücher.example', 'o-+x@sub.example.org'),
});

/** What of a parsed mail readers see: line ends and the spaces at the ends and between the words of a header aside. */
function seen(mail: Email) {
  const line = (text: string | undefined) => (text ?? '').replace(/[\t ]+/g, ' ').trim();
  const lines = (text: string | undefined) => (text ?? '').replace(/\r\n?/g, '\n').replace(/\n+$/, '');
  return {
    subject: line(mail.subject),
    from: mail.from,
    to: mail.to?.map(({ name, address }) => ({ name: line(name), address })),
    date: mail.date,
    messageId: mail.messageId,
    text: lines(mail.text),
    html: lines(mail.html),
    attachments: mail.attachments.length,
  };
}

/** What Nodemailer’s connection makes of bare line ends when it sends. */
function asOnTheWire(composed: Buffer): Buffer {
  return Buffer.from(composed.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n'), 'latin1');
}

function valuesOf(delivery: ReturnType<typeof aDelivery>): MergeValues {
  const { oneClickUrl: _, ...urls } = links(delivery, anEdition().issue);
  const { name, address } = delivery.reader.subscriber;
  return { name: nameInMail(name), address, ...urls };
}

describe('any edition for any reader', () => {
  it('means what Nodemailer’s composer would have written', async () => {
    await fc.assert(
      fc.asyncProperty(editions, readers, async (mail, reader) => {
        const edition = anEdition({ mail });
        const delivery = aDelivery(reader);
        const message = build(edition, delivery);
        const values = valuesOf(delivery);
        const line = (text: string) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
        // Nodemailer lets text that reads as an encoded-word be decoded by the reader’s client; ours keeps it, see below.
        fc.pre(!line(fillSegments(mail.subject, values)).includes('=?') && !line(reader.name).includes('=?'));
        const composed = await new MailComposer({
          from: edition.issue.sender,
          to: { name: nameInMail(reader.name), address: message.envelope.to },
          subject: line(fillSegments(mail.subject, values)),
          text: fillSegments(mail.text, values) || '\n',
          html: fillSegments(mail.html, values) || '\n',
          date: AT,
          messageId: message.messageId,
        })
          .compile()
          .build();
        expect(seen(await PostalMime.parse(rawOf(message)))).toEqual(
          seen(await PostalMime.parse(asOnTheWire(composed))),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('says a name without the white space its reader typed around it', async () => {
    const text: Segments = [aChoice('name', ['Dear ', aMergeField('name', 'text')], ['Dear reader'])];
    const mail = async (name: string) =>
      PostalMime.parse(rawOf(build(anEdition({ mail: { text } }), aDelivery({ name }))));
    expect((await mail('  Ada \t Lovelace ')).text?.trimEnd()).toBe('Dear Ada Lovelace');
    expect((await mail(' \t ')).text?.trimEnd()).toBe('Dear reader');
  });

  it('keeps a name that reads as an encoded-word as it was given', async () => {
    const name = '=?UTF-8?Q?a?= =?x?=';
    const mail = await PostalMime.parse(rawOf(build(anEdition({ mail: { subject: [name] } }), aDelivery({ name }))));
    expect(mail.to?.[0]?.name).toBe(name);
    expect(mail.subject).toBe(name);
  });

  it('keeps the rules of the wire', () => {
    fc.assert(
      fc.property(editions, readers, (mail, reader) => {
        const raw = rawOf(build(anEdition({ mail }), aDelivery(reader))).toString('latin1');
        expect(raw).not.toMatch(/\r(?!\n)|(?<!\r)\n/);
        expect(raw.endsWith('\r\n')).toBe(true);
        const head = raw.slice(0, raw.indexOf('\r\n\r\n'));
        for (const line of raw.slice(head.length + 4).split('\r\n')) {
          expect(line.length).toBeLessThanOrEqual(76);
          expect(line).not.toMatch(/^\.|^From |[ \t]$/);
        }
        for (const line of head.split('\r\n')) {
          expect(line.length).toBeLessThanOrEqual(120);
          expect(line).toMatch(/^[ -~]+$/);
          expect(line).not.toMatch(/[ \t]$/);
          for (const word of line.match(/=\?UTF-8\?.*?\?=/g) ?? []) expect(word.length).toBeLessThanOrEqual(75);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has the same header fields whatever its texts say: none can be added', () => {
    const expected = fieldsOf(rawOf(build(anEdition()))).map(({ name }) => name);
    const inject = fc.constantFrom(
      '\r\nBcc: all@example.com',
      '\nBcc: x@example.com\n\nHi',
      '\r\r\nX: y',
      '\u2028Bcc: z',
      '\u0000',
      '\r\n\r\n',
    );
    const text = fc.array(fc.oneof(words(6), inject), { maxLength: 6 }).map((all) => all.join(''));
    fc.assert(
      fc.property(text, text, text, text, (name, subject, title, sender) => {
        const edition = anEdition({
          mail: { subject: [subject, aMergeField('name', 'header')] },
          issue: { title, sender: { name: sender, address: 'digest@fourth-floor.example.org' } },
        });
        const raw = rawOf(build(edition, aDelivery({ name, address: `reader@example.com${subject}` })));
        const names = fieldsOf(raw).map((field) => field.name);
        expect([...names].sort()).toEqual([...expected].sort());
      }),
      { numRuns: 300 },
    );
  });
});
