/** What the ways in hand on: webhooks, the mail receiver, the followed mailbox, and the command that reads files (rule: feedback). */
import type { FeedbackReport } from '../feedback.js';
import type { Reply } from '../reply.js';

/** Remembers what came back, and acts on it. */
export interface FeedbackSink {
  /**
   * Resolves when all of them are committed. A report whose id was taken before counts once, also within one call, so whoever did
   * not see the answer hands the same reports in again. Rejects when they could not be committed; the reporter is then asked to
   * come again. Reports that can be tied to no delivery are counted and change nobody.
   */
  take(reports: readonly FeedbackReport[], at: Date): Promise<TakenReports>;
}

export interface TakenReports {
  /** How many of the given reports are tied to a delivery, those taken before included. */
  readonly tied: number;
}

/** One mail that came back. */
export interface ReturnedMail {
  readonly raw: Uint8Array;
  /** Whom the envelope named, where it is known; the headers of the mail may name others. */
  readonly recipients: readonly string[];
}

/**
 * The reports of one mail. Never rejects for what the mail says: one that cannot be read is a report of kind `other`. A mail to an
 * address that `isUnsubscribe` knows asks for no more mail, whatever it says.
 */
export type ReadReturnedMail = (mail: ReturnedMail) => Promise<readonly FeedbackReport[]>;

/** Recognises the addresses that we signed. */
export interface SignedAddresses {
  /** An envelope sender of a delivery of ours, or an address of its `List-Unsubscribe`. */
  isOurs(address: string): boolean;
  /** Any mail to it asks for no more mail. */
  isUnsubscribe(address: string): boolean;
}

/** Takes mails that come back, whichever way they come. */
export interface ReturnedMails {
  /** Whether a mail to this address is for us. */
  accepts(address: string): boolean;
  /**
   * Resolves when what the mail says is committed: whether any of it is tied to a delivery. Rejects when it could not be; whoever
   * has the mail then keeps it and hands it in again.
   */
  take(mail: ReturnedMail): Promise<'tied' | 'unknown'>;
}

/** The codes of a server's reply that a report repeats, and its text on one line. */
export type ReadReply = (text: string) => Reply;

/** A mailbox that is followed by IMAP. */
export interface MailboxSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS, which only a server on this machine may lack. */
  readonly secure: boolean;
  readonly user: string;
  readonly password: string;
  readonly folder: string;
}
