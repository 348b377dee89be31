/** What the formats of reports have in common. */
import type { JudgeBounce } from '../../domain/feedback.js';
import type { Reply } from '../../domain/reply.js';
import type { ReturnedMessage } from './returned-message.js';

/** What a format finds said about one recipient. */
export type Said =
  | { readonly kind: 'failed' | 'delayed'; readonly recipient?: string; readonly reply: Reply; readonly at?: Date }
  | {
      readonly kind: 'delivered' | 'complaint' | 'unsubscribe' | 'auto-reply' | 'other';
      readonly recipient?: string;
      readonly at?: Date;
    };

/** One form of report. */
export interface ReportFormat {
  readonly name: string;
  /** What the message says; `undefined` when it has another form. Never throws. */
  read(message: ReturnedMessage, judge: JudgeBounce): readonly Said[] | undefined;
}

/** No report names as many readers of one issue; the rest is not read. */
export const MOST_RECIPIENTS = 500;

/** The first reply whose judgement is no guess, else the first. */
export function tellingReply(replies: readonly Reply[], judge: JudgeBounce): Reply {
  return replies.find((reply) => !judge(reply).isGuess) ?? replies[0] ?? { text: '' };
}
