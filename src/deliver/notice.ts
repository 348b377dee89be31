/**
 * A mail to one person that belongs to no issue, such as one that asks for a confirmation: its own headers, and none of a
 * list, for there is nothing yet to unsubscribe from.
 */
import { createHash } from 'node:crypto';
import { addressFrom } from '../domain/address.js';
import type { NoticeBuilder } from '../domain/ports/mail.js';
import { ByteWriter } from './byte-writer.js';
import { type DkimKey, openDkimSigner } from './dkim.js';
import { encodeSegments } from './encode-segments.js';
import { dateText, type Header, headerLine, mailbox, unstructured } from './header-text.js';

export interface NoticeOptions {
  readonly dkim?: readonly DkimKey[];
}

/** No holes are in it. */
const NO_VALUES = { name: '', address: '', unsubscribeUrl: '', preferencesUrl: '', webUrl: '' };

/** Opens the maker of single mails. Throws `env.invalid` for a DKIM key that cannot sign. */
export function openNoticeBuilder({ dkim }: NoticeOptions = {}): NoticeBuilder {
  const signer = dkim?.length ? openDkimSigner(dkim) : undefined;
  return {
    async build(mail, from, to, id, at) {
      const name = createHash('sha256').update(id).digest('hex').slice(0, 32);
      const messageId = `<${name}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`;
      const recipient = wireAddress(to);
      const boundary = `=_${name}`;
      const headers: readonly Header[] = [
        { name: 'Date', value: dateText(at) },
        { name: 'Message-ID', value: messageId },
        mailbox('From', from.name, from.address),
        mailbox('To', '', recipient),
        unstructured('Subject', mail.subject),
        { name: 'Auto-Submitted', value: 'auto-generated' },
        { name: 'X-Auto-Response-Suppress', value: 'All' },
        { name: 'MIME-Version', value: '1.0' },
        { name: 'Content-Type', value: `multipart/alternative;\r\n boundary="${boundary}"` },
      ];
      const body = new ByteWriter();
      for (const [type, text] of [
        ['text/plain', mail.text],
        ['text/html', mail.html],
      ] as const) {
        const part = encodeSegments([text]);
        body.text(
          `\r\n--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${part.encoding}\r\n\r\n`,
        );
        part.fill(NO_VALUES, body);
      }
      body.text(`\r\n--${boundary}--\r\n`);
      const ended = body.end();
      const signatures = (await signer?.(headers, ended, at)) ?? [];
      const head = `${[...signatures, ...headers].map(headerLine).join('')}\r\n`;
      return {
        envelope: { from: from.address, to: recipient },
        content: [Buffer.from(head), ...ended.parts],
        messageId,
      };
    },
  };
}

/** The local part untouched, the domain in A-labels (RFC 5321 §2.4). */
function wireAddress(address: string): string {
  const read = addressFrom(address);
  return read === undefined ? '' : `${read.address.slice(0, read.address.lastIndexOf('@'))}@${read.asciiDomain}`;
}
