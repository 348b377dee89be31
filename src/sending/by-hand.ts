/** Sends the next issue when a person asks for it: to all readers, or as a test to one address. */
import { addressFrom } from '../domain/address.js';
import { openCount } from '../domain/delivery.js';
import { GazetteError } from '../domain/errors.js';
import type { Issue } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { Transport } from '../domain/ports/mail.js';
import type { CollectOptions } from '../issue/collect.js';
import type { FreezeRequest, NotFrozen } from '../issue/freeze-next.js';
import type { Issues } from '../issue/index.js';
import type { PreviewReport, PreviewRequest } from '../issue/preview.js';
import type { SendOptions, SendReport } from './run.js';
import type { SendPlanned } from './send-planned.js';

export interface SendIssueRequest extends CollectOptions, SendOptions {
  readonly newsletter: Newsletter;
  /** Called with the issue just before it is frozen; nothing is sent or written when it answers `false`. */
  confirm: FreezeRequest['confirm'];
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

export interface UnfinishedIssue {
  readonly issue: Issue;
  /** Mails that are still to be sent. */
  readonly left: number;
}

export interface ByHandDeps {
  readonly issues: Pick<Issues, 'freezeNext' | 'preview' | 'approvals'>;
  refuseUnready(newsletter: Newsletter): void;
  readonly sendPlanned: SendPlanned;
  readonly ledger: Pick<Ledger, 'unfinishedIssues' | 'counts'>;
  transport(): Pick<Transport, 'open' | 'probe' | 'description'>;
}

export function openSendingByHand({ issues, refuseUnready, sendPlanned, ledger, transport }: ByHandDeps) {
  /** Freezes the next issue once `confirm` agrees, and sends it. Throws `send.not-ready` and `transport.failed`. */
  async function sendNext(request: SendIssueRequest): Promise<SendIssueReport> {
    const { newsletter } = request;
    refuseUnready(newsletter);
    const frozen = await issues.freezeNext({
      ...request,
      confirm: async (plan, check) => {
        await refuseUnreachable(newsletter, request.signal);
        return request.confirm(plan, check);
      },
    });
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

  /**
   * What would stop the issue at its first mail is found before it is frozen. The server is not asked about a recipient: it may
   * know none of the sender's own.
   */
  async function refuseUnreachable({ sender }: Newsletter, signal?: AbortSignal): Promise<void> {
    const { description, ...server } = transport();
    const probe = await server.probe?.({ address: sender.address, upTo: 'sender' }, signal);
    if (probe?.kind !== 'failed' || probe.isTemporary) return;
    throw new GazetteError('transport.failed', `The mail server ${description} cannot be used: ${probe.text}`, {
      hint: `${probe.advice ?? 'Check SMTP_URL with `gazette doctor`.'} No issue was made.`,
    });
  }

  /** Issues of a newsletter that still have mails to send, oldest first, each with how many. */
  async function unfinished({ id }: Newsletter): Promise<readonly UnfinishedIssue[]> {
    const own = (await ledger.unfinishedIssues()).filter(({ newsletter }) => newsletter === id);
    const counted = await Promise.all(
      own.map(async (issue) => ({ issue, left: openCount(await ledger.counts(issue.id)) })),
    );
    return counted.filter(({ left }) => left > 0);
  }

  return { sendNext, sendTest, unfinished };
}
