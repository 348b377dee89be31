/** The next issue of a newsletter as it stands on the desk, and where its approval stands. */
import type { Newsletter } from '../../domain/newsletter.js';
import type { CountedGroup, ReaderGroup, WrittenArrangement } from '../../domain/ports.js';
import type { BrokenPost } from '../../domain/post.js';
import { awaitedOccurrence } from '../answered-draft.js';
import { type ApprovalStatus, readApproval } from '../approve-issue.js';
import type { CollectReport } from '../collect-posts.js';
import { type ArrangedIssue, arrangeEditions, type Draft, draftCandidates, type EditionPlan } from '../draft-issue.js';
import type { House } from '../house.js';
import { occasionByHand } from '../occasion-by-hand.js';
import { writableGroups } from '../plan-issue.js';
import type { Standing } from './desk-standing.js';

export interface DeskIssue {
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
  readonly arranged: ArrangedIssue;
  /** The edition for readers who wish for everything, in the newsletter's language; absent when there is no issue. */
  readonly full: EditionPlan | undefined;
  readonly groups: readonly CountedGroup[];
  /** Files that cannot be read. */
  readonly broken: readonly BrokenPost[];
  readonly failed: CollectReport['failed'];
  readonly suspicions: CollectReport['suspicions'];
}

const EVERYTHING: ReaderGroup = { wishes: '*' };

/** Drafts the issue that would leave next. Throws what keeps it from being drafted. */
export async function draftOnDesk(standing: Standing, newsletter: Newsletter): Promise<DeskIssue> {
  const { house, deskHouse, scratch, readings } = standing;
  const now = house.clock.now();
  // What was answered stands in the real ledger; what it was about is held against the desk.
  const asked: House = { ...deskHouse, store: { ...scratch, shared: house.store.shared } };
  const approval = newsletter.approval.kind === 'none' ? undefined : await readApproval(asked, newsletter);
  const occurrence = approval?.occurrence ?? (await awaitedOccurrence(asked, newsletter));
  // The window is that of sending it from here; its day is the one it stands for.
  const occasion = { ...(await occasionByHand(asked, newsletter)).occasion, occurrence, manual: false };
  const draft = await draftCandidates(deskHouse, newsletter, occasion, await scratch.ledger.standing(newsletter.id));
  const { audience } = standing.isWithoutLedger ? scratch : house.store;
  const groups = await audience.groups(newsletter.id, now);
  const isIssue = draft.selection.outcome === 'issue';
  const arranged = isIssue
    ? await arrangeEditions(deskHouse, draft, [EVERYTHING, ...writableGroups(groups)])
    : { editions: [], routes: [] };
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
    written: await house.arrangements.read(newsletter, arrangedFor),
    arrangementFile: await house.arrangements.fileOf(newsletter, arrangedFor),
    arrangedFor,
    arranged,
    full: arranged.editions.find(({ key }) => key === arranged.routes[0]?.edition),
    groups,
    broken: mine.flatMap(({ broken }) => broken),
    failed: mine.flatMap(({ source, failure }) => (failure === undefined ? [] : [{ source, error: failure }])),
    suspicions: mine.flatMap(({ suspicions }) => suspicions),
  };
}
