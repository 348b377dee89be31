import { describe, expect, it } from 'vitest';
import { checkMessage } from '../../src/deliver/check-message.js';
import { checkSender } from '../../src/deliver/check-sender.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import { aNewsletter } from '../support/builders.js';

const GOOD = {
  Date: 'Mon, 15 Jun 2026 07:00:00 +0000',
  From: 'Notes <notes@example.org>',
  To: '"Lovelace, Ada" <ada@example.org>',
  Subject: 'The pump',
  'Message-ID': '<0a1b@example.org>',
  'List-Id': 'Notes <weekly.example.org>',
  'List-Unsubscribe': '<https://news.example.org/u/t>, <mailto:u@example.org>',
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  'Auto-Submitted': 'auto-generated',
  'MIME-Version': '1.0',
  'Content-Type': 'multipart/alternative;\r\n boundary="b"',
};

function findings(fields: { readonly [name: string]: string | undefined } = {}, more = '', body = 'x\r\n') {
  const lines = Object.entries({ ...GOOD, ...fields }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}\r\n`],
  );
  const content = [Buffer.from(`${lines.join('')}${more}\r\n`), Buffer.from(body)];
  return checkMessage({ content, envelope: { from: 'notes@example.org', to: 'ada@example.org' }, messageId: '' }).map(
    ({ code, where }) => `${code} ${where}`,
  );
}

it('Nothing is said about a good message', () => {
  expect(findings()).toEqual([]);
});

it.each<[string, Parameters<typeof findings>, string, Parameters<typeof findings>]>([
  ['without a date', [{ Date: undefined }], 'header.missing Date', [{ Date: undefined, date: GOOD.Date }]],
  ['with two subjects', [{}, 'subject: Another\r\n'], 'header.repeated Subject', [{}, 'X-Subject: Another\r\n']],
  [
    'with no https address to unsubscribe at',
    [{ 'List-Unsubscribe': '<mailto:u@example.org>' }],
    'header.one-click List-Unsubscribe',
    [{ 'List-Unsubscribe': '<https://news.example.org/u/t>' }],
  ],
  [
    'with two https addresses to unsubscribe at',
    [{ 'List-Unsubscribe': '<https://a.example/>, <https://b.example/>' }],
    'header.one-click List-Unsubscribe',
    [{}],
  ],
  [
    'with another word for one click',
    [{ 'List-Unsubscribe-Post': 'One-Click' }],
    'header.one-click List-Unsubscribe',
    [{}],
  ],
  [
    'with a signature that leaves one-click out',
    [{ 'DKIM-Signature': 'v=1; h=from:list-unsubscribe; b=x' }],
    'header.one-click List-Unsubscribe',
    [{ 'DKIM-Signature': 'v=1; h=from:list-unsubscribe:\r\n list-unsubscribe-post; b=x' }],
  ],
  ['to two people', [{ To: 'ada@example.org, bob@example.org' }], 'header.recipient To', [{ To: 'ada@example.org' }]],
  ['to somebody else', [{ To: 'bob@example.org' }], 'header.recipient To', [{}]],
  ['with a Message-ID without a domain', [{ 'Message-ID': '<0a1b>' }], 'header.invalid Message-ID', [{}]],
  ['with a date in words of a zone', [{ Date: 'Mon, 15 Jun 2026 07:00:00 GMT' }], 'header.invalid Date', [{}]],
  ['with a space in the list’s name', [{ 'List-Id': '<weekly example.org>' }], 'header.invalid List-ID', [{}]],
  ['that says a person wrote it', [{ 'Auto-Submitted': 'no' }], 'header.invalid Auto-Submitted', [{}]],
  [
    'with a header of 999 octets',
    [{ 'X-Long': 'x'.repeat(999 - 8) }],
    'header.line-length X-Long',
    [{ 'X-Long': 'x'.repeat(998 - 8) }],
  ],
  ['with a bare line feed', [{}, '', 'x\ny\r\n'], 'header.line-length the message', [{}, '', 'x\r\ny\r\n']],
])('A message %s is told from one that is nearly so', (_, wrong, finding, near) => {
  expect(findings(...wrong)).toContain(finding);
  expect(findings(...near)).not.toContain(finding);
});

describe('a sender', () => {
  const codes = (wishes: Partial<Newsletter>) =>
    checkSender(aNewsletter(wishes), (key) => key).map(({ code, where }) => `${code} ${where}`);
  const named = (name: string, address = 'notes@example.org') => codes({ sender: { name, address } });

  it.each([
    ['✓ Notes', 'Notes √2'],
    ['Re: Notes', 'Regarding notes'],
    ['Notes (2)', 'Notes (weekly)'],
    ['notes@example.org', 'Notes at example.org'],
    ['[Blog] New posts', 'Blog: new posts'],
    ['Notes\u202e', 'Notes'],
    [' ', 'N'],
  ])('may not be called “%s”, but “%s”', (wrong, near) => {
    expect(named(wrong)).toEqual(['sender.name sender']);
    expect(named(near)).toEqual([]);
  });

  it('may not write from a mailbox of a free provider', () => {
    expect(named('Notes', 'notes@gmail.com')).toEqual(['sender.free-mail sender']);
    expect(named('Notes', 'notes@gmail.com.example.org')).toEqual([]);
  });

  it('has a postal address', () => {
    expect(codes({ postalAddress: '\n' })).toEqual(['address.missing postalAddress']);
    expect(codes({ postalAddress: '1 Example Street' })).toEqual([]);
  });
});
