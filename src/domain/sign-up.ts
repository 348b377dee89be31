/** A request to receive mail that waits for confirmation, and the evidence of consent (GDPR Art. 7(1)). */
import type { CategoryPreferences } from './category.js';

/** What the link of a confirmation mail confirms: one thing each. */
export type SignUpPurpose = 'sign-up' | 'change-address';

/** A request, by a form, that an address gets a newsletter, or that a subscriber's mail goes to another address. */
export interface NewSignUp {
  readonly purpose: SignUpPurpose;
  readonly newsletter: string;
  readonly address: string;
  readonly addressKey: string;
  /** Empty when none was given. */
  readonly name: string;
  /** BCP 47; of the form, and of the mails to come. */
  readonly language: string;
  readonly preferences: CategoryPreferences;
  /** The reader whose address changes; absent for a sign-up. */
  readonly subscriber?: number;
  readonly asked: Asked;
}

/** The first half of the evidence: how it was asked. */
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

/** Longer ones are cut. */
export const LONGEST_USER_AGENT = 300;

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

/** How long a confirmation link works. */
export const CONFIRM_MS = 7 * 86_400_000;

/** When an unconfirmed request is deleted. */
export const FORGET_MS = 14 * 86_400_000;

/** When the one reminder is sent. */
export const REMIND_MS = 3 * 86_400_000;

/** An address gets at most one mail of this kind within this time. */
export const MAIL_EVERY_MS = 86_400_000;
