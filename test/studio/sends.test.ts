/** What the studio sends, and where it would end. */

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { newsletterNamed, openUseCases } from '../../src/app-context.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { StudioInbox } from '../../src/domain/studio-inbox.js';
import { localFiles } from '../../src/platform/files.js';
import { openStudioPages } from '../../src/render/studio-pages.js';
import { openStudioActs, type SeenIssue } from '../../src/studio/actions.js';
import { openStudioContext } from '../../src/studio/context.js';
import { openStudio } from '../../src/studio/index.js';
import { openLiveDraft } from '../../src/studio/live-draft.js';
import { mailPage } from '../../src/studio/show-mail.js';
import { shownOf } from '../../src/studio/shown-of.js';
import { openStudioViews } from '../../src/studio/views.js';
import { ACCEPTED, aContext, addReaders, TEMPLATES } from '../support/app-context.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { ROOT } from '../support/config-files.js';
import { memoryLog } from '../support/logs.js';
import { plainRenderer } from '../support/plain-renderer.js';

const REFUSED = {
  kind: 'rejected',
  scope: 'recipient',
  bounce: 'hard',
  reply: { code: 550, text: '550 5.1.1 No such reader' },
} as const;

/** A studio whose mails lead where its test says; its first reader is refused. */
async function aStudio(goesTo: 'inbox' | 'server', newsletter: Partial<Newsletter> = {}) {
  const deps = await aContext({
    posts: [aPost({ publishedAt: new Date('2026-06-12T08:00:00Z') })],
    renderer: plainRenderer,
    newsletter,
  });
  await addReaders(deps, [{}, {}]);
  const wire = { ...deps.wire, description: 'smtp://127.0.0.1:2525' };
  deps.wire.answer = (_, nth) => (nth === 1 ? REFUSED : ACCEPTED);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const { signal } = stop;
  const tools = { watch: async () => undefined, root: ROOT, templates: [], signal };
  const live = await openLiveDraft({
    ...tools,
    openContext: async () => openUseCases({ ...deps, transport: () => wire }),
  });
  const url = goesTo === 'inbox' ? 'smtp://127.0.0.1:2525' : 'smtp://127.0.0.1:9999';
  const inbox = { url, mails: () => [], onMail: () => undefined } as unknown as StudioInbox;
  const studio = { live, inbox, signal, editor: 'Ada', pages: {} as never };
  const room = openStudioContext(studio);
  const ended = () => vi.waitFor(() => expect(room.runs.isRunning('weekly')).toBe(false));
  return { deps, live, stop, tools: studio, ended, acts: openStudioActs(room), views: openStudioViews(room) };
}

const AGAIN = { canResendRejected: true, keptBack: null };

describe('The studio of an issue that refusals have paused', () => {
  it('says why, and gives the refused readers their turn again', async () => {
    const { deps, acts, views, ended, live } = await aStudio('server');
    await addReaders(
      deps,
      Array.from({ length: 20 }, () => ({})),
    );
    deps.wire.answer = () => REFUSED;
    await deps.sending.sendNext({ newsletter: newsletterNamed(deps, 'weekly'), confirm: async () => true });
    await live.refresh();
    const { sending } = await views.sendPage('weekly');
    expect(sending).toMatchObject({
      state: 'paused',
      canReturn: true,
      pausedFor: expect.stringContaining('No such reader'),
    });
    const page = await openStudioPages(localFiles(), `${TEMPLATES}/studio`).print(
      'send',
      await views.sendPage('weekly'),
      'UTC',
    );
    expect(page).toMatch(/Paused by itself\. .*No such reader/);
    expect(page).toContain('/issues/1/return?back=');
    await acts.returnRefused('weekly', 1);
    expect(await deps.store.ledger.counts(1)).toMatchObject({ rejected: 0, planned: 20 });
    deps.wire.answer = () => ACCEPTED;
    await acts.resume('weekly', 1);
    await ended();
    expect((await views.sendPage('weekly')).sending).toMatchObject({
      state: 'done',
      pausedFor: null,
      canReturn: false,
    });
  });
});

