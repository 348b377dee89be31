/** A wish to receive that waits for its confirmation, and the evidence that is kept of it (GDPR Art. 7(1)). */
import type { CategoryPreferences } from './category.js';

/** What a link of a confirmation mail is good for: one thing each. */
export type SignUpPurpose = 'sign-up' | 'change-address';

/** Somebody asked, by a form, that an address gets a newsletter, or that a subscriber's mail goes to another address. */
export interface NewSignUp {
  readonly purpose: SignUpPurpose;
  readonly newsletter: string;
  readonly address: string;
  readonly addressKey: string;
  /** Empty when none was given. */
  readonly name: string;
  /** BCP 47; of the form, and of the mails to come. */
  readonly language: string;
  readonly wishes: CategoryPreferences;
  /** Whose address changes; absent for a sign-up. */
  readonly subscriber?: number;
  readonly asked: Asked;
}

/** How it was asked: the first half of the evidence. */
export interface Asked {
  readonly at: Date;
  /** The address of the form's page. */
  readonly form: string;
  /** What the form said would happen, word for word. */
  readonly text: string;
  /** A hash of that text, so that versions can be told apart. */
  readonly textVersion: string;
  readonly ip: string;
  readonly userAgent: string;
}

export interface SignUp extends NewSignUp {
  readonly id: number;
  /** The mail that asked for the confirmation; absent until it left. */
  readonly mailed?: { readonly at: Date; readonly messageId: string; readonly textVersion: string };
  readonly remindedAt?: Date;
  /** The second half of the evidence; absent until it was confirmed. */
  readonly confirmed?: Confirmed;
}

export interface Confirmed {
  readonly at: Date;
  readonly ip: string;
  readonly userAgent: string;
}

/** A link that confirms may be used for so long. */
export const CONFIRM_MS = 7 * 86_400_000;

/** What nobody confirmed is deleted after so long. */
export const FORGET_MS = 14 * 86_400_000;

/** After so long without an answer the one reminder goes out. */
export const REMIND_MS = 3 * 86_400_000;

/** No address gets more than one mail of this kind in so long. */
export const MAIL_EVERY_MS = 86_400_000;
