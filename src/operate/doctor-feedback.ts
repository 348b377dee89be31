/** What doctor checks of the ways by which reports come back: that webhooks are served, and that the mailbox lets us in. */
import type { WebAnswer } from '../domain/ports/host.js';
import { PROVIDERS, type ProviderName } from '../domain/providers.js';
import type { Finding } from '../domain/sender-records.js';

export interface FeedbackCheckDeps {
  readonly publicUrl?: string;
  /** Providers whose webhooks are set. */
  readonly hooks?: readonly ProviderName[];
  /** Absent where no mailbox is set; says why the mailbox cannot be followed. */
  readonly probeMailbox?: () => Promise<string | undefined>;
  /** Sends this form by POST. */
  askWeb(url: string, form: { readonly [name: string]: string }): Promise<WebAnswer>;
}

export async function checkFeedback(deps: FeedbackCheckDeps): Promise<readonly Finding[]> {
  const { publicUrl, hooks = [], probeMailbox } = deps;
  const findings: Finding[] = [];
  for (const name of hooks) findings.push(await checkHook(name, publicUrl, deps.askWeb));
  if (probeMailbox) findings.push(mailboxFinding(await probeMailbox()));
  return findings;
}

async function checkHook(
  name: ProviderName,
  publicUrl: string | undefined,
  askWeb: FeedbackCheckDeps['askWeb'],
): Promise<Finding> {
  const check = 'webhook';
  const title = PROVIDERS[name];
  if (publicUrl === undefined) {
    const text = `${title} cannot report, because there is no public address.`;
    return { check, level: 'fail', text, hint: 'Set GAZETTE_PUBLIC_URL.' };
  }
  const url = `${publicUrl}/hooks/${name}`;
  // A call without a proof: only a webhook that is served refuses it like this.
  const answer = await askWeb(url, {});
  const isServed = answer.kind === 'answered' && answer.status === 401;
  if (isServed) return { check, level: 'ok', text: `${url} takes what ${title} proves, and nothing else.` };
  const said = answer.kind === 'answered' ? `answers ${answer.status}` : `does not answer: ${answer.text}`;
  const hint = `Check that \`gazette serve\` runs with this variable; docs/providers/${name}.md says what to set.`;
  return { check, level: 'fail', text: `${url} ${said}.`, hint };
}

function mailboxFinding(problem: string | undefined): Finding {
  const check = 'mailbox';
  if (problem === undefined)
    return { check, level: 'ok', text: 'The mailbox of mails that come back can be followed.' };
  const text = `The mailbox of mails that come back cannot be followed: ${problem}`;
  return { check, level: 'fail', text, hint: 'Check GAZETTE_BOUNCE_MAILBOX.' };
}
