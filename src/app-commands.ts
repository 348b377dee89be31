/** What the command line, the scheduler and the monitor may call, until each is given the use cases it needs. */
import { type AppContext, newsletterNamed } from './app-context.js';
import type { Answer } from './approval/answer.js';
import { COLUMNS, type Column } from './audience/csv-columns.js';
import { type ColumnMap, CSV_PRESETS } from './audience/csv-presets.js';
import { writeSubscribers } from './audience/export-csv.js';
import { GazetteError } from './domain/errors.js';
import type { IssueRef } from './domain/issue.js';
import type { CheckRequest } from './issue/check.js';
import type { CollectOptions } from './issue/collect.js';
import type { PlanRequest } from './issue/plan.js';
import type { PreviewReport, PreviewRequest } from './issue/preview.js';
import type { RehearseRequest } from './issue/rehearse.js';
import type { ImportRequest } from './readers/import.js';
import type { AddRequest } from './readers/subscribers.js';
import type { SendIssueRequest, SendTestRequest } from './sending/by-hand.js';
import type { WhichRefusals } from './sending/return-refused.js';
import type { SendOptions } from './sending/run.js';

/** A request as a person makes it: the newsletter by its id, or none where there is only one. */
export type Asked<Request> = Omit<Request, 'newsletter'> & { readonly newsletter?: string | undefined };

export type AppCommands = ReturnType<typeof openAppCommands>;

export function openAppCommands(deps: AppContext) {
  const { issues, approval, sending, readers, operate } = deps;
  const { subscribers } = readers;
  const named = <Request>(request: Asked<Request>) =>
    ({ ...request, newsletter: newsletterNamed(deps, request.newsletter) }) as unknown as Request;
  const newsletterOf = ({ newsletter }: { newsletter?: string | undefined }) => newsletterNamed(deps, newsletter);
  return {
    plan: (request: Asked<PlanRequest>) => issues.plan(named<PlanRequest>(request)),
    rehearse: (request: Asked<RehearseRequest>) => issues.rehearse(named<RehearseRequest>(request)),
    preview: (request: Asked<PreviewRequest>) => issues.preview(named<PreviewRequest>(request)),
    check: (request: Asked<CheckRequest>) => issues.check(named<CheckRequest>(request)),
    writePreview: (preview: PreviewReport & { kind: 'preview' }, folder?: string) =>
      issues.writePreview(preview, folder),
    send: (request: Asked<SendIssueRequest>) => sending.sendNext(named<SendIssueRequest>(request)),
    sendTest: (request: Asked<SendTestRequest>) => sending.sendTest(named<SendTestRequest>(request)),
    ...operate,
    publishDue: (newsletter: string, options: CollectOptions = {}) =>
      operate.publishDue(newsletterNamed(deps, newsletter), options),
    log: deps.log,
    newsletterIds: (): readonly string[] => [...deps.newsletters.keys()],
    acceptWithdrawals: (source: string) => issues.acceptWithdrawals(source),
    issuesToSend: sending.issuesToSend,
    answerNext: (newsletter: string | undefined, answer: Answer) =>
      approval.answer(newsletterNamed(deps, newsletter), answer),
    withdrawAnswer: (newsletter: string | undefined, by: string) =>
      approval.withdraw(newsletterNamed(deps, newsletter), by),
    approval: (newsletter?: string) => approval.read(newsletterNamed(deps, newsletter)),
    issues: (newsletter?: string) =>
      sending.list(newsletter === undefined ? undefined : newsletterNamed(deps, newsletter)),
    showIssue: (ref: IssueRef) => sending.show(newsletterOf(ref), ref.number),
    deliveries: (ref: IssueRef) => sending.deliveries(newsletterOf(ref), ref.number),
    verifyIssue: (ref: IssueRef) => sending.verify(newsletterOf(ref), ref.number),
    resumeIssue: (ref: IssueRef, options: SendOptions) => sending.resume(newsletterOf(ref), ref.number, options),
    goOnSending: (ref: IssueRef, options: SendOptions) => sending.goOn(newsletterOf(ref), ref.number, options),
    resendIssue: (ref: IssueRef, only: 'rejected' | 'unknown', options: SendOptions) =>
      sending.resend(newsletterOf(ref), ref.number, only, options),
    returnIssue: (ref: IssueRef, which: WhichRefusals) => sending.returnRefused(newsletterOf(ref), ref.number, which),
    pauseIssue: (ref: IssueRef) => sending.pause(newsletterOf(ref), ref.number),
    cancelIssue: (ref: IssueRef) => issues.cancel(newsletterOf(ref), ref.number),
    readFile: async (path: string): Promise<Uint8Array> => {
      const content = await deps.files.read(path);
      if (content) return content;
      throw new GazetteError('import.unreadable', `There is no file ${path}.`, { hint: 'Check the path.' });
    },
    importPreset: (program: string): ColumnMap | undefined => CSV_PRESETS[program],
    importPresets: (): readonly string[] => Object.keys(CSV_PRESETS),
    importColumns: (): readonly Column[] => COLUMNS,
    importSubscribers: (request: Asked<ImportRequest>) => readers.importSubscribers(named<ImportRequest>(request)),
    addSubscriber: (request: Asked<AddRequest>) => subscribers.add(named<AddRequest>(request)),
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
