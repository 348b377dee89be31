/** The stories the doors may ask for: one object, and the only one they hold. */

import { type AppContext, newsletterNamed } from './app-context.js';
import type { Answer, ApprovalReport, ApprovalStatus, WithdrawalReport } from './approval/answer.js';
import { COLUMNS, type Column } from './audience/csv-columns.js';
import { type ColumnMap, CSV_PRESETS } from './audience/csv-presets.js';
import { writeSubscribers } from './audience/export-csv.js';
import { GazetteError } from './domain/errors.js';
import type { Issue, IssueRef } from './domain/issue.js';
import { type AcceptReport, acceptWithdrawals } from './issue/accept-withdrawals.js';
import { cancelIssue } from './issue/cancel.js';
import type { CheckReport, CheckRequest } from './issue/check.js';
import type { CollectOptions } from './issue/collect.js';
import type { IssuePlan, PlanRequest } from './issue/plan.js';
import type { PreviewReport, PreviewRequest } from './issue/preview.js';
import type { Rehearsal, RehearseRequest } from './issue/rehearse.js';
import { type PreviewFiles, writePreview } from './issue/write-preview.js';
import { type AdoptReport, type AdoptRequest, adoptCopy, backupStore } from './operate/backup.js';
import { noteOnDue, noteOnStop, notifyOnce, notifyWaiting } from './operate/notify.js';
import { pollSources } from './operate/poll-sources.js';
import { type DueReport, publishDue } from './operate/publish-due.js';
import { deleteOld } from './operate/retention.js';
import { readStatus, type Status } from './operate/status.js';
import type { ImportReport, ImportRequest } from './readers/import.js';
import type { AddRequest, OneAdded } from './readers/subscribers.js';
import type { SendIssueReport, SendIssueRequest, SendTestRequest, TestReport } from './sending/by-hand.js';
import type { ReturnReport, WhichRefusals } from './sending/return-refused.js';
import type { SendOptions, SendReport } from './sending/run.js';

/** A request as a door makes it: the newsletter by its id, or none where there is only one. */
export type Asked<Request> = Omit<Request, 'newsletter'> & { readonly newsletter?: string | undefined };

export type AppCommands = ReturnType<typeof openAppCommands>;

