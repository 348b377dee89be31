/** The approval module: a person's answer to an issue, and what it means for an occurrence (rule: approval). */
import { type AnswersDeps, openAnswers } from './answer.js';
import { type ApprovalCheckDeps, openApprovalCheck } from './check.js';

export type Approval = ReturnType<typeof openApproval>;

export function openApproval(deps: AnswersDeps & ApprovalCheckDeps) {
  return { ...openAnswers(deps), ...openApprovalCheck(deps) };
}
