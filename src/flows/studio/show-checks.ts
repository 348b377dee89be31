/** What an editor should mend, on the desk: the same checks as `gazette check`, over the editions as they are composed. */
import { type Finding, worstFirst } from '../../domain/finding.js';
import { checkComposed } from '../check-issue.js';
import { checkWeb } from '../check-web.js';
import type { EditionPlan } from '../draft-issue.js';
import type { DeskIssue } from './draft-on-desk.js';
import type { Desk } from './open-desk.js';

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
export async function checksOnDesk(desk: Desk, issue: DeskIssue, web: WebAnswers | undefined): Promise<ChecksView> {
  const { checks } = desk.deskHouse();
  const own = await findingsIn(desk, issue, issue.arranged.editions);
  return checksView([...(await checks.theme(issue.newsletter.theme)), ...own, ...(web?.findings ?? [])], web?.at);
}

/** Asks every link and picture of every edition. */
export async function askWeb(desk: Desk, issue: DeskIssue, signal: AbortSignal): Promise<WebAnswers> {
  const house = desk.deskHouse();
  const editions = await Promise.all(issue.arranged.editions.map((plan) => desk.edition(issue, plan)));
  return { at: house.clock.now(), findings: await checkWeb(house, issue.draft, editions, signal) };
}

/** The full edition alone: enough for a glance, and nothing is rendered for it that is not looked at. */
export async function checksAtAGlance(desk: Desk, issue: DeskIssue): Promise<ChecksView> {
  return checksView(await findingsIn(desk, issue, issue.full ? [issue.full] : []));
}

async function findingsIn(desk: Desk, issue: DeskIssue, plans: readonly EditionPlan[]): Promise<readonly Finding[]> {
  const { draft, arranged, broken, failed, suspicions } = issue;
  const editions = await Promise.all(plans.map((plan) => desk.edition(issue, plan)));
  const composed = { editions, routes: arranged.routes };
  return checkComposed(desk.deskHouse(), { draft, composed, collected: { broken, failed, suspicions } });
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
