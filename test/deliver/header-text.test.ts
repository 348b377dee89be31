import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import {
  dateText,
  headerLine,
  listId,
  mailbox,
  oneLine,
  relaxedHeader,
  unstructured,
} from '../../src/deliver/header-text.js';

describe('a header field', () => {
  it.each([
    ['Two new posts', 'Subject: Two new posts\r\n'],
    ['Zwei Beiträge', 'Subject: =?UTF-8?Q?Zwei_Beitr=C3=A4ge?=\r\n'],
    ['二つの記事', 'Subject: =?UTF-8?B?5LqM44Gk44Gu6KiY5LqL?=\r\n'],
    ['=?UTF-8?Q?a?=', 'Subject: =?UTF-8?B?PT9VVEYtOD9RP2E/PQ==?=\r\n'],
    ['  a \r\n b\u2028c\u0000 ', 'Subject: a b c\r\n'],
    ['', 'Subject:\r\n'],
  ])('says %j', (text, line) => {
    expect(headerLine(unstructured('Subject', text))).toBe(line);
  });

  it.each([
    ['', 'To: a@example.com\r\n'],
    ['Ada Byron', 'To: Ada Byron <a@example.com>\r\n'],
    ['Byron, Ada "A."', 'To: "Byron, Ada \\"A.\\"" <a@example.com>\r\n'],
    ['Zoë', 'To: =?UTF-8?Q?Zo=C3=AB?= <a@example.com>\r\n'],
  ])('names the mailbox of %j', (name, line) => {
    expect(headerLine(mailbox('To', name, 'a@example.com'))).toBe(line);
  });

  it('folds before the address when the line would grow long', () => {
    const address = `${'a'.repeat(60)}@example.com`;
    expect(mailbox('To', 'Ada Byron of the Fourth Floor', address).value).toBe(
      `Ada Byron of the Fourth Floor\r\n <${address}>`,
    );
  });

  it('keeps a List-Id below our domain', () => {
    expect(listId('Notes', 'weekly', 'example.org').value).toBe('Notes <weekly.example.org>');
  });

  it('has no line longer than wanted, no broken character, and reads back as it was meant', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 150 });
    await fc.assert(
      fc.asyncProperty(text, async (subject) => {
        const line = headerLine(unstructured('Subject', subject));
        for (const part of line.split('\r\n')) expect(part.length).toBeLessThanOrEqual(78);
        for (const [, base64] of line.matchAll(/=\?UTF-8\?B\?(.*?)\?=/g))
          expect(() =>
            new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64 ?? '', 'base64')),
          ).not.toThrow();
        const mail = await PostalMime.parse(`${line}\r\n`);
        expect(mail.subject ?? '').toBe(oneLine(subject));
      }),
      { numRuns: 500 },
    );
  });

  it('has a date with a numeric zone', () => {
    expect(dateText(new Date('2026-11-09T07:05:03Z'))).toBe('Mon, 09 Nov 2026 07:05:03 +0000');
  });

  it('has one relaxed canonical form however it is folded', () => {
    expect(relaxedHeader({ name: 'SubJect', value: 'A  b\r\n \tc ' })).toBe('subject:A b c\r\n');
  });
});
