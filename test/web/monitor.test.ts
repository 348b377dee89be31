import { describe, expect, it } from 'vitest';
import { openScheduler } from '../../src/scheduler/scheduler.js';
import { openMonitor } from '../../src/web/monitor/open-monitor.js';
import { aContext, addReaders } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { plainRenderer } from '../support/plain-renderer.js';

const MONDAY = new Date('2026-06-15T07:00:00Z');

async function aMonitor() {
  const deps = await aContext({ now: new Date('2026-06-12T12:00:00Z'), renderer: plainRenderer });
  deps.source.posts = [aPost({ publishedAt: new Date('2026-06-10T10:00:00Z') })];
  await addReaders(deps, [{}, {}]);
  const stop = new AbortController();
  const scheduler = openScheduler(deps, stop.signal);
  const monitor = openMonitor(deps, stop.signal);
  const tick = async () => {
    scheduler.tick();
    await scheduler.idle();
  };
  const metric = async (name: string): Promise<number> => {
    const text = await (await monitor.request('/metrics')).text();
    const line = text.split('\n').find((each) => each.startsWith(`gazette_${name} `) || each.startsWith(name));
    return Number(line?.split(' ').at(-1));
  };
  return { deps, monitor, tick, metric, stop };
}

describe('The monitor', () => {
  it('is alive, and ready until the service is asked to stop', async () => {
    const { monitor, stop } = await aMonitor();
    expect((await monitor.request('/healthz')).status).toBe(200);
    expect((await monitor.request('/readyz')).status).toBe(200);
    stop.abort();
    expect((await monitor.request('/healthz')).status).toBe(200);
    expect((await monitor.request('/readyz')).status).toBe(503);
  });

  it('is not ready without its database', async () => {
    const { deps, monitor } = await aMonitor();
    await deps.store.close();
    expect(await (await monitor.request('/readyz')).json()).toMatchObject({ ok: false });
  });

  it('shows when the next issue is due, with how many posts, and how old each source is', async () => {
    const { deps, tick, metric } = await aMonitor();
    await tick();
    deps.clock.advance(60_000);
    expect(await metric('gazette_next_issue_timestamp_seconds{newsletter="weekly"}')).toBe(MONDAY.getTime() / 1000);
    expect(await metric('gazette_next_issue_posts{newsletter="weekly"}')).toBe(1);
    expect(await metric('gazette_source_age_seconds{source="blog"}')).toBe(60);
    expect(await metric('gazette_source_failures{source="blog"}')).toBe(0);
  });

  it('shows what is left to send, since when, and how fast it goes', async () => {
    const { deps, tick, metric } = await aMonitor();
    deps.wire.answer = ({ envelope }) => ({
      kind: envelope.to === 'reader1@example.org' ? 'accepted' : 'deferred',
      scope: 'recipient',
      reply: { code: 451, text: '451 Later' },
    });
    await tick();
    deps.clock.set(MONDAY);
    await tick();
    deps.clock.advance(30_000);
    expect(await metric('gazette_deliveries{state="planned"}')).toBe(1);
    expect(await metric('gazette_deliveries{state="accepted"}')).toBe(1);
    expect(await metric('oldest_unsent_age_seconds')).toBe(30);
    expect(await metric('gazette_accepted_per_second')).toBeCloseTo(1 / 60);
    expect(await metric('gazette_time_left_seconds')).toBe(60);
    deps.clock.advance(60_000);
    expect(await metric('gazette_accepted_per_second')).toBe(0);
  });

  it('shows no address', async () => {
    const { tick, monitor } = await aMonitor();
    await tick();
    expect(await (await monitor.request('/metrics')).text()).not.toContain('@');
  });
});
