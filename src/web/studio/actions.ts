/** Every form of the studio: the path it is sent to, what it does, and the page that shows the result. A new one is a line. */
import type { Studio } from '../../studio/index.js';
import type { SubmittedForm } from './form.js';

/** Returns the path to go to. */
export type Action = (studio: Studio, form: SubmittedForm) => Promise<string>;

export const ACTIONS: { readonly [path: string]: Action } = {
  '/n/:newsletter/arrange': changeArrangement,
  async '/n/:newsletter/withdrawals'({ sources }, { param, field }) {
    await sources.acceptWithdrawals(param('newsletter'), field('source'), field('since'), field('submission'));
    return newsletterPath(param);
  },
  async '/n/:newsletter/checks'({ links }, { param }) {
    await links.follow(param('newsletter'));
    return `${newsletterPath(param)}/checks`;
  },
  async '/n/:newsletter/answer'({ approval }, { param, field }) {
    const newsletter = param('newsletter');
    const answer = field('answer');
    const token = field('submission');
    const seen = { occurrence: field('occurrence'), shown: field('shown'), answers: Number(field('answers')) };
    if (answer === 'approved' || answer === 'vetoed') await approval.answer(newsletter, answer, seen, token);
    else if (answer === 'withdrawn') await approval.withdraw(newsletter, { at: field('at') }, token);
    return `${newsletterPath(param)}/send#approval`;
  },
  async '/n/:newsletter/test'({ sending }, { param, field }) {
    await sending.sendTest(param('newsletter'), field('address'), field('submission'));
    return `${newsletterPath(param)}/send#test-result`;
  },
  async '/n/:newsletter/send'({ sending }, { param, field }) {
    await sending.send(param('newsletter'), field('shown'), field('submission'));
    return `${newsletterPath(param)}/send#sending`;
  },
  [issuePath('pause')]: onIssue('pause'),
  [issuePath('resume')]: onIssue('resume'),
  [issuePath('cancel')]: onIssue('cancel'),
  [issuePath('return')]: onIssue('returnRefused'),
  [issuePath('resend-rejected')]: onIssue('resendRejected'),
  [issuePath('resend-unknown')]: onIssue('resendUnknown'),
  async '/inbox/clear'({ inbox }) {
    await inbox.clear();
    return '/inbox#inbox';
  },
};

async function changeArrangement({ arrangement }: Studio, { param, field }: SubmittedForm): Promise<string> {
  const place = field('place');
  // The arrows send the wanted place; every other button sends the kind of change.
  const kind = place === '' ? field('action') : 'place';
  await arrangement.change(param('newsletter'), {
    kind,
    post: field('post'),
    section: field('section'),
    place,
    text: field('text'),
    version: field('version'),
  });
  if (field('back') === 'posts') return `${newsletterPath(param)}/posts#found`;
  const isGone = kind === 'exclude' || kind === 'remove';
  const anchor = !isGone && /^[\w-]+$/.test(field('anchor')) ? field('anchor') : 'arranged';
  return `${newsletterPath(param)}#${anchor}`;
}

function issuePath(action: string): string {
  return `/n/:newsletter/issues/:number{[0-9]+}/${action}`;
}

type IssueAction = 'pause' | 'resume' | 'cancel' | 'returnRefused' | 'resendRejected' | 'resendUnknown';

function onIssue(name: IssueAction): Action {
  return async ({ sending }, { param, field }) => {
    await sending[name](param('newsletter'), Number(param('number')), field('submission'));
    const path = newsletterPath(param);
    return field('back') === 'history' ? `${path}/issues/${param('number')}#sending` : `${path}/send#sending`;
  };
}

function newsletterPath(param: SubmittedForm['param']): string {
  return `/n/${encodeURIComponent(param('newsletter'))}`;
}
