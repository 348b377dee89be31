/** The sending module: sends issues to their readers, continues or pauses them, and reports what became of each delivery. */
import type { Issue } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Clock, Log, Processes } from '../domain/ports/host.js';
import type { MailBuilder, Note, RateLimit, Transport } from '../domain/ports/mail.js';
import type { Store } from '../domain/ports/storage.js';
import type { Issues } from '../issue/index.js';
import { openSendingByHand } from './by-hand.js';
import { openConnectionSlots } from './connection-slots.js';
import { openConnections } from './connections.js';
import { openDeliveryQueues } from './delivery-queue.js';
import { openIssueReports } from './issues.js';
import { openRunJudge } from './judge-run.js';
import { openLearnedLimits } from './learned-limits.js';
import { openLeases } from './leases.js';
import { openIssuesToSend } from './open-issues.js';
import { openSendingQuestions } from './open-questions.js';
import { openPauseReasons } from './pause-reason.js';
import { refuseUnready } from './refuse-unready.js';
import { openResuming } from './resume.js';
import { openReturning } from './return-refused.js';
import type { SendOptions } from './run.js';
import { openSendPlanned } from './send-planned.js';

/** What the parts of this module need, together; each part is opened with the few it uses. */
export interface SendingPorts {
  readonly store: Pick<Store, 'ledger' | 'shared' | 'copiedAt'>;
  readonly newsletters: ReadonlyMap<string, Newsletter>;
  readonly issues: Pick<Issues, 'freezeNext' | 'preview' | 'approvals'>;
  readonly mailBuilder: MailBuilder;
  /** Opened when first needed: only what sends needs a mail server. */
  transport(): Transport;
  rateLimit(): RateLimit;
  readonly missingForSending: readonly string[];
  /** Notifies the editor, once for each note. */
  notifyEditor(note: Note): Promise<void>;
  readonly clock: Clock;
  readonly processes: Processes;
  readonly log: Log;
}

export type Sending = ReturnType<typeof openSending>;

export function openSending(ports: SendingPorts) {
  const { store, issues, clock } = ports;
  const { ledger, shared } = store;
  const leases = openLeases({ ...ports, ledger });
  const queues = openDeliveryQueues({ ...ports, ledger });
  const learnedLimits = openLearnedLimits({ ...ports, shared });
  const slots = openConnectionSlots({ ...ports, learnedLimits });
  const connections = openConnections({ ...ports, ledger, queues, slots });
  const pauseReasons = openPauseReasons({ ...ports, shared });
  const judge = openRunJudge({ ...ports, ledger, pauseReasons });
  const sendPlanned = openSendPlanned({ ...ports, leases, judge, connections });
  const returning = openReturning({ ...ports, pauseReasons });
  const ready = { ...ports, refuseUnready: (newsletter?: Newsletter) => refuseUnready(ports, newsletter), sendPlanned };
  const resuming = openResuming({ ...ready, pauseReasons, returning });
  const issuesToSend = openIssuesToSend({ ...ports, ledger });
  return {
    ...openSendingByHand({ ...ready, ledger }),
    ...resuming,
    /** A person sends once more to readers who were rejected, or whose outcome is unknown. */
    resend: (newsletter: Newsletter, number: number, only: 'rejected' | 'unknown', options: SendOptions = {}) =>
      resuming.resend(newsletter, number, { only, now: clock.now() }, options),
    resendable: (issue: Issue) => resuming.resendable(issue, clock.now()),
    ...openIssueReports({ ledger, approvals: issues.approvals, pauseReasons }),
    sendPlanned,
    returnRefused: returning.returnRefused,
    issuesToSend: () => issuesToSend(clock.now()),
    /** Why the program paused an issue; `undefined` when it is not paused, or a person paused it. */
    pauseReason: pauseReasons.read,
    /** Pauses an issue for what came back of it. */
    pauseFor: judge.pauseFor,
    /** What was learned of the mail servers used lately. */
    serverLimits: learnedLimits.all,
    ...openSendingQuestions({ ...ports, ledger, pauseReasons }),
    refuseUnready: ready.refuseUnready,
  };
}
