import { describe, expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { Person } from '../../src/domain/ports/audience.js';
import { cancelIssue } from '../../src/issue/cancel.js';
import { mailPage } from '../../src/studio/pages/mail.js';
import { addReaders } from '../support/app-context.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { plainRenderer } from '../support/plain-renderer.js';
import { aPublicSite, type TestSite } from '../support/public-site.js';
import { aLiveDraft, aStudioOf } from '../support/studio.js';

const ANN = 1;
const START = new Date('2026-06-15T07:00:00Z');

/** A weekly and a monthly newsletter of one blog. Reader 1 is Ann; Max gets both and is never asked. */
async function aSiteOfTwo(annGets: readonly string[]) {
  const site = await aPublicSite({ others: [{ id: 'monthly', title: 'Monthly', schedule: '0 8 1 * *' }], now: START });
  const { audience } = site.deps.store;
  const deps = openUseCases({ ...site.deps, renderer: plainRenderer });
  for (const reader of [ANN, 2]) await audience.unsubscribe('weekly', reader);
  const consent = { source: 'test', at: START };
  for (const id of annGets) await audience.subscribe(id, ANN, { preferences: undefined, consent });
  await addReaders(deps, [{ address: 'max@example.org' }]);
  await addReaders(deps, [{ address: 'max@example.org' }], 'monthly');
  return { ...site, deps };
}

/** Ann ticks exactly these newsletters on her page. */
async function tick(site: TestSite, newsletter: readonly string[]): Promise<void> {
  await site.post(`/p/${site.token(ANN)}`, { part: 'wishes', wish: 'everything', newsletter, language: 'en' });
}

/** What Ann's page shows as ticked. */
async function ticked(site: TestSite): Promise<readonly string[]> {
  const page = await (await site.get(`/p/${site.token(ANN)}`)).text();
  const boxes = page.match(/<input[^>]*name="newsletter"[^>]*>/g) ?? [];
  return boxes.filter((box) => /\schecked/.test(box)).map((box) => /value="([^"]*)"/.exec(box)?.[1] ?? '');
}

function newsletterOf({ deps }: TestSite, id: string): Newsletter {
  return deps.newsletters.get(id) as Newsletter;
}

/** A day later these posts are published and an issue is sent; gives what each reader got of it. */
async function send(site: TestSite, id: string, ...titles: readonly string[]) {
  const { deps } = site;
  for (const title of titles) {
    deps.clock.advance(DAY_MS);
    deps.source.posts.push(aPost({ title, publishedAt: deps.clock.now() }));
  }
  deps.clock.advance(DAY_MS);
  const report = await deps.sending.sendNext({ newsletter: newsletterOf(site, id), confirm: async () => true });
  if (report.kind !== 'sent') return { ann: report.kind, max: report.kind, editions: 0 };
  const editions = await deps.store.ledger.editions(report.issue.id);
  const got: { [address: string]: string } = {};
  for await (const { address, edition, state } of deps.store.ledger.deliveries(report.issue.id)) {
    const shown = editions
      .find(({ key }) => key === edition)
      ?.posts.map((post) => post.title)
      .sort();
    got[address] = state === 'accepted' ? (shown ?? []).join(' ') : state;
  }
  return { ann: got['Ann@example.org'], max: got['max@example.org'], editions: editions.length };
}

describe('A reader who changes from weekly to monthly', () => {
  it('does so at once, and the first monthly issue excludes what the weekly one has sent them since', async () => {
    const site = await aSiteOfTwo(['weekly']);
    await send(site, 'monthly', 'May');
    expect(await send(site, 'weekly', 'One')).toMatchObject({ ann: 'May One', max: 'May One' });
    await tick(site, ['monthly']);
    expect(await ticked(site)).toEqual(['monthly']);
    expect(await send(site, 'weekly', 'Two')).toMatchObject({ ann: undefined, max: 'Two' });
    expect(await send(site, 'monthly', 'Three')).toMatchObject({ ann: 'Three Two', max: 'One Three Two', editions: 2 });
    expect(await send(site, 'monthly', 'Four')).toMatchObject({ ann: 'Four', max: 'Four', editions: 1 });
  });

  it('gets no mail when nothing is left for them', async () => {
    const site = await aSiteOfTwo(['weekly']);
    await send(site, 'weekly', 'One');
    await tick(site, ['monthly']);
    expect(await send(site, 'monthly')).toMatchObject({ ann: 'skipped', max: 'One', editions: 1 });
  });

  it('shares an edition with all readers for whom the same posts remain', async () => {
    const site = await aSiteOfTwo(['weekly']);
    await addReaders(site.deps, [{ address: 'bea@example.org' }]);
    const bea = (await site.deps.store.audience.find('bea@example.org'))?.subscriber.id ?? 0;
    await send(site, 'weekly', 'One');
    await tick(site, ['monthly']);
    const consent = { source: 'test', at: START };
    const terms = { from: 'weekly', to: 'monthly', waits: false, preferences: ['other'], consent };
    expect(await site.deps.store.audience.changeFrequency(bea, terms)).toBe(true);
    expect(await send(site, 'monthly', 'Two')).toMatchObject({ ann: 'Two', max: 'One Two', editions: 2 });
  });

  it('is counted in the plan as in the send', async () => {
    const site = await aSiteOfTwo(['weekly']);
    await send(site, 'weekly', 'One');
    await tick(site, ['monthly']);
    site.deps.source.posts.push(aPost({ title: 'Two', publishedAt: site.deps.clock.now() }));
    const plan = await site.deps.issues.plan({ newsletter: newsletterOf(site, 'monthly') });
    expect(plan.editions.map(({ readers }) => readers)).toEqual([1, 1]);
  });

  it('is shown their own copy in a preview and in the studio, without the posts they have', async () => {
    const site = await aSiteOfTwo(['weekly']);
    await send(site, 'weekly', 'One');
    await tick(site, ['monthly']);
    site.deps.source.posts.push(aPost({ title: 'Two', publishedAt: site.deps.clock.now() }));
    const newsletter = newsletterOf(site, 'monthly');
    const previewOf = (reader: string) => site.deps.issues.preview({ newsletter, reader });
    const one = [expect.any(String)];
    expect(await previewOf('Ann@example.org')).toMatchObject({ posts: one });
    expect(await previewOf('max@example.org')).toMatchObject({ posts: [...one, ...one] });

    const stop = new AbortController();
    const studio = aStudioOf(await aLiveDraft(site.deps, stop), stop.signal);
    const query = new URLSearchParams({ reader: 'Ann@example.org', view: 'text' });
    const { mail } = await studio.view(mailPage, { newsletter: 'monthly' }, query);
    expect(mail?.text).toContain('Two');
    expect(mail?.text).not.toContain('One');
  });

  it('and back before the next issue misses nothing', async () => {
    const site = await aSiteOfTwo(['weekly']);
    await send(site, 'weekly', 'One');
    await tick(site, ['monthly']);
    await tick(site, ['weekly']);
    expect(await ticked(site)).toEqual(['weekly']);
    expect(await send(site, 'monthly', 'Two')).toMatchObject({ ann: undefined });
    expect(await send(site, 'weekly', 'Three')).toMatchObject({ ann: 'Three Two' });
  });
});

