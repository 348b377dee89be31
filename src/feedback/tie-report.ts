/**
 * Which delivery a report is about. What a mail says of itself proves nothing: only what we signed, and what nobody but the reader's
 * own server has seen, ties it (rule: feedback).
 */
import { addressFrom } from '../domain/address.js';
import type { DeliveryRef } from '../domain/delivery.js';
import type { FeedbackReport } from '../domain/feedback.js';
import type { AudienceStore } from '../domain/ports/audience.js';
import type { FeedbackEvent, FeedbackStore, SentDelivery, Tie } from '../domain/ports/feedback-store.js';

export interface TieReportDeps {
  readonly store: Pick<FeedbackStore, 'sentDelivery' | 'sentTo'>;
  readonly audience: Pick<AudienceStore, 'find'>;
  readonly signatures: ReportSignatures;
}

/** What we sign into our mails. */
export interface ReportSignatures {
  /** The delivery of an envelope sender or an unsubscribe address; `undefined` when it was not signed here. */
  deliveryOf(address: string): DeliveryRef | undefined;
  /** Whether an address is one of the mailbox that ours are made of. */
  isOurMailbox(address: string): boolean;
  /** The reader of a signed link. */
  readerOf(url: string): { readonly newsletter: string; readonly subscriber: number } | undefined;
  /** What is left of the @ in the Message-ID of a delivery. */
  messageName(issueUid: string, subscriber: number): string;
}

export type Tied = { readonly tie: Tie; readonly delivery?: NonNullable<FeedbackEvent['delivery']> };
export type TieReport = (report: FeedbackReport, at: Date) => Promise<Tied>;

/** Webhooks prove who calls; what they name is believed. Ids of mails begin like this. */
const OF_A_MAIL = 'mail:';

/** A provider reports within days. */
const LONGEST_DELAY_MS = 30 * 24 * 60 * 60 * 1000;

export function openTieReport({ store, audience, signatures }: TieReportDeps): TieReport {
  return async (report, at) => {
    const { names } = report;
    let isForged = false;
    for (const address of names.envelopes) {
      const ref = signatures.deliveryOf(address);
      const sent = ref && (await store.sentDelivery(ref));
      if (sent) return tiedTo(sent);
      isForged ||= ref !== undefined || (isTagged(address) && signatures.isOurMailbox(address));
    }
    const sent = (await byLink(report)) ?? (await byRecipient(report, at));
    return sent ? tiedTo(sent) : { tie: isForged ? 'forged' : 'untied' };
  };

  /** The signed link of the returned header names the reader; the issue is the one named beside it, else the latest. */
  async function byLink({ names }: FeedbackReport): Promise<SentDelivery | undefined> {
    for (const url of names.links ?? []) {
      const ref = url.startsWith('mailto:') ? signatures.deliveryOf(url.slice('mailto:'.length)) : undefined;
      const named = ref && (await store.sentDelivery(ref));
      if (named) return named;
      const reader = signatures.readerOf(url);
      if (!reader) continue;
      const sent = (await store.sentTo(reader.subscriber)).filter(({ newsletter }) => newsletter === reader.newsletter);
      return sent.find(({ newsletter, number }) => names.feedbackId?.startsWith(`${newsletter}-${number}:`)) ?? sent[0];
    }
    return undefined;
  }

  /** Anybody may write an address into a mail; with the Message-ID of a mail to this very reader it comes from who has seen that. */
  async function byRecipient({ id, names }: FeedbackReport, at: Date): Promise<SentDelivery | undefined> {
    const address = names.recipient === undefined ? undefined : addressFrom(names.recipient);
    const found = address && (await audience.find(address.key));
    if (!found) return undefined;
    const sent = await store.sentTo(found.subscriber.id);
    const name = names.messageId?.split('@')[0]?.toLowerCase();
    const named = sent.find(({ uid, subscriber }) => signatures.messageName(uid, subscriber) === name);
    if (named || id.startsWith(OF_A_MAIL)) return named;
    return sent.find(({ settledAt }) => settledAt && at.getTime() - settledAt.getTime() < LONGEST_DELAY_MS);
  }
}

function tiedTo({ issue, subscriber, newsletter }: SentDelivery): Tied {
  return { tie: 'tied', delivery: { issue, subscriber, newsletter } };
}

function isTagged(address: string): boolean {
  return address.includes('+');
}
