/** Checks the next issue as it is now, and says what an editor should fix before it is sent. It writes nothing (rule: looking-changes-nothing). */
import type { Edition } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import { type Finding, findingOf, worstFirst } from '../domain/finding.js';
import type { CountedGroup } from '../domain/ports/audience.js';
import type { Arrangements, Checks } from '../domain/ports/content.js';
import type { Selection } from '../domain/selection.js';
import type { CheckComposed } from './check-composed.js';
import type { CollectReport } from './collect.js';
import type { Draft } from './draft.js';
import { type Editions, EVERYTHING, writableGroups } from './editions.js';
import type { Renamed } from './left-behind.js';
import type { Look, LookRequest } from './look.js';

export interface CheckRequest extends LookRequest {
  /** Follows every link and asks what every picture weighs. */
  readonly links?: boolean;
}

export interface CheckReport {
  readonly newsletter: string;
  /** Without an issue, a sample was looked at in its place. */
  readonly outcome: Selection['outcome'];
  /** The worst first. */
  readonly findings: readonly Finding[];
}

/** An issue as it was drafted, and the readers it would go to. */
export interface Drafted {
  readonly draft: Draft;
  readonly groups: readonly CountedGroup[];
  readonly collected: CollectReport;
}

export interface DraftChecksDeps {
  readonly editions: Pick<Editions, 'plan' | 'rendered'>;
  readonly arrangements: Pick<Arrangements, 'strays'>;
  readonly checks: Pick<Checks, 'theme'>;
  readonly renamed: Renamed;
  readonly checkComposed: CheckComposed;
  /** Asks every address of these editions once. */
  checkWeb(draft: Draft, editions: AsyncIterable<Edition>, signal?: AbortSignal): Promise<readonly Finding[]>;
}

export type CheckDraft = ReturnType<typeof openDraftChecks>;

export function openDraftChecks(deps: DraftChecksDeps) {
  const { editions, arrangements, checks, checkComposed, checkWeb, renamed } = deps;

  /**
   * Checks every edition that readers would get and the full one; without an issue, the theme and the settings alone. The worst
   * first. What is rendered of the draft is rendered once, also for a freeze of it.
   */
  return async function checkDraft(
    { draft, groups, collected }: Drafted,
    { links, signal }: Pick<CheckRequest, 'links' | 'signal'>,
    now: Date,
  ): Promise<readonly Finding[]> {
    const { newsletter, selection } = draft;
    const findings = await orThemeFindings(async () => {
      const readers = selection.outcome === 'issue' ? [EVERYTHING, ...writableGroups(groups)] : [];
      const { editions: plans } = await editions.plan(draft, readers);
      return [
        ...(await checks.theme(newsletter.theme)),
        ...(await checkComposed({ draft, editions: editions.rendered(draft, plans), collected }, now)),
        ...(await strayArrangements(draft)),
        ...(await renamed(newsletter.id)).map((each) => findingOf('newsletter.renamed', { ...each, fix: RENAMED_FIX })),
        ...(links ? await checkWeb(draft, editions.rendered(draft, plans), signal) : []),
      ];
    });
    return worstFirst(findings);
  };

  async function strayArrangements({ newsletter, target }: Draft): Promise<readonly Finding[]> {
    const strays = await arrangements.strays(newsletter, target.cutoff);
    return strays.map(({ where, message }) =>
      findingOf('arrangement.stray', { message, fix: 'Name it by the day of an issue, or take it away.', where }),
    );
  }
}

/** Opens the check of the next issue as it is now. */
export function openIssueChecks({ look, checkDraft }: { readonly look: Look; readonly checkDraft: CheckDraft }) {
  return async (request: CheckRequest, now: Date): Promise<CheckReport> => {
    const looked = await look({ ...request, everyPost: true }, now, async ({ audience: _, ...rest }) => rest);
    const findings = await checkDraft(looked, request, now);
    return { newsletter: request.newsletter.id, outcome: looked.draft.selection.outcome, findings };
  };
}

const RENAMED_FIX = 'Give the newsletter its id again, or leave it if it is a new one.';

/** What cannot be printed is a finding like any other. */
async function orThemeFindings(check: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof GazetteError) || !error.code.startsWith('theme.')) throw error;
    const problems =
      error.problems.length > 0 ? error.problems : [{ where: error.where ?? 'templates', message: error.message }];
    return problems.map(({ where, message }) => findingOf('theme.invalid', { where, message, fix: error.hint }));
  }
}