describe('A reader who changes from monthly to weekly', () => {
  it('does so with the next monthly issue, and the first weekly one excludes what that one carried', async () => {
    const site = await aSiteOfTwo(['monthly']);
    await send(site, 'monthly', 'May');
    await send(site, 'weekly', 'One');
    await tick(site, ['weekly']);
    expect(await ticked(site)).toEqual(['weekly']);
    expect(await send(site, 'weekly', 'Two')).toMatchObject({ ann: undefined, max: 'Two' });
    expect(await send(site, 'monthly', 'Three')).toMatchObject({ ann: 'One Three Two', max: 'One Three Two' });
    expect(await send(site, 'weekly', 'Four')).toMatchObject({ ann: 'Four', max: 'Four Three', editions: 2 });
    expect(await send(site, 'weekly', 'Five')).toMatchObject({ ann: 'Five', max: 'Five', editions: 1 });
    expect(await send(site, 'monthly', 'Six')).toMatchObject({ ann: undefined, max: 'Five Four Six' });
    expect(await ticked(site)).toEqual(['weekly']);
  });

  it('misses nothing when that issue was cancelled before its first message', async () => {
    const site = await aSiteOfTwo(['monthly']);
    await send(site, 'weekly', 'One');
    await tick(site, ['weekly']);
    site.deps.wire.answer = () => ({
      kind: 'deferred',
      scope: 'recipient',
      reply: { code: 451, text: '451 Later' },
    });
    await send(site, 'monthly', 'Two');
    await cancelIssue(
      { ...site.deps, ledger: site.deps.store.ledger },
      newsletterOf(site, 'monthly'),
      1,
      site.deps.clock.now(),
    );
    site.deps.wire.answer = () => ({ kind: 'accepted', reply: { code: 250, text: '250 Ok' } });
    expect(await send(site, 'weekly', 'Three')).toMatchObject({ ann: 'Three Two' });
  });

  it('and then unsubscribes from both gets neither', async () => {
    const site = await aSiteOfTwo(['monthly']);
    await tick(site, ['weekly']);
    await site.post(`/u/${site.token(ANN, 'monthly')}`, { 'List-Unsubscribe': 'One-Click' });
    expect(await ticked(site)).toEqual([]);
    await send(site, 'monthly', 'One');
    expect(await send(site, 'weekly', 'Two')).toMatchObject({ ann: undefined });
  });
});

describe('A reader of both', () => {
  it('gets both in full, also after a change was cancelled', async () => {
    const site = await aSiteOfTwo(['weekly']);
    await send(site, 'weekly', 'One');
    await tick(site, ['monthly']);
    await tick(site, ['weekly', 'monthly']);
    expect(await send(site, 'monthly', 'Two')).toMatchObject({ ann: 'One Two', editions: 1 });
    expect(await send(site, 'weekly', 'Three')).toMatchObject({ ann: 'Three Two' });
  });

  it('who unticks both while a change is waiting gets neither', async () => {
    const site = await aSiteOfTwo(['monthly']);
    await tick(site, ['weekly']);
    await tick(site, []);
    const { subscriptions, frequencyChanges } = (await site.deps.store.audience.person(ANN)) as Person;
    expect(subscriptions.map(({ state }) => state)).toEqual(['unsubscribed', 'unsubscribed']);
    expect(frequencyChanges).toEqual([]);
  });
});
