/** The next issue of a newsletter as the draft workspace has it, with its approval and its readers. */
import type { ApprovalStatus } from '../approval/answer.js';
import type { Digest } from '../domain/digest.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { CountedGroup } from '../domain/ports/audience.js';
import type { WrittenArrangement } from '../domain/ports/content.js';
import type { BrokenPost } from '../domain/post.js';
import type { CollectReport } from '../issue/collect.js';
import type { Draft } from '../issue/draft.js';
import { type EditionPlan, EVERYTHING, type PlannedEditions, writableGroups } from '../issue/editions.js';
import type { DraftWorkspace } from './draft-workspace.js';
import type { StudioApp } from './ports.js';

export interface LiveIssue {
  readonly newsletter: Newsletter;
  readonly draft: Draft;
  /** The occurrence of the schedule at which it leaves by itself. */
  readonly occurrence: Date;
  /** Absent for a newsletter without approval. */
  readonly approval: ApprovalStatus | undefined;
  /** Absent where nothing is arranged. */
  readonly written: WrittenArrangement | undefined;
  /** The arrangement's file, whether it exists or not. */
  readonly arrangementFile: string;
  /** The occurrence that file is for: an issue that catches up on missed occurrences uses an earlier one's. */
  readonly arrangedFor: Date;
  readonly planned: PlannedEditions;
  /** The edition for readers of every category in the newsletter's language; absent when there is no issue. */
  readonly full: EditionPlan | undefined;
  readonly groups: readonly CountedGroup[];
  /** Files that cannot be read. */
  readonly broken: readonly BrokenPost[];
  readonly failed: CollectReport['failed'];
  readonly notes: CollectReport['notes'];
  readonly suspicions: CollectReport['suspicions'];
}

/** The sections that readers of everything see; none when there is no issue. */
export function shownSections({ full, planned }: LiveIssue): Digest['sections'] {
  return full ? planned.full.sections : [];
}

/** Drafts the next issue. Throws the error that prevents it. */
export async function draftLiveIssue(
  ports: Pick<StudioApp, 'arrangements' | 'store'>,
  workspace: DraftWorkspace,
  newsletter: Newsletter,
  now: Date,
): Promise<LiveIssue> {
  const { arrangements, store } = ports;
  const { issues, scratch, readings } = workspace;
  const approval = newsletter.approval.kind === 'none' ? undefined : await workspace.readApproval(newsletter, now);
  const occurrence = approval?.occurrence ?? (await issues.nextIssues.awaited(newsletter, now));
  // The content is that of sending it now; its date is the scheduled one.
  const { target } = (await issues.nextIssues.next(newsletter, now)).draft;
  const draft = await issues.drafts.draft(newsletter, { ...target, occurrence, manual: false });
  const { audience } = workspace.isWithoutLedger ? scratch : store;
  const groups = await audience.groups(newsletter.id, now);
  const readers = draft.selection.outcome === 'issue' ? [EVERYTHING, ...writableGroups(groups)] : [];
  const planned = await issues.editions.plan(draft, readers);
  const ownReadings = newsletter.sources.flatMap(({ name }) => {
    const reading = readings.of(name);
    return reading ? [{ source: name, ...reading }] : [];
  });
  const arrangedFor = draft.arrangement?.occurrence ?? occurrence;
  return {
    newsletter,
    draft,
    occurrence,
    approval,
    written: await arrangements.read(newsletter, arrangedFor),
    arrangementFile: await arrangements.fileOf(newsletter, arrangedFor),
    arrangedFor,
    planned,
    full: planned.editions.find(({ key }) => key === planned.routes[0]?.edition),
    groups,
    broken: ownReadings.flatMap(({ broken }) => broken),
    failed: ownReadings.flatMap(({ source, failure }) => (failure === undefined ? [] : [{ source, error: failure }])),
    notes: ownReadings.flatMap(({ notes }) => notes),
    suspicions: ownReadings.flatMap(({ suspicions }) => suspicions),
  };
}
