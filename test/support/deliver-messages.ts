/** Frozen editions, begun deliveries and messages with defaults, and a reader of raw mail that hides nothing. */

import type { MessageOptions } from '../../src/deliver/message.js';
import type { BegunDelivery } from '../../src/domain/delivery.js';
import type { Choice, EscapeContext, MergeField, MergeTag, RenderedMail, Segments } from '../../src/domain/edition.js';
import type { FrozenEdition } from '../../src/domain/ports/ledger.js';
import type { Message } from '../../src/domain/ports/mail.js';

export const AT = new Date('2026-06-01T08:00:00Z');

export function aMergeField(part: MergeTag, context: EscapeContext): MergeField {
  return { kind: 'hole', part, context };
}

export function aChoice(on: MergeTag, then: Segments, otherwise: Segments): Choice {
  return { kind: 'choice', on, then, otherwise };
}

export function aMail(with_: Partial<RenderedMail> = {}): RenderedMail {
  return {
    subject: ['Chemistry: two new posts'],
    preheader: 'Two new posts',
    html: [
      '<p>Hello ',
      aMergeField('name', 'html'),
      '</p>\n<p><a href="',
      aMergeField('unsubscribeUrl', 'html'),
      '">Leave</a></p>\n',
    ],
    text: ['Hello ', aMergeField('name', 'text'), '\n\nLeave: ', aMergeField('unsubscribeUrl', 'text'), '\n'],
    ...with_,
  };
}

export function anEdition(
  with_: Partial<Omit<FrozenEdition, 'issue' | 'mail'>> & {
    mail?: Partial<RenderedMail>;
    issue?: Partial<FrozenEdition['issue']>;
  } = {},
): FrozenEdition {
  const { mail, issue, ...rest } = with_;
  return {
    id: 1,
    key: 'edition-key',
    language: 'en',
    sections: ['chemistry'],
    ...rest,
    mail: aMail(mail),
    issue: {
      id: 7,
      uid: '0123456789abcdef0123456789abcdef',
      newsletter: 'weekly',
      number: 7,
      title: 'Notes from the Fourth Floor',
      sender: { name: 'Notes from the Fourth Floor', address: 'digest@fourth-floor.example.org' },
      ...issue,
    },
  };
}

export function aDelivery(
  with_: { subscriber?: number; address?: string; name?: string; attempt?: number } = {},
): BegunDelivery {
  const subscriber = with_.subscriber ?? 42;
  return {
    issue: 7,
    subscriber,
    edition: 1,
    attempt: with_.attempt ?? 1,
    reader: {
      subscriber: { id: subscriber, address: with_.address ?? 'reader@example.com', name: with_.name ?? '' },
      state: 'active',
      preferences: undefined,
      erased: false,
    },
  };
}

/** Links as another room would make them: short, of one reader. */
export const links: MessageOptions['links'] = ({ subscriber }, { newsletter }) => ({
  unsubscribeUrl: `https://news.example.org/unsubscribe/${newsletter}/${subscriber}?s=abc&t=def`,
  oneClickUrl: `https://news.example.org/u/${newsletter}/${subscriber}.abc`,
  preferencesUrl: `https://news.example.org/preferences/${newsletter}/${subscriber}`,
  webUrl: `https://news.example.org/web/${newsletter}/${subscriber}`,
});

/** A message that needs no signature is there at once. */
export function atOnce(message: Message | Promise<Message>): Message {
  if (message instanceof Promise) throw new Error('The message is not there at once.');
  return message;
}

export function rawOf(message: Message): Buffer {
  return Buffer.concat(message.content);
}

/** A message with this body, for tests of the wire alone. */
export function aMessage(with_: { to?: string; body?: string; content?: readonly Uint8Array[] } = {}): Message {
  const messageId = '<1234@fourth-floor.example.org>';
  return {
    envelope: { from: 'digest@fourth-floor.example.org', to: with_.to ?? 'reader@example.com' },
    content: with_.content ?? [
      Buffer.from(`From: digest@fourth-floor.example.org\r\nMessage-ID: ${messageId}\r\nSubject: Hello\r\n\r\n`),
      Buffer.from(with_.body ?? 'Hello\r\n'),
    ],
    messageId,
  };
}

/** The header fields of a raw mail in their order, unfolded, undecoded. */
export function fieldsOf(raw: Buffer): readonly { readonly name: string; readonly value: string }[] {
  const head = raw.subarray(0, raw.indexOf('\r\n\r\n')).toString();
  return head
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
    .map((line) => ({ name: line.slice(0, line.indexOf(':')), value: line.slice(line.indexOf(':') + 1).trim() }));
}

/** The one field of this name; fails when there is none or more. */
export function fieldOf(raw: Buffer, name: string): string {
  const found = fieldsOf(raw).filter((field) => field.name.toLowerCase() === name.toLowerCase());
  if (found.length !== 1) throw new Error(`${found.length} fields called ${name}`);
  return (found[0] as { value: string }).value;
}