export function openAppCommands(deps: AppContext) {
  const named = <Request>(request: Asked<Request>) =>
    ({ ...request, newsletter: newsletterNamed(deps, request.newsletter) }) as unknown as Request;
  const { subscribers } = deps.readers;
  const newsletterOf = ({ newsletter }: { newsletter?: string | undefined }) => newsletterNamed(deps, newsletter);
  return {
    plan: (request: Asked<PlanRequest>): Promise<IssuePlan> => deps.issues.plan(named<PlanRequest>(request)),
    rehearse: (request: Asked<RehearseRequest>): Promise<Rehearsal> =>
      deps.issues.rehearse(named<RehearseRequest>(request)),
    preview: (request: Asked<PreviewRequest>): Promise<PreviewReport> =>
      deps.issues.preview(named<PreviewRequest>(request)),
    /** What an editor should mend before the next issue leaves. */
    check: (request: Asked<CheckRequest>): Promise<CheckReport> => deps.issues.check(named<CheckRequest>(request)),
    writePreview: (preview: PreviewReport & { kind: 'preview' }, folder?: string): Promise<PreviewFiles> =>
      writePreview(deps, preview, folder),
    send: (request: Asked<SendIssueRequest>): Promise<SendIssueReport> =>
      deps.sending.sendNext(named<SendIssueRequest>(request)),
    sendTest: (request: Asked<SendTestRequest>): Promise<TestReport> =>
      deps.sending.sendTest(named<SendTestRequest>(request)),

    /** Makes what is due of a newsletter; sends nothing. */
    publishDue: async (newsletter: string, options: CollectOptions = {}): Promise<DueReport> => {
      const report = await publishDue(deps, newsletterNamed(deps, newsletter), options);
      const note = noteOnDue(newsletter, report);
      if (note) await notifyOnce(deps, note);
      return report;
    },
    /** Tells the editor that sending stopped by itself, once for each reason. */
    tellStop: (newsletter: string, issue: number, reason: string): Promise<void> =>
      notifyOnce(deps, noteOnStop(newsletter, issue, reason)),
    /** Forgets what is older than the operator wants it kept. */
    deleteOld: (): Promise<void> => deleteOld(deps),
    /** Tells what did not arrive before; false when there is something left. */
    notifyWaiting: (): Promise<boolean> => notifyWaiting(deps),
    /** What a door has to tell the operator. */
    log: deps.log,
    newsletterIds: (): readonly string[] => [...deps.newsletters.keys()],
    /** Reads the sources whose turn it is between issues. */
    pollSources: (options: CollectOptions = {}): Promise<void> => pollSources(deps, options),
    /** The posts that a source lacks and that are in question are really gone. */
    acceptWithdrawals: (source: string): Promise<AcceptReport> => acceptWithdrawals(deps, source),
    /** How everything stands. */
    status: (): Promise<Status> => readStatus(deps),
    /** Issues that a running server has to go on with. */
    issuesToSend: (): Promise<readonly Issue[]> => deps.sending.issuesToSend(),
    /** A person's yes or no to the issue that waits, or else to the next one. */
    answerNext: (newsletter: string | undefined, answer: Answer): Promise<ApprovalReport> =>
      deps.approval.answer(newsletterNamed(deps, newsletter), answer),
    /** Takes that answer back, a yes until the first message of its issue is on the wire. */
    withdrawAnswer: (newsletter: string | undefined, by: string): Promise<WithdrawalReport> =>
      deps.approval.withdraw(newsletterNamed(deps, newsletter), by),
    /** Who said what on the issue that waits, or else on the next one, and whether it still stands. */
    approval: (newsletter?: string): Promise<ApprovalStatus> => deps.approval.read(newsletterNamed(deps, newsletter)),

    issues: (newsletter?: string) =>
      deps.sending.list(newsletter === undefined ? undefined : newsletterNamed(deps, newsletter)),
    showIssue: (ref: IssueRef) => deps.sending.show(newsletterOf(ref), ref.number),
    deliveries: (ref: IssueRef) => deps.sending.deliveries(newsletterOf(ref), ref.number),
    verifyIssue: (ref: IssueRef) => deps.sending.verify(newsletterOf(ref), ref.number),
    resumeIssue: (ref: IssueRef, options: SendOptions): Promise<SendReport> =>
      deps.sending.resume(newsletterOf(ref), ref.number, options),
    goOnSending: (ref: IssueRef, options: SendOptions): Promise<SendReport> =>
      deps.sending.goOn(newsletterOf(ref), ref.number, options),
    resendIssue: (ref: IssueRef, only: 'rejected' | 'unknown', options: SendOptions): Promise<SendReport> =>
      deps.sending.resend(newsletterOf(ref), ref.number, only, options),
    returnIssue: (ref: IssueRef, which: WhichRefusals): Promise<ReturnReport> =>
      deps.sending.returnRefused(newsletterOf(ref), ref.number, which),
    pauseIssue: (ref: IssueRef) => deps.sending.pause(newsletterOf(ref), ref.number),
    cancelIssue: (ref: IssueRef) => cancelIssue({ ...deps, ledger: deps.store.ledger }, newsletterOf(ref), ref.number),

    backup: (file: string): Promise<void> => backupStore(deps, file),
    /** When this store was copied from another; `undefined` for an original. */
    copiedAt: (): Promise<Date | undefined> => deps.store.copiedAt(),
    adopt: (request: AdoptRequest): Promise<AdoptReport> => adoptCopy(deps, request),

    /** A file a person named; throws `import.unreadable` when it is not there. */
    readFile: async (path: string): Promise<Uint8Array> => {
      const content = await deps.files.read(path);
      if (content) return content;
      throw new GazetteError('import.unreadable', `There is no file ${path}.`, { hint: 'Check the path.' });
    },
    /** How the exports of another program are read; `undefined` for one that is not known. */
    importPreset: (program: string): ColumnMap | undefined => CSV_PRESETS[program],
    importPresets: (): readonly string[] => Object.keys(CSV_PRESETS),
    importColumns: (): readonly Column[] => COLUMNS,
    importSubscribers: (request: Asked<ImportRequest>): Promise<ImportReport> =>
      deps.readers.importSubscribers(named<ImportRequest>(request)),
    addSubscriber: (request: Asked<AddRequest>): Promise<OneAdded> => subscribers.add(named<AddRequest>(request)),
    removeSubscriber: subscribers.remove,
    listEvidence: subscribers.listEvidence,
    showSubscriber: subscribers.show,
    eraseSubscriber: subscribers.erase,
    listSuppressions: subscribers.listSuppressions,
    suppress: subscribers.suppress,
    unsuppress: subscribers.unsuppress,
    listSubscribers: subscribers.list,
    exportSubscribers: (newsletter?: string): AsyncIterable<string> => writeSubscribers(subscribers.list(newsletter)),
  };
}
