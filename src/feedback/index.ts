/** The feedback module: what comes back after a server has accepted a mail, and what it means for the reader (rule: feedback). */
import type { JudgeBounce } from '../domain/feedback.js';
import { type BreakerPolicy, type SoftBouncePolicy, whyBreak } from '../domain/feedback-effects.js';
import type { FeedbackSink, ReadReply, SignedAddresses } from '../domain/ports/feedback.js';
import type { Clock, FetchWeb, Files, Log } from '../domain/ports/host.js';
import type { Store } from '../domain/ports/storage.js';
import type { HookSettings } from '../domain/providers.js';
import type { Sending } from '../sending/index.js';
import { openBreaker } from './breaker.js';
import { openHooks } from './hooks.js';
import { openReadMails } from './read-mails.js';
import { openReadReturnedMail } from './read-returned-mail.js';
import { openReturnedMails } from './returned-mails.js';
import { openReportTaker } from './take-reports.js';
import { openTidying } from './tidy.js';
import { openTieReport, type ReportSignatures } from './tie-report.js';

/** What the parts of this module need, together; each part is opened with the few it uses. */
export interface FeedbackPorts {
  readonly store: Pick<Store, 'feedback' | 'audience' | 'ledger'>;
  readonly feedbackRules: FeedbackRules;
  readonly sending: Pick<Sending, 'pauseFor'>;
  readonly files: Pick<Files, 'list' | 'stream'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Absent where no provider reports. */
  readonly hookTools?: HookTools;
  /** A copy of the database takes no report from its original. */
  refuseCopy(): Promise<void>;
}

/** What webhooks need. */
export interface HookTools {
  readonly settings: HookSettings;
  readonly fetchWeb: FetchWeb;
  readonly replyFrom: ReadReply;
}

/** What is signed, how replies are judged, and how much is too much. */
export interface FeedbackRules {
  readonly judgeBounce: JudgeBounce;
  readonly signatures: ReportSignatures;
  /** Absent where nothing is signed. */
  readonly signed?: SignedAddresses;
  readonly softBounces: SoftBouncePolicy;
  readonly breaker: BreakerPolicy;
}

export type Feedback = ReturnType<typeof openFeedback>;

export function openFeedback(ports: FeedbackPorts) {
  const { store, feedbackRules: rules, clock, log } = ports;
  const { signed, signatures, judgeBounce: judge } = rules;
  const breaker = openBreaker({
    fewest: rules.breaker.fewest,
    ledger: store.ledger,
    feedback: store.feedback,
    whyBreak: (counts) => whyBreak(counts, rules.breaker),
    pauseFor: ports.sending.pauseFor,
  });
  const sink = openReportTaker({
    store: store.feedback,
    tie: openTieReport({ store: store.feedback, audience: store.audience, signatures }),
    policy: rules.softBounces,
    afterTaking: breaker.check,
    log,
  });
  const readReturnedMail = openReadReturnedMail({ judge, ...(signed && { signed }) });
  const service: FeedbackSink = {
    take: async (reports, at) => {
      await ports.refuseCopy();
      return sink.take(reports, at);
    },
  };
  return {
    /** Mails as `serve` takes them. */
    returnedMails: openReturnedMails({ read: readReturnedMail, ...(signed && { signed }), sink: service, clock }),
    ...(ports.hookTools && {
      hooks: openHooks({ ...ports.hookTools, judgeBounce: judge, sink: service, clock, log }),
    }),
    /** Where every way in hands its reports. */
    sink,
    readReturnedMail,
    readMails: openReadMails({ ...ports, read: readReturnedMail, taker: sink }),
    ofIssue: store.feedback.ofIssue,
    byDomain: store.feedback.byDomain,
    ties: store.feedback.ties,
    tidying: openTidying({ store: store.feedback, clock }),
  };
}
