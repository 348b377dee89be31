/** What came back, counted: by issue, and by the receiving domain. */
import { sql } from 'kysely';
import type {
  DomainFeedback,
  DomainHealth,
  FeedbackStore,
  IssueFeedback,
  Tie,
} from '../domain/ports/feedback-store.js';
import type { Database, Queries } from './database.js';

export async function readIssueFeedback(db: Queries, issue: number): Promise<IssueFeedback> {
  const rows = await grouped(db).where('issue', '=', issue).execute();
  const counts = noFeedback();
  for (const row of rows) addTo(counts, row);
  return counts;
}

/** So many domains are told apart; a list has a long tail of domains with one reader each. */
const MOST_DOMAINS = 100;

export async function readByDomain(database: Database, issues: readonly number[]): Promise<readonly DomainHealth[]> {
  const { db, engine } = database;
  if (issues.length === 0) return [];
  const domain =
    engine === 'sqlite'
      ? sql<string>`substr(address_key, instr(address_key, '@') + 1)`
      : sql<string>`split_part(address_key, '@', 2)`;
  const rows = await db
    .selectFrom('deliveries')
    .innerJoin('subscribers', 'subscribers.id', 'deliveries.subscriber')
    .select((eb) => [
      domain.as('domain'),
      'deliveries.state',
      sql<number>`case when deferrals > 0 and due_at > 0 then 1 else 0 end`.as('deferred'),
      eb.fn.countAll<number>().as('count'),
    ])
    .where('deliveries.issue', 'in', issues)
    .where('subscribers.erased', '=', 0)
    .groupBy(['domain', 'deliveries.state', 'deferred'])
    .execute();
  const byDomain = new Map<string, Mutable<DomainHealth>>();
  const of = (name: string) => {
    const health = byDomain.get(name) ?? { domain: name, accepted: 0, deferred: 0, rejected: 0, ...noFeedback() };
    byDomain.set(name, health);
    return health;
  };
  for (const { domain: name, state, deferred, count } of rows) {
    const health = of(name);
    if (state === 'accepted' || state === 'bounced') health.accepted += Number(count);
    if (state === 'rejected') health.rejected += Number(count);
    if (state === 'planned' && deferred === 1) health.deferred += Number(count);
  }
  const came = await grouped(db).where('issue', 'in', issues).select('domain').groupBy('domain').execute();
  for (const row of came) if (byDomain.has(row.domain)) addTo(of(row.domain), row);
  return [...byDomain.values()]
    .sort(
      (one, other) =>
        other.accepted + other.deferred - one.accepted - one.deferred || (one.domain < other.domain ? -1 : 1),
    )
    .slice(0, MOST_DOMAINS);
}

export async function readCameBack(db: Queries, since: Date): Promise<readonly DomainFeedback[]> {
  const rows = await grouped(db)
    .where('tie', '=', 'tied')
    .where('taken_at', '>=', since.getTime())
    .select('domain')
    .groupBy('domain')
    .execute();
  const byDomain = new Map<string, Mutable<DomainFeedback>>();
  for (const row of rows) {
    const counts = byDomain.get(row.domain) ?? { domain: row.domain, ...noFeedback() };
    addTo(counts, row);
    byDomain.set(row.domain, counts);
  }
  const size = ({ hard, soft, policy, complaints, unsubscribes }: IssueFeedback) =>
    hard + soft + policy + complaints + unsubscribes;
  return [...byDomain.values()]
    .sort((one, other) => size(other) - size(one) || (one.domain < other.domain ? -1 : 1))
    .slice(0, MOST_DOMAINS);
}

export async function readTies(db: Queries, since: Date): ReturnType<FeedbackStore['ties']> {
  const rows = await db
    .selectFrom('feedback')
    .select((eb) => ['tie', eb.fn.countAll<number>().as('count')])
    .where('taken_at', '>=', since.getTime())
    .groupBy('tie')
    .execute();
  const counts: { [tie in Tie]: number } = { tied: 0, forged: 0, untied: 0 };
  for (const { tie, count } of rows) counts[tie] = Number(count);
  return counts;
}

type Mutable<Value> = { -readonly [key in keyof Value]: Value[key] };

function noFeedback(): Mutable<IssueFeedback> {
  return { hard: 0, soft: 0, policy: 0, complaints: 0, unsubscribes: 0 };
}

/** Readers, not reports: a mail may be reported by several servers. */
function grouped(db: Queries) {
  return db
    .selectFrom('feedback')
    .select((eb) => ['kind', 'bounce', eb.fn.count<number>('subscriber').distinct().as('count')])
    .where('kind', 'in', ['bounce', 'complaint', 'unsubscribe'])
    .groupBy(['kind', 'bounce']);
}

function addTo(
  counts: Mutable<IssueFeedback>,
  {
    kind,
    bounce,
    count,
  }: { readonly kind: string; readonly bounce: 'hard' | 'soft' | 'policy' | null; readonly count: number },
): void {
  if (kind === 'complaint') counts.complaints += Number(count);
  else if (kind === 'unsubscribe') counts.unsubscribes += Number(count);
  else if (bounce !== null) counts[bounce] += Number(count);
}
