/** The next issue of a newsletter as it stands on the desk, and where its approval stands. */

import type { ApprovalStatus } from '../approval/answer.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { WrittenArrangement } from '../domain/ports/content.js';
import type { CountedGroup } from '../domain/ports/storage.js';
import type { BrokenPost } from '../domain/post.js';
import type { CollectReport } from '../issue/collect.js';
import type { Draft } from '../issue/draft.js';
import { type EditionPlan, EVERYTHING, type PlannedEditions, writableGroups } from '../issue/editions.js';
import type { DraftWorkspace } from './draft-workspace.js';

export interface LiveIssue {
  readonly newsletter: Newsletter;
  readonly draft: Draft;
  /** The moment of the schedule it stands for, when it will leave by itself. */
  readonly occurrence: Date;
  /** Absent where nobody is asked. */
  readonly approval: ApprovalStatus | undefined;
  /** What its editor has written; absent where nothing is arranged. */
  readonly written: WrittenArrangement | undefined;
  /** Where that is, or would be. */
  readonly arrangementFile: string;
  /** The occurrence it is written for: of an issue that catches up on missed ones, the one that was arranged. */
  readonly arrangedFor: Date;
  readonly arranged: PlannedEditions;
  /** The edition for readers who wish for everything, in the newsletter's language; absent when there is no issue. */
  readonly full: EditionPlan | undefined;
  readonly groups: readonly CountedGroup[];
  /** Files that cannot be read. */
  readonly broken: readonly BrokenPost[];
  readonly failed: CollectReport['failed'];
  readonly suspicions: CollectReport['suspicions'];
}

/** Drafts the issue that would leave next. Throws what keeps it from being drafted. */
export async function draftLiveIssue(workspace: DraftWorkspace, newsletter: Newsletter): Promise<LiveIssue> {
  const { deps, draftDeps, scratch, readings } = workspace;
  const now = deps.clock.now();
  const { approval: answers, issues } = draftDeps;
  const approval = newsletter.approval.kind === 'none' ? undefined : await answers.read(newsletter);
  const occurrence = approval?.occurrence ?? (await issues.nextIssues.awaited(newsletter, now));
  // The window is that of sending it from here; its day is the one it is scheduled for.
  const { target } = (await issues.nextIssues.next(newsletter, now)).draft;
  const draft = await issues.drafts.draft(newsletter, { ...target, occurrence, manual: false });
  const { audience } = workspace.isWithoutLedger ? scratch : deps.store;
  const groups = await audience.groups(newsletter.id, now);
  const readers = draft.selection.outcome === 'issue' ? [EVERYTHING, ...writableGroups(groups)] : [];
  const arranged = await issues.editions.plan(draft, readers);
  const mine = newsletter.sources.flatMap(({ name }) => {
    const reading = readings.of(name);
    return reading ? [{ source: name, ...reading }] : [];
  });
  const arrangedFor = draft.arrangement?.occurrence ?? occurrence;
  return {
    newsletter,
    draft,
    occurrence,
    approval,
    written: await deps.arrangements.read(newsletter, arrangedFor),
    arrangementFile: await deps.arrangements.fileOf(newsletter, arrangedFor),
    arrangedFor,
    arranged,
    full: arranged.editions.find(({ key }) => key === arranged.routes[0]?.edition),
    groups,
    broken: mine.flatMap(({ broken }) => broken),
    failed: mine.flatMap(({ source, failure }) => (failure === undefined ? [] : [{ source, error: failure }])),
    suspicions: mine.flatMap(({ suspicions }) => suspicions),
  };
}
