/** The status as Prometheus metrics. Values are read at each scrape; nothing is counted in between. */
import { Gauge, Registry } from 'prom-client';
import { QUESTION_KINDS } from '../../domain/open-question.js';
import type { Status } from '../../operate/status.js';

/** The answer to one scrape. */
export async function metricsText(status: Status): Promise<string> {
  const registry = new Registry();
  const gauge = (name: string, help: string, labels: readonly string[] = []) =>
    new Gauge({ name: `gazette_${name}`, help, labelNames: [...labels], registers: [registry] });
  const seconds = (moment: Date) => moment.getTime() / 1000;
  const age = (moment: Date) => Math.max(0, seconds(status.now) - seconds(moment));

  const next = gauge('next_issue_timestamp_seconds', 'When the next issue is due.', ['newsletter']);
  const posts = gauge('next_issue_posts', 'How many posts it would have at this moment.', ['newsletter']);
  const last = gauge('last_issue_timestamp_seconds', 'The occurrence of the latest issue.', ['newsletter']);
  for (const newsletter of status.newsletters) {
    next.set({ newsletter: newsletter.id }, seconds(newsletter.next));
    posts.set({ newsletter: newsletter.id }, newsletter.posts);
    if (newsletter.lastIssue) last.set({ newsletter: newsletter.id }, seconds(newsletter.lastIssue.occurrence));
  }

  const questions = gauge('open_questions', 'What only a person can settle, by kind; `gazette status` says what.', [
    'kind',
  ]);
  for (const kind of QUESTION_KINDS) {
    questions.set({ kind }, status.questions.filter((question) => question.kind === kind).length);
  }

  const deliveries = gauge('deliveries', 'Deliveries of the issues that are not done, by state.', ['state']);
  for (const [state, count] of Object.entries(status.deliveries)) deliveries.set({ state }, count);
  gauge('oldest_unsent_age_seconds', 'Age of the oldest issue with something left to send; 0: none.').set(
    status.oldestUnsent ? age(status.oldestUnsent) : 0,
  );
  gauge('accepted_per_second', 'Messages a server took, in the latest minute.').set(status.acceptedPerSecond);
  if (status.secondsLeft !== undefined)
    gauge('time_left_seconds', 'At that rate, until nothing is left.').set(status.secondsLeft);

  const cameBack = gauge('feedback', 'Readers whose mails came back in 30 days, by receiving domain and kind.', [
    'domain',
    'kind',
  ]);
  for (const { domain, ...counts } of status.feedback.domains) {
    for (const [kind, count] of Object.entries(counts)) if (count > 0) cameBack.set({ domain, kind }, count);
  }
  const ties = gauge('feedback_reports', 'Reports taken in 30 days, by whether they belong to a delivery.', ['tie']);
  for (const [tie, count] of Object.entries(status.feedback.ties)) ties.set({ tie }, count);

  const read = gauge('source_age_seconds', 'Time since a source was last read with success.', ['source']);
  const failures = gauge('source_failures', 'Failures of a source since then.', ['source']);
  const missing = gauge('source_missing_posts', 'Posts that a source lost at once, and that are not given up yet.', [
    'source',
  ]);
  for (const source of status.sources) {
    missing.set({ source: source.name }, source.suspicion?.missing ?? 0);
    if (source.collectedAt) read.set({ source: source.name }, age(source.collectedAt));
    failures.set({ source: source.name }, source.failures);
  }
  return registry.metrics();
}
