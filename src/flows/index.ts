/** The stories the doors may ask for: one object, and the only one they hold. */
import { COLUMNS, type Column } from '../audience/csv-columns.js';
import { type ColumnMap, CSV_PRESETS } from '../audience/csv-presets.js';
import { writeSubscribers } from '../audience/export-csv.js';
import { GazetteError } from '../domain/errors.js';
import type { Issue } from '../domain/issue.js';
import type { SubscriberRow } from '../domain/ports.js';
import { type AcceptReport, acceptWithdrawals } from './accept-withdrawals.js';
import {
  type Answer,
  type ApprovalReport,
  type ApprovalStatus,
  answerNext,
  readApproval,
  type WithdrawalReport,
  withdrawAnswer,
} from './approve-issue.js';
import { type CheckReport, type CheckRequest, checkIssue } from './check-issue.js';
import { collectBetween } from './collect-between.js';
import type { CollectOptions } from './collect-posts.js';
import { type AdoptReport, type AdoptRequest, adoptCopy, backupStore } from './copies.js';
import { forgetOld } from './forget-old.js';
import { type House, newsletterNamed } from './house.js';
import { type ImportReport, type ImportRequest, importSubscribers } from './import-subscribers.js';
import * as issues from './issues.js';
import { issuesToSend } from './open-issues.js';
import { type IssuePlan, type PlanRequest, planIssue } from './plan-issue.js';
import { type PreviewReport, type PreviewRequest, previewIssue } from './preview-issue.js';
import { type DueReport, publishDue } from './publish-due.js';
import { type Rehearsal, type RehearseRequest, rehearse } from './rehearse.js';
import type { ReturnReport, WhichRefusals } from './return-refused.js';
import { type SendIssueReport, type SendIssueRequest, sendIssue, sendTest, type TestReport } from './send-issue.js';
import type { SendOptions, SendReport } from './send-planned.js';
import { readStatus, type Status } from './status.js';
import type { AddRequest, OneAdded } from './subscribers.js';
import * as subscribers from './subscribers.js';
import { noteOnDue, noteOnStop, tellOnce, tellWaiting } from './tell-editor.js';
import { type PreviewFiles, writePreview } from './write-preview.js';

/** A request as a door makes it: the newsletter by its id, or none where there is only one. */
export type Asked<Request> = Omit<Request, 'newsletter'> & { readonly newsletter?: string | undefined };

/** Names one issue. */
export interface IssueRef {
  readonly newsletter?: string | undefined;
  readonly number: number;
}

export type Flows = ReturnType<typeof openFlows>;

