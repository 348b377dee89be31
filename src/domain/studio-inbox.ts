/** The studio's own mailbox, as its pages see it. */

/** What the studio may ask of its mailbox. */
export interface StudioInbox {
  /** `smtp://127.0.0.1:port`. */
  readonly url: string;
  /** Newest last; the oldest are dropped. */
  mails(): readonly InboxMail[];
  onMail(listener: () => void): void;
  clear(): void;
  /** Parsed. Throws `usage` for a mail that is not there. */
  mail(nth: number): Promise<OpenedMail>;
}

export interface InboxMail {
  /** Counts up from 1, for good. */
  readonly nth: number;
  readonly at: Date;
  readonly to: string;
  readonly subject: string;
  readonly from: string;
  readonly bytes: number;
}

export interface OpenedMail {
  readonly html: string | undefined;
  readonly text: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly source: string;
}
