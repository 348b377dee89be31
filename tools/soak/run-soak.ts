/**
 * Years of a weekly and a daily newsletter in two time zones, with a process that is killed between any two calls, a
 * clock that is moved, outages, posts that come late or are spoiled and mended, and issues sent by hand. Then everything
 * is counted.
 */

import { type AppContext, openUseCases } from '../../src/app-context.js';
import { openCount } from '../../src/domain/delivery.js';
import { type Newsletter, newsletterNamed } from '../../src/domain/newsletter.js';
import type { Store } from '../../src/domain/ports/storage.js';
import { cronCalendar } from '../../src/platform/calendar.js';
import { openScheduler } from '../../src/scheduler/scheduler.js';
import { openSqliteStore } from '../../src/store/index.js';
import { aContext, addReaders } from '../../test/support/app-context.js';
import { aNewsletter, DAY_MS } from '../../test/support/builders.js';
import { plainRenderer } from '../../test/support/plain-renderer.js';
import { seededRandom } from '../support/seeded-random.js';
import { type Life, mortalStore } from './mortal-store.js';
import { type BlogPost, countingWire, viewOf, writePosts } from './world.js';

export interface SoakReport {
  readonly ok: boolean;
  readonly years: number;
  readonly occurrences: number;
  readonly missing: number;
  readonly repeated: number;
  readonly posts: number;
  readonly postsMissing: number;
  readonly postsRepeated: number;
  /** Readers that an issue was for and who got none of it; mails beyond the one, each after a kill on the wire. */
  readonly mails: number;
  readonly mailsMissing: number;
  readonly mailsRepeated: number;
  readonly kills: number;
  readonly clockSteps: number;
  readonly ticks: number;
  readonly seed: number;
  readonly seconds: number;
}

export interface SoakRequest {
  readonly years: number;
  readonly seed: number;
  /** Of the database. */
  readonly file: string;
}

