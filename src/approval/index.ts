/** The approval module: a person's answer to an issue, and what it means for an occurrence (rule: approval). */
import type { Newsletter } from '../domain/newsletter.js';
import type { Issues } from '../issue/index.js';
import { type Answer, type AnswersDeps, openAnswers, refuseUnasked } from './answer.js';
import { type ApprovalCheckDeps, openApprovalCheck } from './check.js';

export interface ApprovalPorts extends Omit<AnswersDeps, 'issues'>, Omit<ApprovalCheckDeps, 'issues'> {
  readonly issues: Issues;
}

export type Approval = ReturnType<typeof openApproval>;

export function openApproval(ports: ApprovalPorts) {
  const { issues, clock } = ports;
  const answers = openAnswers(ports);
  return {
    read: (newsletter: Newsletter, now = clock.now()) => answers.read(newsletter, now),
    /** Collects first, so that the answer is about what there is. */
    async answer(newsletter: Newsletter, answer: Answer) {
      refuseUnasked(newsletter);
      await issues.collect(newsletter);
      return answers.answer(newsletter, answer, clock.now());
    },
    withdraw: (newsletter: Newsletter, by: string) => answers.withdraw(newsletter, by, clock.now()),
    ...openApprovalCheck(ports),
  };
}
