/** What an editor should mend, on the desk: the same checks as `gazette check`, over the editions as they are composed. */
import type { Finding } from '../../domain/finding.js';
import { checkComposed } from '../check-issue.js';
import type { EditionPlan } from '../draft-issue.js';
import type { Desk, DeskIssue } from '../open-desk.js';

export interface ChecksView {
  readonly errors: number;
  readonly warnings: number;
  readonly findings: readonly (Omit<Finding, 'editions'> & { readonly editions: string })[];
}

/** The whole: every edition, and the theme. */
export async function checksOnDesk(desk: Desk, issue: DeskIssue): Promise<ChecksView> {
  const { checks } = desk.deskHouse();
  const own = await findingsIn(desk, issue, issue.arranged.editions);
  return checksView([...(await checks.theme(issue.newsletter.theme)), ...own]);
}

/** The full edition alone: enough for a glance, and nothing is rendered for it that is not looked at. */
export async function checksAtAGlance(desk: Desk, issue: DeskIssue): Promise<ChecksView> {
  return checksView(await findingsIn(desk, issue, issue.full ? [issue.full] : []));
}

async function findingsIn(desk: Desk, issue: DeskIssue, plans: readonly EditionPlan[]): Promise<readonly Finding[]> {
  const { draft, arranged, broken, failed } = issue;
  const editions = await Promise.all(plans.map((plan) => desk.edition(issue, plan)));
  const composed = { editions, routes: arranged.routes };
  return checkComposed(desk.deskHouse(), { draft, composed, collected: { broken, failed } });
}

function checksView(findings: readonly Finding[]): ChecksView {
  const errors = findings.filter(({ level }) => level === 'error').length;
  return {
    errors,
    warnings: findings.length - errors,
    findings: findings.map((finding) => ({ ...finding, editions: (finding.editions ?? []).join('; ') })),
  };
}
