/**
 * One reader's mail: the shared bytes of its edition, the reader's own values spliced in, and the headers a digest
 * needs. Each message is its own: one recipient, one Message-ID, the same at every try (rule: once).
 */
import { createHash } from 'node:crypto';
import { addressFrom, asciiDomainFrom } from '../domain/address.js';
import type { BegunDelivery, DeliveryRef } from '../domain/delivery.js';
import type { MergeValues } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import type { FrozenEdition } from '../domain/ports/ledger.js';
import type { MailBuilder, Message } from '../domain/ports/mail.js';
import { nameInMail } from '../domain/subscriber.js';
import { type DkimKey, type DkimSigner, openDkimSigner } from './dkim.js';
import { EditionCache } from './edition-cache.js';
import { type EncodedEdition, encodeEdition, urlText } from './encode-edition.js';
import { dateText, type Header, headerLine, mailbox, oneLine } from './header-text.js';

/** The links of one reader's copy. */
export interface ReaderLinks {
  /** A page with a button, for people. */
  readonly unsubscribeUrl: string;
  /** The one-click URL of RFC 8058: https, short, for the header alone. */
  readonly oneClickUrl: string;
  readonly preferencesUrl: string;
  readonly webUrl: string;
}

export interface MessageOptions {
  readonly links: (delivery: DeliveryRef, issue: FrozenEdition['issue']) => ReaderLinks;
  /** Our own domain, for Message-ID and List-Id; absent: that of the sender's address. */
  readonly domain?: string;
  /** Each delivery's own envelope sender (VERP); absent: the sender's address. */
  readonly envelopeFrom?: (delivery: DeliveryRef) => string;
  /** An address at which any mail unsubscribes the reader of a delivery; offered beside the one-click URL (RFC 2369 §3.2). */
  readonly unsubscribeAddress?: (delivery: DeliveryRef) => string;
  /** Header fields that repeat the Message-ID, for providers whose reports name a mail by them. */
  readonly echoHeaders?: (messageId: string) => readonly Header[];
  /** An https or mailto URL. */
  readonly listHelp?: string;
  /** The public page of an issue, where there is one. */
  readonly archiveUrl?: (edition: FrozenEdition) => string | undefined;
  /** The sender's field of Feedback-ID, 5 to 15 characters; absent: made from the domain. */
  readonly senderId?: string;
  readonly dkim?: readonly DkimKey[];
  /** A test mail: “[Test] ” before the subject, and a Message-ID of its own (rule: dead-links). */
  readonly test?: boolean;
  /** How many bytes of encoded editions are kept. */
  readonly cacheBytes?: number;
}

const CACHE_BYTES = 16_000_000;

/** Opens the maker of messages. Throws `env.invalid` for a DKIM key that cannot sign. */
export function openMailBuilder(options: MessageOptions): MailBuilder {
  const cache = new EditionCache<EncodedEdition>(options.cacheBytes ?? CACHE_BYTES);
  const signer = options.dkim?.length ? openDkimSigner(options.dkim) : undefined;
  return {
    build(edition, delivery, at) {
      const domain = domainOf(edition, options);
      const encoded = cache.get(`${edition.issue.uid}:${edition.id}:${edition.key}`, () =>
        encodeEdition(edition, {
          domain,
          senderId: options.senderId ?? `gz${digest(domain).slice(0, 10)}`,
          listHelp: options.listHelp,
          archiveUrl: options.archiveUrl?.(edition),
          subjectPrefix: options.test ? '[Test] ' : '',
        }),
      );
      const messageId = messageIdFor(edition, delivery, domain, options.test ? at : undefined);
      return composed(edition, delivery, at, { encoded, messageId, options, signer });
    },
  };
}

interface Making {
  readonly encoded: EncodedEdition;
  readonly messageId: string;
  readonly options: MessageOptions;
  readonly signer: DkimSigner | undefined;
}

