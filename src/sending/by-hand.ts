/** Sends the next issue when a person asks for it: to all readers, or as a test to one address. */
import { addressFrom } from '../domain/address.js';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Transport } from '../domain/ports/mail.js';
import type { CollectOptions } from '../issue/collect.js';
import type { NotFrozen } from '../issue/freeze.js';
import type { Issues } from '../issue/index.js';
import type { IssuePlan } from '../issue/plan.js';
import type { PreviewReport, PreviewRequest } from '../issue/preview.js';
import type { SendOptions, SendReport } from './run.js';
import type { SendPlanned } from './send-planned.js';

export interface SendIssueRequest extends CollectOptions, SendOptions {
  readonly newsletter: Newsletter;
  /** Called with the issue just before it is frozen; nothing is sent or written when it answers `false`. */
  confirm(plan: IssuePlan): Promise<boolean>;
}

export type SendIssueReport = ({ readonly kind: 'sent' } & SendReport) | NotFrozen;

export type SendTestRequest = PreviewRequest & { readonly testTo: string };

export type TestReport =
  | {
      readonly kind: 'tested';
      readonly to: string;
      readonly subject: string;
      readonly outcome: string;
      readonly reply: string;
    }
  | Exclude<PreviewReport, { readonly kind: 'preview' }>;

export interface ByHandDeps {
  readonly issues: Pick<Issues, 'freezeNext' | 'preview' | 'approvals'>;
  refuseUnready(newsletter: Newsletter): void;
  readonly sendPlanned: SendPlanned;
  transport(): Pick<Transport, 'open'>;
}

export function openSendingByHand({ issues, refuseUnready, sendPlanned, transport }: ByHandDeps) {
  /** Freezes the next issue once `confirm` agrees, and sends it. Throws `send.not-ready`. */
  async function sendNext(request: SendIssueRequest): Promise<SendIssueReport> {
    const { newsletter } = request;
    refuseUnready(newsletter);
    const frozen = await issues.freezeNext(request);
    if ('plan' in frozen) return frozen;
    const { issue, approved } = frozen;
    // A manual issue has an occurrence of its own, so the approval it was sent with is written there as well.
    if (approved && issue.manual) await issues.approvals.write(newsletter, issue.occurrence, approved);
    return { kind: 'sent', ...(await sendPlanned(issue, request)) };
  }

  /**
   * Sends the next issue to one address and records nothing; its links are dead, and its subject begins with “[Test]”
   * (rule: dead-links). Throws `address.invalid`.
   */
  async function sendTest(request: SendTestRequest): Promise<TestReport> {
    const to = addressFrom(request.testTo.trim())?.address;
    if (to === undefined) {
      throw new GazetteError('address.invalid', `“${request.testTo}” is not an address mail can be sent to.`);
    }
    const preview = await issues.preview({ ...request, testTo: to });
    if (preview.kind !== 'preview') return preview;
    const connection = transport().open();
    try {
      const { kind, reply } = await connection.send(preview.message, request.signal);
      return { kind: 'tested', to, subject: preview.subject, outcome: kind, reply: reply.text };
    } finally {
      await connection.close();
    }
  }

  return { sendNext, sendTest };
}
