/** Sends an issue by hand: freezes it when its editor confirms, then sends what is planned. */

import type { AppContext } from '../app-context.js';
import { addressFrom } from '../domain/address.js';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { CollectOptions } from '../issue/collect.js';
import type { NotFrozen } from '../issue/freeze.js';
import type { IssuePlan } from '../issue/plan.js';
import type { PreviewReport, PreviewRequest } from '../issue/preview.js';
import { refuseUnready } from './refuse-unready.js';
import { type SendOptions, type SendReport, sendPlanned } from './run.js';

export { refuseUnready } from './refuse-unready.js';

export interface SendIssueRequest extends CollectOptions, SendOptions {
  readonly newsletter: Newsletter;
  confirm(plan: IssuePlan): Promise<boolean>;
}

export type SendIssueReport = ({ readonly kind: 'sent' } & SendReport) | NotFrozen;

/** @throws GazetteError `send.not-ready` when something a real send needs is missing (rule: ready-to-send) */
export async function sendIssue(deps: AppContext, request: SendIssueRequest): Promise<SendIssueReport> {
  const { newsletter } = request;
  refuseUnready(deps, newsletter);
  const frozen = await deps.issues.freezeNext(request);
  if ('plan' in frozen) return frozen;
  const { issue, approved } = frozen;
  // The approval of an issue made by hand is kept with it; that of an occurrence is already kept with the occurrence.
  if (approved && issue.manual) await deps.issues.approvals.write(newsletter, issue.occurrence, approved);
  return { kind: 'sent', ...(await sendPlanned(deps, issue, request)) };
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

/** Sends the next issue to one address, outside the ledger, with dead links and “[Test]” before the subject (rule: dead-links). Throws `address.invalid`. */
export async function sendTest(
  deps: AppContext,
  request: PreviewRequest & { readonly testTo: string },
): Promise<TestReport> {
  const to = addressFrom(request.testTo.trim())?.address;
  if (to === undefined) {
    throw new GazetteError('address.invalid', `“${request.testTo}” is not an address mail can be sent to.`);
  }
  const preview = await deps.issues.preview({ ...request, testTo: to });
  if (preview.kind !== 'preview') return preview;
  const lane = deps.transport().open();
  try {
    const outcome = await lane.send(preview.message, request.signal);
    const { kind, reply } = outcome;
    return { kind: 'tested', to, subject: preview.subject, outcome: kind, reply: reply.text };
  } finally {
    await lane.close();
  }
}
