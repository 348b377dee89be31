/** What an editor should mend, on the desk: the same checks as `gazette check`, over the editions as they are composed. */
import { type Finding, worstFirst } from '../domain/finding.js';
import { checkWeb } from '../issue/check-web.js';
import type { EditionPlan } from '../issue/editions.js';
import type { LiveDraft } from './live-draft.js';
import type { LiveIssue } from './live-issue.js';

/** What links and pictures answered when an editor had them asked. */
export interface WebAnswers {
  readonly at: Date;
  readonly findings: readonly Finding[];
}

export interface ChecksView {
  readonly errors: number;
  readonly warnings: number;
  readonly findings: readonly (Omit<Finding, 'editions'> & { readonly editions: string })[];
  /** When the outside was last asked. */
  readonly asked: Date | null;
}

/** The whole: every edition, and the theme. */
export async function checksPage(live: LiveDraft, issue: LiveIssue, web: WebAnswers | undefined): Promise<ChecksView> {
  const { checks } = live.draftDeps();
  const own = await findingsIn(live, issue, issue.arranged.editions);
  return checksView([...(await checks.theme(issue.newsletter.theme)), ...own, ...(web?.findings ?? [])], web?.at);
}

/** Asks every link and picture of every edition. */
export async function askWeb(live: LiveDraft, issue: LiveIssue, signal: AbortSignal): Promise<WebAnswers> {
  const deps = live.draftDeps();
  const editions = await Promise.all(issue.arranged.editions.map((plan) => live.edition(issue, plan)));
  return { at: deps.clock.now(), findings: await checkWeb(deps, issue.draft, editions, signal) };
}

/** The full edition alone: enough for a glance, and nothing is rendered for it that is not looked at. */
export async function checksAtAGlance(live: LiveDraft, issue: LiveIssue): Promise<ChecksView> {
  return checksView(await findingsIn(live, issue, issue.full ? [issue.full] : []));
}

async function findingsIn(
  live: LiveDraft,
  issue: LiveIssue,
  plans: readonly EditionPlan[],
): Promise<readonly Finding[]> {
  const { draft, broken, failed, suspicions } = issue;
  const editions = await Promise.all(plans.map((plan) => live.edition(issue, plan)));
  const collected = { broken, failed, suspicions };
  return live.draftDeps().issues.checkComposed({ draft, composed: { editions }, collected });
}

function checksView(all: readonly Finding[], asked?: Date): ChecksView {
  const findings = worstFirst(all);
  const errors = findings.filter(({ level }) => level === 'error').length;
  return {
    errors,
    warnings: findings.filter(({ level }) => level === 'warning').length,
    findings: findings.map((finding) => ({ ...finding, editions: (finding.editions ?? []).join('; ') })),
    asked: asked ?? null,
  };
}