const START_MS = Date.parse('2026-01-01T00:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** At the end nothing is written or killed any more, so that everything has had its occurrence. */
const QUIET_MS = 30 * DAY_MS;

const NEWSLETTERS: readonly Newsletter[] = [
  aNewsletter({ id: 'weekly', schedule: '0 8 * * 1', timezone: 'Europe/London' }),
  aNewsletter({ id: 'daily', schedule: '30 2 * * *', timezone: 'America/New_York', maxLatenessMs: 6 * HOUR_MS }),
];

export async function runSoak({ years, seed, file }: SoakRequest): Promise<SoakReport> {
  const startedMs = performance.now();
  const random = seededRandom(seed);
  const endMs = START_MS + years * 365.25 * DAY_MS;
  const posts = writePosts(START_MS, endMs - QUIET_MS, random);
  const soak = new Soak(file, posts, random);
  await soak.begin();
  while (soak.trueMs < endMs) await soak.step(soak.trueMs < endMs - QUIET_MS);
  const counted = await soak.count();
  await soak.store.close();
  const { missing, repeated, postsMissing, postsRepeated, mailsMissing } = counted;
  return {
    ok: missing + repeated + postsMissing + postsRepeated + mailsMissing === 0,
    years,
    ...counted,
    ...soak.tally,
    seed,
    seconds: Math.round((performance.now() - startedMs) / 100) / 10,
  };
}

class Soak {
  trueMs = START_MS;
  readonly tally = { kills: 0, clockSteps: 0, ticks: 0 };
  store!: Store;
  private skewMs = 0;
  private life: Life = { callsLeft: undefined, diesAfter: false, isDead: false };
  private readonly wire = countingWire(() => this.life.isDead);
  private deps!: AppContext;
  private base!: Awaited<ReturnType<typeof aContext>>;
  private messagesIn!: AppContext['messagesIn'];
  private processes = 0;
  private scheduler!: ReturnType<typeof openScheduler>;

  constructor(
    private readonly file: string,
    private readonly posts: readonly BlogPost[],
    private readonly random: () => number,
  ) {}

  async begin(): Promise<void> {
    this.base = await aContext({ now: new Date(START_MS) });
    await this.base.store.close();
    const english = await this.base.messagesIn('en');
    this.messagesIn = async () => english;
    await this.start();
    for (const { id } of NEWSLETTERS)
      await addReaders(this.deps, [{}, {}, { preferences: ['chemistry', 'other'] }], id);
    // From here on the schedules are followed; what was due before was promised to nobody.
    this.scheduler.tick();
    await this.scheduler.idle();
  }

  /** Time passes; then the service ticks, and perhaps it dies of it. */
  async step(isRough: boolean): Promise<void> {
    this.pass(isRough);
    if (isRough && this.random() < 0.3) {
      this.life.callsLeft = 1 + Math.floor(this.random() * 60);
      this.life.diesAfter = this.random() < 0.5;
    }
    this.tally.ticks += 1;
    this.scheduler.tick();
    if (isRough && this.random() < 0.004) await this.sendByHand();
    await this.scheduler.idle();
    if (this.life.isDead) {
      this.tally.kills += 1;
      await this.store.close();
      await this.start();
    } else this.life.callsLeft = undefined;
  }

  private pass(isRough: boolean): void {
    const isOutage = isRough && this.random() < 0.01;
    this.trueMs += isOutage ? this.random() * 4 * DAY_MS : (5 + this.random() * 700) * MINUTE_MS;
    if (isRough ? this.random() < 0.08 : this.skewMs !== 0) {
      this.skewMs = isRough && this.random() < 0.6 ? (this.random() - 0.5) * 10 * HOUR_MS : 0;
      this.tally.clockSteps += 1;
    }
    this.base.clock.set(new Date(this.trueMs + this.skewMs));
  }

  private async sendByHand(): Promise<void> {
    const newsletter = newsletterNamed(this.deps, this.random() < 0.5 ? 'weekly' : 'daily');
    await this.deps.sending.sendNext({ newsletter, confirm: async () => true }).catch(() => undefined);
  }

  /** A new process opens the database that the last one left. */
  private async start(): Promise<void> {
    this.life = { callsLeft: undefined, diesAfter: false, isDead: false };
    this.processes += 1;
    const self = `process-${this.processes}`;
    this.store = await openSqliteStore({ path: this.file });
    this.deps = openUseCases({
      ...this.base,
      store: mortalStore(this.store, this.life),
      newsletters: new Map(NEWSLETTERS.map((newsletter) => [newsletter.id, newsletter])),
      sources: new Map([['blog', viewOf(this.posts, () => this.trueMs)]]),
      renderer: plainRenderer,
      messagesIn: this.messagesIn,
      transport: () => this.wire,
      rateLimit: () => ({
        take: async () => 0,
        accepted: () => undefined,
        slow: async () => undefined,
        learned: async () => undefined,
      }),
      processes: { self, stateOf: (owner) => (owner === self ? 'alive' : 'dead') },
    });
    this.scheduler = openScheduler(this.deps, new AbortController().signal);
  }

  async count() {
    const lastMs = this.trueMs;
    const sum = { occurrences: 0, missing: 0, repeated: 0, posts: 0, postsMissing: 0, postsRepeated: 0 };
    let mails = 0;
    let mailsMissing = 0;
    for (const { id, schedule, timezone } of NEWSLETTERS) {
      const issues = await this.store.ledger.issues(id);
      const records = new Map<number, number>();
      const scheduled = issues.filter(({ manual }) => !manual);
      for (const { occurrence } of [...scheduled, ...(await this.store.ledger.skips(id))])
        records.set(occurrence.getTime(), (records.get(occurrence.getTime()) ?? 0) + 1);
      let at = cronCalendar.next(schedule, timezone, new Date(START_MS));
      for (; at.getTime() <= lastMs; at = cronCalendar.next(schedule, timezone, at)) {
        const count = records.get(at.getTime()) ?? 0;
        sum.occurrences += 1;
        if (count === 0) sum.missing += 1;
        records.delete(at.getTime());
        sum.repeated += Math.max(0, count - 1);
      }
      // Records of moments that no schedule knows.
      sum.repeated += records.size;
      const carried = new Map<string, number>();
      for (const issue of issues) {
        for (const { id: post } of issue.posts) carried.set(post, (carried.get(post) ?? 0) + 1);
        const counts = await this.store.ledger.counts(issue.id);
        mails += counts.all - counts.skipped;
        mailsMissing += counts.rejected + openCount(counts);
      }
      for (const { post } of this.posts) {
        const count = carried.get(post.keys.id ?? '') ?? 0;
        sum.posts += 1;
        if (count === 0) sum.postsMissing += 1;
        sum.postsRepeated += Math.max(0, count - 1);
      }
    }
    const mailsRepeated = [...this.wire.taken.values()].reduce((all, count) => all + count - 1, 0);
    return { ...sum, mails, mailsMissing, mailsRepeated };
  }
}
