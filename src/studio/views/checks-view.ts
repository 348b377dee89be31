/** Findings of the same checks as `gazette check`, over the editions of the live draft. */
import { type Finding, worstFirst } from '../../domain/finding.js';
import type { EditionPlan } from '../../issue/editions.js';
import type { LiveDraft } from '../live-draft.js';
import type { LiveIssue } from '../live-issue.js';

export interface ChecksView {
  readonly errors: number;
  readonly warnings: number;
  readonly findings: readonly FindingView[];
}

export interface FindingView extends Pick<Finding, 'level' | 'code' | 'message' | 'where'> {
  /** What to do about it. */
  readonly fix: string;
  readonly editions: string;
}

/** Findings about an issue and these of its editions. */
export async function issueFindings(
  live: LiveDraft,
  issue: LiveIssue,
  plans: readonly EditionPlan[],
): Promise<readonly Finding[]> {
  const { draft, broken, notes, failed, suspicions } = issue;
  const collected = { broken, notes, failed, suspicions };
  return live.app().issues.checkComposed({ draft, editions: live.rendered(issue, plans), collected });
}

export function checksView(all: readonly Finding[]): ChecksView {
  const findings = worstFirst(all);
  const count = (wanted: Finding['level']) => findings.filter(({ level }) => level === wanted).length;
  return {
    errors: count('error'),
    warnings: count('warning'),
    findings: findings.map(({ level, code, message, where, fix, editions = [], editionCount = 0 }) => ({
      level,
      code,
      message,
      where,
      fix,
      editions: `${editions.join('; ')}${editionCount > editions.length ? ` and ${editionCount - editions.length} more` : ''}`,
    })),
  };
}
