import type { Category } from './category.js';
import { GazetteError } from './errors.js';

/** A publication with a title, sender, schedule, sources and theme. */
export interface Newsletter {
  readonly id: string;
  readonly title: string;
  /** BCP 47; the language for readers who name none. */
  readonly language: string;
  /** IANA name. */
  readonly timezone: string;
  readonly schedule: string;
  readonly sources: readonly SourceChoice[];
  /** In the order of the sections. */
  readonly categories: readonly Category[];
  readonly theme: string;
  /** What it changes of the theme's look. */
  readonly look?: NewsletterLook;
  readonly sender: Mailbox;
  /** Who mails that ask for a confirmation are from; the sender when absent. */
  readonly confirmationSender?: Mailbox;
  readonly replyTo?: string;
  readonly postalAddress?: string;
  readonly pictures: ShownPictures;
  /** A template for the subject; absent: made from the posts. */
  readonly subject?: string;
  readonly minPosts: number;
  readonly maxPosts: number;
  /** Where the first issue begins to look; absent: one period of the schedule before it (rule: first-issue). */
  readonly baseline?: Date;
  readonly maxAgeMs: number;
  readonly maxLatenessMs: number;
  readonly approval: Approval;
  readonly onUnknownOutcome: OnUnknownOutcome;
  readonly onSourceFailure: OnSourceFailure;
}

/** The colours and logo of a newsletter, on top of its theme's look. */
export interface NewsletterLook {
  /** `#rrggbb`. Themes use a shade of it that can be read on their grounds. */
  readonly accent?: string;
  readonly logo?: Logo;
}

export interface Logo {
  /** An absolute https address. */
  readonly src: string;
  /** CSS pixels. */
  readonly width: number;
}

/** Which posts of an issue are shown with their picture: the first one alone, each, or none. */
export type ShownPictures = 'lead' | 'each' | 'none';

/** One of a newsletter's sources, and which of its categories it takes; empty lists mean no restriction. */
export interface SourceChoice {
  readonly name: string;
  readonly only: readonly string[];
  readonly except: readonly string[];
}

/** A name and an address, as in a From header. The address is ASCII, its domain in A-labels. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

export type Approval =
  | { readonly kind: 'none' }
  | { readonly kind: 'required' }
  | { readonly kind: 'veto'; readonly ms: number };

/** What happens to a delivery when it is not known whether the server accepted it (rule: states). */
export type OnUnknownOutcome = 'resend' | 'hold';

export type OnSourceFailure =
  | { readonly kind: 'send-without' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'stop' };

/** The newsletter of this id, or the only one there is where no id is given. Throws `config.missing-newsletter`. */
export function newsletterNamed(
  { newsletters }: { readonly newsletters: ReadonlyMap<string, Newsletter> },
  id: string | undefined,
): Newsletter {
  const [only, ...others] = newsletters.values();
  const found = id !== undefined ? newsletters.get(id) : others.length === 0 ? only : undefined;
  if (found) return found;
  const known = [...newsletters.keys()].join(', ') || 'none';
  const several = 'There are several newsletters: name one of them.';
  const message = id !== undefined ? `There is no newsletter “${id}”.` : only ? several : 'There is no newsletter.';
  throw new GazetteError('config.missing-newsletter', message, { hint: `Known newsletters: ${known}.` });
}
