import { describe, expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { Person } from '../../src/domain/ports/storage.js';
import { cancelIssue } from '../../src/issue/cancel.js';
import type { EditionPlan } from '../../src/issue/editions.js';
import { sendIssue } from '../../src/sending/by-hand.js';
import { openDraftWorkspace } from '../../src/studio/draft-workspace.js';
import type { LiveDraft } from '../../src/studio/live-draft.js';
import { draftLiveIssue } from '../../src/studio/live-issue.js';
import { mailPage } from '../../src/studio/show-mail.js';
import { addReaders } from '../support/app-context.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { plainRenderer } from '../support/plain-renderer.js';
import { aDoor, type TestDoor } from '../support/public-site.js';

const ANN = 1;
const START = new Date('2026-06-15T07:00:00Z');

/** A weekly and a monthly newsletter of one blog. Reader 1 is Ann; Max gets both and is never asked. */
async function aHouseOfTwo(annGets: readonly string[]) {
  const door = await aDoor({ others: [{ id: 'monthly', title: 'Monthly', schedule: '0 8 1 * *' }], now: START });
  const { audience } = door.deps.store;
  // What the mails look like is nobody's question here.
  const deps = openUseCases({ ...door.deps, renderer: plainRenderer });
  for (const reader of [ANN, 2]) await audience.unsubscribe('weekly', reader);
  const consent = { source: 'test', at: START };
  for (const id of annGets) await audience.subscribe(id, ANN, { wishes: undefined, consent });
  await addReaders(deps, [{ address: 'max@example.org' }]);
  await addReaders(deps, [{ address: 'max@example.org' }], 'monthly');
  return { ...door, deps };
}

/** Ann ticks exactly these newsletters on her page. */
async function tick(door: TestDoor, newsletter: readonly string[]): Promise<void> {
  await door.post(`/p/${door.token(ANN)}`, { part: 'wishes', wish: 'everything', newsletter, language: 'en' });
}

/** What Ann's page shows as ticked. */
async function ticked(door: TestDoor): Promise<readonly string[]> {
  const page = await (await door.get(`/p/${door.token(ANN)}`)).text();
  const boxes = page.match(/<input[^>]*name="newsletter"[^>]*>/g) ?? [];
  return boxes.filter((box) => /\schecked/.test(box)).map((box) => /value="([^"]*)"/.exec(box)?.[1] ?? '');
}

function newsletterOf({ deps }: TestDoor, id: string): Newsletter {
  return deps.newsletters.get(id) as Newsletter;
}

/** A day later these posts are published and an issue is sent; gives what each reader got of it. */
async function send(door: TestDoor, id: string, ...titles: readonly string[]) {
  const { deps } = door;
  for (const title of titles) {
    deps.clock.advance(DAY_MS);
    deps.source.posts.push(aPost({ title, publishedAt: deps.clock.now() }));
  }
  deps.clock.advance(DAY_MS);
  const report = await sendIssue(deps, { newsletter: newsletterOf(door, id), confirm: async () => true });
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
  it('does so at once, and the first monthly issue leaves out what the weekly one has sent them since', async () => {
    const door = await aHouseOfTwo(['weekly']);
    await send(door, 'monthly', 'May');
    expect(await send(door, 'weekly', 'One')).toMatchObject({ ann: 'May One', max: 'May One' });
    await tick(door, ['monthly']);
    expect(await ticked(door)).toEqual(['monthly']);
    expect(await send(door, 'weekly', 'Two')).toMatchObject({ ann: undefined, max: 'Two' });
    expect(await send(door, 'monthly', 'Three')).toMatchObject({ ann: 'Three Two', max: 'One Three Two', editions: 2 });
    expect(await send(door, 'monthly', 'Four')).toMatchObject({ ann: 'Four', max: 'Four', editions: 1 });
  });

  it('gets no mail where nothing is left of it', async () => {
    const door = await aHouseOfTwo(['weekly']);
    await send(door, 'weekly', 'One');
    await tick(door, ['monthly']);
    expect(await send(door, 'monthly')).toMatchObject({ ann: 'skipped', max: 'One', editions: 1 });
  });

  it('shares an edition with everybody for whom the same remains', async () => {
    const door = await aHouseOfTwo(['weekly']);
    await addReaders(door.deps, [{ address: 'bea@example.org' }]);
    const bea = (await door.deps.store.audience.find('bea@example.org'))?.subscriber.id ?? 0;
    await send(door, 'weekly', 'One');
    await tick(door, ['monthly']);
    const consent = { source: 'test', at: START };
    const terms = { from: 'weekly', to: 'monthly', waits: false, wishes: ['other'], consent };
    expect(await door.deps.store.audience.changeFrequency(bea, terms)).toBe(true);
    expect(await send(door, 'monthly', 'Two')).toMatchObject({ ann: 'Two', max: 'One Two', editions: 2 });
  });

  it('is planned as it will be sent', async () => {
    const door = await aHouseOfTwo(['weekly']);
    await send(door, 'weekly', 'One');
    await tick(door, ['monthly']);
    door.deps.source.posts.push(aPost({ title: 'Two', publishedAt: door.deps.clock.now() }));
    const plan = await door.deps.issues.plan({ newsletter: newsletterOf(door, 'monthly') });
    expect(plan.editions.map(({ readers }) => readers)).toEqual([1, 1]);
  });

  it('sees their own copy in a preview and on the desk, without what they have', async () => {
    const door = await aHouseOfTwo(['weekly']);
    await send(door, 'weekly', 'One');
    await tick(door, ['monthly']);
    door.deps.source.posts.push(aPost({ title: 'Two', publishedAt: door.deps.clock.now() }));
    const newsletter = newsletterOf(door, 'monthly');
    const previewOf = (reader: string) => door.deps.issues.preview({ newsletter, reader });
    const one = [expect.any(String)];
    expect(await previewOf('Ann@example.org')).toMatchObject({ posts: one });
    expect(await previewOf('max@example.org')).toMatchObject({ posts: [...one, ...one] });

    const history = await openDraftWorkspace(door.deps, '/');
    const issue = await draftLiveIssue(history, newsletter);
    const { deps, draftDeps } = history;
    const live = {
      deps: () => deps,
      draftDeps: () => draftDeps,
      isWithoutLedger: () => false,
      edition: (_: typeof issue, plan: EditionPlan) => draftDeps.issues.editions.render(issue.draft, plan),
    } as unknown as LiveDraft;
    expect(await mailPage(live, issue, { reader: 'Ann@example.org' })).toMatchObject({ posts: one });
    await history.scratch.close();
  });

  it('and back again before the next issue has lost nothing', async () => {
    const door = await aHouseOfTwo(['weekly']);
    await send(door, 'weekly', 'One');
    await tick(door, ['monthly']);
    await tick(door, ['weekly']);
    expect(await ticked(door)).toEqual(['weekly']);
    expect(await send(door, 'monthly', 'Two')).toMatchObject({ ann: undefined });
    expect(await send(door, 'weekly', 'Three')).toMatchObject({ ann: 'Three Two' });
  });
});

