/** What the studio sends, and where it would end. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { StudioInbox } from '../../src/domain/studio-inbox.js';
import { newsletterNamed } from '../../src/flows/house.js';
import { sendIssue } from '../../src/flows/send-issue.js';
import { openDesk } from '../../src/flows/studio/open-desk.js';
import { openStudioFlows } from '../../src/flows/studio/open-studio.js';
import { mailOnDesk } from '../../src/flows/studio/show-mail.js';
import { shownOf } from '../../src/flows/studio/shown-of.js';
import { openStudioActs, type SeenIssue } from '../../src/flows/studio/studio-acts.js';
import { openStudioRoom } from '../../src/flows/studio/studio-room.js';
import { openStudioViews } from '../../src/flows/studio/studio-views.js';
import { localFiles } from '../../src/platform/files.js';
import { openStudioPages } from '../../src/render/studio-pages.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { ROOT } from '../support/config-files.js';
import { ACCEPTED, addReaders, aHouse, TEMPLATES } from '../support/house.js';
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
  const house = await aHouse({
    posts: [aPost({ publishedAt: new Date('2026-06-12T08:00:00Z') })],
    renderer: plainRenderer,
    newsletter,
  });
  await addReaders(house, [{}, {}]);
  const wire = { ...house.wire, description: 'smtp://127.0.0.1:2525' };
  house.wire.answer = (_, nth) => (nth === 1 ? REFUSED : ACCEPTED);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const { signal } = stop;
  const tools = { watch: async () => undefined, root: ROOT, templates: [], signal };
  const desk = await openDesk({ ...tools, openHouse: async () => ({ ...house, transport: () => wire }) });
  const url = goesTo === 'inbox' ? 'smtp://127.0.0.1:2525' : 'smtp://127.0.0.1:9999';
  const inbox = { url, mails: () => [], onMail: () => undefined } as unknown as StudioInbox;
  const studio = { desk, inbox, signal, editor: 'Ada', pages: {} as never };
  const room = openStudioRoom(studio);
  const ended = () => vi.waitFor(() => expect(room.runs.isRunning('weekly')).toBe(false));
  return { house, desk, stop, tools: studio, ended, acts: openStudioActs(room), views: openStudioViews(room) };
}

const AGAIN = { canResendRejected: true, keptBack: null };

describe('The studio of an issue that refusals have paused', () => {
  it('says why, and gives the refused readers their turn again', async () => {
    const { house, acts, views, ended, desk } = await aStudio('server');
    await addReaders(
      house,
      Array.from({ length: 20 }, () => ({})),
    );
    house.wire.answer = () => REFUSED;
    await sendIssue(house, { newsletter: newsletterNamed(house, 'weekly'), confirm: async () => true });
    await desk.refresh();
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
    expect(await house.store.ledger.counts(1)).toMatchObject({ rejected: 0, planned: 20 });
    house.wire.answer = () => ACCEPTED;
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
    const { house, desk, acts, views } = await aStudio('inbox');
    await sendIssue(house, { newsletter: newsletterNamed(house, 'weekly'), confirm: async () => true });
    await desk.refresh();
    const before = house.wire.messages.length;
    await expect(acts.resend('weekly', 1, 'rejected')).rejects.toMatchObject({ code: 'issue.state' });
    await expect(acts.resume('weekly', 1)).rejects.toThrow('its readers would not get it');
    expect(house.wire.messages.length).toBe(before);
    const kept = { canResume: false, canResendRejected: false, keptBack: expect.stringContaining('inbox') };
    expect((await views.sendPage('weekly')).sending).toMatchObject(kept);
    const look = { view: 'html', width: 'phone', scheme: 'light', images: true, beside: undefined } as const;
    const none = { edition: undefined, state: undefined, reader: undefined };
    expect((await views.pastPage('weekly', 1, none, look)).sending).toMatchObject(kept);
  });

  it('goes on with an issue of its own', async () => {
    const { desk, acts, views, ended } = await aStudio('inbox');
    await acts.send('weekly', shownOf(await desk.issue('weekly')));
    await ended();
    expect((await views.sendPage('weekly')).sending).toMatchObject(AGAIN);
    await acts.resend('weekly', 1, 'rejected');
    await ended();
    expect((await views.sendPage('weekly')).sending).toMatchObject({ canResendRejected: false, keptBack: null });
  });
});

it('The studio takes a yes for the occurrence its page showed, and for no other', async () => {
  const { house, desk, acts, views } = await aStudio('inbox', { approval: { kind: 'required' } });
  const seen = async () => (await views.sendPage('weekly')).approval as SeenIssue & { readonly state: string };
  const stale = await seen();
  // Nobody approved it in time, so the next one waits.
  house.clock.advance(7 * DAY_MS);
  house.source.posts = [aPost({ publishedAt: new Date(house.clock.now().getTime() - DAY_MS) })];
  await desk.refresh();
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
  const { house, desk } = await aStudio('inbox');
  await house.store.audience.suppress('reader1@example.org', 'manual', house.clock.now());
  const issue = await desk.issue('weekly');
  const why = 'This reader gets no mail: they must not be written to.';
  expect(await mailOnDesk(desk, issue, { reader: 'reader1@example.org' })).toEqual({ kind: 'none', why });
  expect(await mailOnDesk(desk, issue, { reader: 'reader2@example.org' })).toMatchObject({ kind: 'mail' });
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
  const { house, desk, stop, tools } = await aStudio('inbox');
  const log = memoryLog();
  let looks = 0;
  const asked = async () => {
    looks += 1;
    if (looks === 3) stop.abort();
    throw new Error('the database is away');
  };
  const ledger = { ...house.store.ledger, unfinishedIssues: asked };
  desk.house = () => ({ ...house, log, store: { ...house.store, ledger } });
  const flows = openStudioFlows(tools);
  flows.onChange(() => undefined);
  await flows.tend();
  expect(log.events.map(({ event }) => event)).toEqual(['studio.look-failed']);
  expect(looks).toBe(3);
});

it('The studio with a mail server goes on with what others sent', async () => {
  const { house, desk, acts, views, ended } = await aStudio('server');
  await sendIssue(house, { newsletter: newsletterNamed(house, 'weekly'), confirm: async () => true });
  await desk.refresh();
  expect((await views.sendPage('weekly')).sending).toMatchObject(AGAIN);
  await acts.resend('weekly', 1, 'rejected');
  await ended();
  expect((await views.sendPage('weekly')).sending).toMatchObject({ canResendRejected: false });
});