export function openFlows(house: House) {
  const named = <Request>(request: Asked<Request>) =>
    ({ ...request, newsletter: newsletterNamed(house, request.newsletter) }) as unknown as Request;
  const newsletterOf = ({ newsletter }: { newsletter?: string | undefined }) => newsletterNamed(house, newsletter);
  return {
    plan: (request: Asked<PlanRequest>): Promise<IssuePlan> => planIssue(house, named<PlanRequest>(request)),
    rehearse: (request: Asked<RehearseRequest>): Promise<Rehearsal> => rehearse(house, named<RehearseRequest>(request)),
    preview: (request: Asked<PreviewRequest>): Promise<PreviewReport> =>
      previewIssue(house, named<PreviewRequest>(request)),
    /** What an editor should mend before the next issue leaves. */
    check: (request: Asked<CheckRequest>): Promise<CheckReport> => checkIssue(house, named<CheckRequest>(request)),
    writePreview: (preview: PreviewReport & { kind: 'preview' }, folder?: string): Promise<PreviewFiles> =>
      writePreview(house, preview, folder),
    send: (request: Asked<SendIssueRequest>): Promise<SendIssueReport> =>
      sendIssue(house, named<SendIssueRequest>(request)),
    sendTest: (request: Asked<PreviewRequest & { testTo: string }>): Promise<TestReport> =>
      sendTest(house, named<PreviewRequest & { testTo: string }>(request)),

    /** Makes what is due of a newsletter; sends nothing. */
    publishDue: async (newsletter: string, options: CollectOptions = {}): Promise<DueReport> => {
      const report = await publishDue(house, newsletterNamed(house, newsletter), options);
      const note = noteOnDue(newsletter, report);
      if (note) await tellOnce(house, note);
      return report;
    },
    /** Tells the editor that sending stopped by itself, once for each reason. */
    tellStop: (newsletter: string, issue: number, reason: string): Promise<void> =>
      tellOnce(house, noteOnStop(newsletter, issue, reason)),
    /** Forgets what is older than the operator wants it kept. */
    forgetOld: (): Promise<void> => forgetOld(house),
    /** Tells what did not arrive before; false when there is something left. */
    tellWaiting: (): Promise<boolean> => tellWaiting(house),
    /** What a door has to tell the operator. */
    log: house.log,
    newsletterIds: (): readonly string[] => [...house.newsletters.keys()],
    /** Reads the sources whose turn it is between issues. */
    collectBetween: (options: CollectOptions = {}): Promise<void> => collectBetween(house, options),
    /** The posts that a source lacks and that are in question are really gone. */
    acceptWithdrawals: (source: string): Promise<AcceptReport> => acceptWithdrawals(house, source),
    /** How everything stands. */
    status: (): Promise<Status> => readStatus(house),
    /** Issues that a running server has to go on with. */
    issuesToSend: (): Promise<readonly Issue[]> => issuesToSend(house),
    /** A person's yes or no to the issue that waits, or else to the next one. */
    answerNext: (newsletter: string | undefined, answer: Answer): Promise<ApprovalReport> =>
      answerNext(house, newsletterNamed(house, newsletter), answer),
    /** Takes that answer back, a yes until the first message of its issue is on the wire. */
    withdrawAnswer: (newsletter: string | undefined, by: string): Promise<WithdrawalReport> =>
      withdrawAnswer(house, newsletterNamed(house, newsletter), by),
    /** Who said what on the issue that waits, or else on the next one, and whether it still stands. */
    approval: (newsletter?: string): Promise<ApprovalStatus> => readApproval(house, newsletterNamed(house, newsletter)),

    issues: (newsletter?: string) =>
      issues.listIssues(house, newsletter === undefined ? undefined : newsletterNamed(house, newsletter)),
    showIssue: (ref: IssueRef) => issues.showIssue(house, newsletterOf(ref), ref.number),
    deliveries: (ref: IssueRef) => issues.listDeliveries(house, newsletterOf(ref), ref.number),
    verifyIssue: (ref: IssueRef) => issues.verifyIssue(house, newsletterOf(ref), ref.number),
    resumeIssue: (ref: IssueRef, options: SendOptions): Promise<SendReport> =>
      issues.resumeIssue(house, newsletterOf(ref), ref.number, options),
    goOnSending: (ref: IssueRef, options: SendOptions): Promise<SendReport> =>
      issues.goOnSending(house, newsletterOf(ref), ref.number, options),
    resendIssue: (ref: IssueRef, only: 'rejected' | 'unknown', options: SendOptions): Promise<SendReport> =>
      issues.resendIssue(house, newsletterOf(ref), ref.number, only, options),
    returnIssue: (ref: IssueRef, which: WhichRefusals): Promise<ReturnReport> =>
      issues.returnIssue(house, newsletterOf(ref), ref.number, which),
    pauseIssue: (ref: IssueRef) => issues.pauseIssue(house, newsletterOf(ref), ref.number),
    cancelIssue: (ref: IssueRef) => issues.cancelIssue(house, newsletterOf(ref), ref.number),

    backup: (file: string): Promise<void> => backupStore(house, file),
    /** When this store was copied from another; `undefined` for an original. */
    copiedAt: (): Promise<Date | undefined> => house.store.copiedAt(),
    adopt: (request: AdoptRequest): Promise<AdoptReport> => adoptCopy(house, request),

    /** A file a person named; throws `import.unreadable` when it is not there. */
    readFile: async (path: string): Promise<Uint8Array> => {
      const content = await house.files.read(path);
      if (content) return content;
      throw new GazetteError('import.unreadable', `There is no file ${path}.`, { hint: 'Check the path.' });
    },
    /** How the exports of another program are read; `undefined` for one that is not known. */
    importPreset: (program: string): ColumnMap | undefined => CSV_PRESETS[program],
    importPresets: (): readonly string[] => Object.keys(CSV_PRESETS),
    importColumns: (): readonly Column[] => COLUMNS,
    importSubscribers: (request: Asked<ImportRequest>): Promise<ImportReport> =>
      importSubscribers(house, named<ImportRequest>(request)),
    addSubscriber: (request: Asked<AddRequest>): Promise<OneAdded> =>
      subscribers.addSubscriber(house, named<AddRequest>(request)),
    removeSubscriber: (address: string, newsletter?: string): Promise<readonly string[]> =>
      subscribers.removeSubscriber(house, address, newsletter),
    listEvidence: () => subscribers.listEvidence(house),
    showSubscriber: (address: string) => subscribers.showSubscriber(house, address),
    eraseSubscriber: (address: string): Promise<void> => subscribers.eraseSubscriber(house, address),
    listSuppressions: () => subscribers.listSuppressions(house),
    suppress: (address: string): Promise<boolean> => subscribers.suppressByHand(house, address),
    unsuppress: (address: string): Promise<boolean> => subscribers.unsuppress(house, address),
    listSubscribers: (newsletter?: string): AsyncIterable<SubscriberRow> => house.store.audience.list(newsletter),
    exportSubscribers: (newsletter?: string): AsyncIterable<string> =>
      writeSubscribers(house.store.audience.list(newsletter)),
  };
}
