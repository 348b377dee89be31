/** Mails that come back by the receiver or the mailbox: read, and handed to the sink (rule: feedback). */
import type { FeedbackSink, ReadReturnedMail, ReturnedMails, SignedAddresses } from '../domain/ports/feedback.js';
import type { Clock } from '../domain/ports/host.js';

export interface ReturnedMailsDeps {
  readonly read: ReadReturnedMail;
  /** Absent where nothing is signed: then no address is ours. */
  readonly signed?: Pick<SignedAddresses, 'isOurs'>;
  readonly sink: FeedbackSink;
  readonly clock: Pick<Clock, 'now'>;
}

export function openReturnedMails({ read, signed, sink, clock }: ReturnedMailsDeps): ReturnedMails {
  return {
    accepts: (address) => signed?.isOurs(address) ?? false,
    async take(mail) {
      const { tied } = await sink.take(await read(mail), clock.now());
      return tied > 0 ? 'tied' : 'unknown';
    },
  };
}