describe('The studio whose mails end in its own inbox', () => {
  it('does not go on with an issue that others sent, and says why', async () => {
    const { deps, live, acts, views } = await aStudio('inbox');
    await deps.sending.sendNext({ newsletter: newsletterNamed(deps, 'weekly'), confirm: async () => true });
    await live.refresh();
    const before = deps.wire.messages.length;
    await expect(acts.resend('weekly', 1, 'rejected')).rejects.toMatchObject({ code: 'issue.state' });
    await expect(acts.resume('weekly', 1)).rejects.toThrow('its readers would not get it');
    expect(deps.wire.messages.length).toBe(before);
    const kept = { canResume: false, canResendRejected: false, keptBack: expect.stringContaining('inbox') };
    expect((await views.sendPage('weekly')).sending).toMatchObject(kept);
    const look = { view: 'html', width: 'phone', scheme: 'light', images: true, beside: undefined } as const;
    const none = { edition: undefined, state: undefined, reader: undefined };
    expect((await views.pastPage('weekly', 1, none, look)).sending).toMatchObject(kept);
  });

  it('goes on with an issue of its own', async () => {
    const { live, acts, views, ended } = await aStudio('inbox');
    await acts.send('weekly', shownOf(await live.issue('weekly')));
    await ended();
    expect((await views.sendPage('weekly')).sending).toMatchObject(AGAIN);
    await acts.resend('weekly', 1, 'rejected');
    await ended();
    expect((await views.sendPage('weekly')).sending).toMatchObject({ canResendRejected: false, keptBack: null });
  });
});

it('The studio takes a yes for the occurrence its page showed, and for no other', async () => {
  const { deps, live, acts, views } = await aStudio('inbox', { approval: { kind: 'required' } });
  const seen = async () => (await views.sendPage('weekly')).approval as SeenIssue & { readonly state: string };
  const stale = await seen();
  // Nobody approved it in time, so the next one waits.
  deps.clock.advance(7 * DAY_MS);
  deps.source.posts = [aPost({ publishedAt: new Date(deps.clock.now().getTime() - DAY_MS) })];
  await live.refresh();
  const next = await seen();
  expect(next.occurrence > stale.occurrence).toBe(true);
  const answer = { ...next, occurrence: stale.occurrence };
  await expect(acts.answer('weekly', 'approved', answer)).rejects.toThrow('does not wait any more');
  await expect(acts.answer('weekly', 'approved', { ...next, occurrence: '' })).rejects.toThrow('names no issue');
  expect((await seen()).state).toBe('open');
  await acts.answer('weekly', 'approved', next);
  expect((await seen()).state).toBe('approved');
});

it('The studio shows why a reader gets no mail', async () => {
  const { deps, live } = await aStudio('inbox');
  await deps.store.audience.suppress('reader1@example.org', 'manual', deps.clock.now());
  const issue = await live.issue('weekly');
  const why = 'This reader gets no mail: they must not be written to.';
  expect(await mailPage(live, issue, { reader: 'reader1@example.org' })).toEqual({ kind: 'none', why });
  expect(await mailPage(live, issue, { reader: 'reader2@example.org' })).toMatchObject({ kind: 'mail' });
});

it('The studio says who vetoed what an editor is about to send by hand', async () => {
  const { acts, views } = await aStudio('inbox', { approval: { kind: 'required' } });
  const page = async () =>
    openStudioPages(localFiles(), `${TEMPLATES}/studio`).print('confirm', await views.confirmPage('weekly'), 'UTC');
  expect(await page()).toContain('Nobody has approved it.');
  await acts.answer('weekly', 'vetoed', (await views.sendPage('weekly')).approval as SeenIssue);
  expect(await page()).toMatch(/Ada vetoed it, .*Sending it by hand does not wait for that/);
});

it('The studio goes on while its database is away, and says so once', async () => {
  const { deps, live, stop, tools } = await aStudio('inbox');
  const log = memoryLog();
  let looks = 0;
  const asked = async () => {
    looks += 1;
    if (looks === 3) stop.abort();
    throw new Error('the database is away');
  };
  const ledger = { ...deps.store.ledger, unfinishedIssues: asked };
  live.deps = () => openUseCases({ ...deps, log, store: { ...deps.store, ledger } });
  const flows = openStudio(tools);
  flows.onChange(() => undefined);
  await flows.tend();
  expect(log.events.map(({ event }) => event)).toEqual(['studio.look-failed']);
  expect(looks).toBe(3);
});

it('The studio with a mail server goes on with what others sent', async () => {
  const { deps, live, acts, views, ended } = await aStudio('server');
  await deps.sending.sendNext({ newsletter: newsletterNamed(deps, 'weekly'), confirm: async () => true });
  await live.refresh();
  expect((await views.sendPage('weekly')).sending).toMatchObject(AGAIN);
  await acts.resend('weekly', 1, 'rejected');
  await ended();
  expect((await views.sendPage('weekly')).sending).toMatchObject({ canResendRejected: false });
});