function composed(
  edition: FrozenEdition,
  delivery: BegunDelivery,
  at: Date,
  making: Making,
): Message | Promise<Message> {
  const { encoded, messageId, options, signer } = making;
  const { subscriber } = delivery.reader;
  const { oneClickUrl, ...links } = options.links(delivery, edition.issue);
  const name = nameInMail(subscriber.name);
  const values: MergeValues = { name, address: subscriber.address, ...links };
  const to = wireAddress(subscriber.address);
  const own: Header[] = [
    { name: 'Date', value: dateText(at) },
    { name: 'Message-ID', value: messageId },
    mailbox('To', name, to),
    { name: 'List-Unsubscribe', value: unsubscribeWays(oneClickUrl, options.unsubscribeAddress?.(delivery)) },
  ];
  if (encoded.subjectFor) own.push(encoded.subjectFor(values));
  // Providers take them out, so no signature may cover them.
  const echoed = options.echoHeaders?.(messageId) ?? [];
  const body = encoded.bodyFor(values);
  const messageWith = (signatures: readonly Header[]): Message => {
    const head = [...signatures, ...echoed, ...own].map(headerLine).join('') + encoded.headerText;
    return {
      envelope: { from: options.envelopeFrom?.(delivery) ?? edition.issue.sender.address, to },
      content: [Buffer.from(head), ...body.parts],
      messageId,
    };
  };
  return signer ? signer([...own, ...encoded.headers], body, at).then(messageWith) : messageWith([]);
}

/** Best first: one click needs no mail program and is done at once. */
function unsubscribeWays(oneClickUrl: string, address: string | undefined): string {
  const oneClick = `<${urlText(oneClickUrl)}>`;
  if (address === undefined) return oneClick;
  const at = address.lastIndexOf('@');
  // “+” stands for itself in the address of a mailto URL (RFC 6068 §2).
  const local = encodeURIComponent(address.slice(0, at)).replace(/%2B/g, '+');
  return `${oneClick},\r\n <mailto:${local}${address.slice(at)}?subject=unsubscribe>`;
}

/** Deterministic, so that a second copy after an unknown outcome can be recognised (rule: once, RFC 5322 §3.6.4). */
function messageIdFor(edition: FrozenEdition, delivery: DeliveryRef, domain: string, testAt?: Date): string {
  const name = testAt
    ? nameFrom(`${edition.issue.uid}:${delivery.subscriber}:test:${testAt.getTime()}`)
    : messageName(edition.issue.uid, delivery.subscriber);
  return `<${name}@${domain}>`;
}

/** What is before the @ in the Message-ID of a delivery: who knows it has seen the mail, for the uid of an issue is in no mail. */
export function messageName(issueUid: string, subscriber: number): string {
  return nameFrom(`${issueUid}:${subscriber}`);
}

function nameFrom(seed: string): string {
  return digest(seed).slice(0, 32);
}

function domainOf(edition: FrozenEdition, options: MessageOptions): string {
  const given = options.domain ?? edition.issue.sender.address.slice(edition.issue.sender.address.lastIndexOf('@') + 1);
  const domain = /^[a-z0-9.-]+$/.test(given) ? given : asciiDomainFrom(given);
  if (domain !== undefined) return domain;
  throw new GazetteError('config.invalid', `“${given}” is not a domain that mail can come from.`, {
    hint: 'Give the newsletter’s sender an address at your own domain.',
  });
}

/** An address as the wire wants it: the local part untouched, the domain in A-labels (RFC 5321 §2.4). */
function wireAddress(address: string): string {
  if (/^[\w.+-]+@[a-z0-9.-]+$/.test(address)) return address;
  const read = addressFrom(address);
  // A text that is no address is made harmless here and refused by the transport, so that one bad row stops no other reader.
  if (read === undefined) return oneLine(address).replace(/[<>\s]/g, '');
  return `${read.address.slice(0, read.address.lastIndexOf('@'))}@${read.asciiDomain}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