describe('A reader who changes from monthly to weekly', () => {
  it('does so with the next monthly issue, and the first weekly one leaves out what that one carried', async () => {
    const door = await aHouseOfTwo(['monthly']);
    await send(door, 'monthly', 'May');
    await send(door, 'weekly', 'One');
    await tick(door, ['weekly']);
    expect(await ticked(door)).toEqual(['weekly']);
    expect(await send(door, 'weekly', 'Two')).toMatchObject({ ann: undefined, max: 'Two' });
    expect(await send(door, 'monthly', 'Three')).toMatchObject({ ann: 'One Three Two', max: 'One Three Two' });
    expect(await send(door, 'weekly', 'Four')).toMatchObject({ ann: 'Four', max: 'Four Three', editions: 2 });
    expect(await send(door, 'weekly', 'Five')).toMatchObject({ ann: 'Five', max: 'Five', editions: 1 });
    expect(await send(door, 'monthly', 'Six')).toMatchObject({ ann: undefined, max: 'Five Four Six' });
    expect(await ticked(door)).toEqual(['weekly']);
  });

  it('misses nothing when that issue was cancelled before it left', async () => {
    const door = await aHouseOfTwo(['monthly']);
    await send(door, 'weekly', 'One');
    await tick(door, ['weekly']);
    door.deps.wire.answer = () => ({
      kind: 'deferred',
      scope: 'recipient',
      reply: { code: 451, text: '451 Later' },
    });
    await send(door, 'monthly', 'Two');
    await cancelIssue({ ...door.deps, ledger: door.deps.store.ledger }, newsletterOf(door, 'monthly'), 1);
    door.deps.wire.answer = () => ({ kind: 'accepted', reply: { code: 250, text: '250 Ok' } });
    expect(await send(door, 'weekly', 'Three')).toMatchObject({ ann: 'Three Two' });
  });

  it('and leaves altogether meanwhile gets neither', async () => {
    const door = await aHouseOfTwo(['monthly']);
    await tick(door, ['weekly']);
    await door.post(`/u/${door.token(ANN, 'monthly')}`, { 'List-Unsubscribe': 'One-Click' });
    expect(await ticked(door)).toEqual([]);
    await send(door, 'monthly', 'One');
    expect(await send(door, 'weekly', 'Two')).toMatchObject({ ann: undefined });
  });
});

describe('A reader of both', () => {
  it('gets both whole, also after a change that was taken back', async () => {
    const door = await aHouseOfTwo(['weekly']);
    await send(door, 'weekly', 'One');
    await tick(door, ['monthly']);
    await tick(door, ['weekly', 'monthly']);
    expect(await send(door, 'monthly', 'Two')).toMatchObject({ ann: 'One Two', editions: 1 });
    expect(await send(door, 'weekly', 'Three')).toMatchObject({ ann: 'Three Two' });
  });

  it('who unticks both while a change waits gets neither', async () => {
    const door = await aHouseOfTwo(['monthly']);
    await tick(door, ['weekly']);
    await tick(door, []);
    const { subscriptions, switches } = (await door.deps.store.audience.person(ANN)) as Person;
    expect(subscriptions.map(({ state }) => state)).toEqual(['unsubscribed', 'unsubscribed']);
    expect(switches).toEqual([]);
  });
});
