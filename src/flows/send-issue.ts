/** Sends an issue by hand: freezes it when its editor confirms, then sends what is planned. */
import { addressFrom } from '../domain/address.js';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import { writeRecord } from './approval-record.js';
import type { CollectOptions } from './collect-posts.js';
import { freezeIssue, type NotFrozen } from './freeze-issue.js';
import type { House } from './house.js';
import { type ByHand, occasionByHand } from './occasion-by-hand.js';
import type { IssuePlan } from './plan-issue.js';
import { type PreviewReport, type PreviewRequest, previewIssue } from './preview-issue.js';
import { type SendOptions, type SendReport, sendPlanned } from './send-planned.js';

export interface SendIssueRequest extends CollectOptions, SendOptions {
  readonly newsletter: Newsletter;
  confirm(plan: IssuePlan): Promise<boolean>;
}

export type SendIssueReport = ({ readonly kind: 'sent' } & SendReport) | NotFrozen;

/** @throws GazetteError `send.not-ready` when something a real send needs is missing (laws §5.1) */
export async function sendIssue(house: House, request: SendIssueRequest): Promise<SendIssueReport> {
  const { newsletter } = request;
  refuseUnready(house, newsletter);
  let asked: ByHand | undefined;
  const occasion = async () => {
    asked = await occasionByHand(house, newsletter);
    return asked.occasion;
  };
  const frozen = await freezeIssue(house, { ...request, newsletter, occasion });
  if ('plan' in frozen) return frozen;
  // Whose word it was stays with the issue; that of its occurrence has it already.
  if (asked?.approved && frozen.issue.manual) {
    await writeRecord(house, newsletter, frozen.issue.occurrence, asked.approved);
  }
  return { kind: 'sent', ...(await sendPlanned(house, frozen.issue, request)) };
}

/**
 * Throws `send.not-ready` where something is missing that readers need. Loopback and file transports are for trying out,
 * and exempt. (rule: ready-to-send)
 * @param newsletter of the issue; absent for mails that belong to none
 */
export function refuseUnready(house: House, newsletter?: Newsletter): void {
  const missing = [
    ...house.missingForSending,
    ...(newsletter && !newsletter.postalAddress ? [`give newsletter “${newsletter.id}” a postalAddress`] : []),
  ];
  if (missing.length === 0 || house.transport().local) return;
  throw new GazetteError('send.not-ready', `Before a real send: ${missing.join('; ')}.`);
}

export type TestReport =
  | {
      readonly kind: 'tested';
      readonly to: string;
      readonly subject: string;
      readonly outcome: string;
      readonly reply: string;
    }
  | Exclude<PreviewReport, { readonly kind: 'preview' }>;

/** Sends the next issue to one address, outside the ledger, with dead links and “[Test]” before the subject (laws §5.3). Throws `address.invalid`. */
export async function sendTest(
  house: House,
  request: PreviewRequest & { readonly testTo: string },
): Promise<TestReport> {
  const to = addressFrom(request.testTo.trim())?.address;
  if (to === undefined) {
    throw new GazetteError('address.invalid', `“${request.testTo}” is not an address mail can be sent to.`);
  }
  const preview = await previewIssue(house, { ...request, testTo: to });
  if (preview.kind !== 'preview') return preview;
  const lane = house.transport().open();
  try {
    const outcome = await lane.send(preview.message, request.signal);
    const { kind, reply } = outcome;
    return { kind: 'tested', to, subject: preview.subject, outcome: kind, reply: reply.text };
  } finally {
    await lane.close();
  }
}
