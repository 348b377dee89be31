/** Sign-ups and changes of address that wait for a confirmation. */
import type { Confirmed, NewSignUp, SignUp, SignUpPurpose } from '../sign-up.js';

/** Sign-ups between form and confirmation. Only hashes of tokens are kept. */
export interface SignUpStore {
  /** Keeps a request; an earlier one like it whose mail has not left gives way. */
  ask(signUp: NewSignUp): Promise<void>;
  /** Requests whose mail is due: not put off, and the address got none since `mailedSince`. Oldest first. */
  toMail(now: Date, mailedSince: Date, limit: number): Promise<readonly SignUp[]>;
  /** Sign-ups mailed by a moment, neither confirmed nor reminded, not put off; oldest first. */
  toRemind(now: Date, mailedBy: Date, limit: number): Promise<readonly SignUp[]>;
  /** When this address last got a mail that asked for a confirmation. */
  lastMailed(addressKey: string): Promise<Date | undefined>;
  /** Keeps the token of a mail before it is sent, so that it works even if the sender dies. */
  keepToken(id: number, token: SignUpToken): Promise<void>;
  /** The mail has left. */
  mailed(id: number, mail: MailedSignUp): Promise<void>;
  /** The mail could not leave: it is tried again later, and later each time. */
  putOff(id: number, now: Date): Promise<void>;
  /** No mail will be sent for this request, or no reminder. */
  leave(id: number, at: Date, what: 'mail' | 'reminder'): Promise<void>;
  find(
    tokenHash: string,
    purpose: SignUpPurpose,
  ): Promise<{ readonly signUp: SignUp; readonly expiresAt: Date } | undefined>;
  /**
   * Uses a token, once. A confirmed sign-up is an active subscription from then on; a confirmed
   * change of address has moved its reader.
   */
  confirm(tokenHash: string, purpose: SignUpPurpose, by: Confirmed): Promise<ConfirmResult>;
  /** Everything kept about how an address came to be written to. */
  evidence(addressKey: string): Promise<readonly SignUp[]>;
  /** The same of everybody who confirmed, oldest first. */
  allEvidence(): AsyncIterable<SignUp>;
  /** Forgets everything about a person's address, and what they asked for at others. */
  forget(addressKey: string, subscriber: number): Promise<number>;
  /** Deletes what was asked before a moment and never confirmed. */
  forgetUnconfirmed(askedBefore: Date): Promise<number>;
}

export interface SignUpToken {
  readonly tokenHash: string;
  readonly purpose: SignUpPurpose;
  readonly expiresAt: Date;
}

export interface MailedSignUp {
  readonly at: Date;
  readonly messageId: string;
  readonly textVersion: string;
  readonly isReminder: boolean;
}

export type ConfirmResult =
  /** `taken`: the address is another subscriber's, and nothing was changed. */
  | { readonly kind: 'confirmed' | 'again' | 'expired' | 'taken'; readonly signUp: SignUp }
  | { readonly kind: 'missing' };
