/** What the studio sends, and where its mails go. */
import { describe, expect, it } from 'vitest';
import { newsletterNamed } from '../../src/app-context.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { StudioInbox } from '../../src/domain/studio-inbox.js';
import { openSqliteStore } from '../../src/store/index.js';
import { confirmSendPage } from '../../src/studio/pages/confirm-send.js';
import { mailPage } from '../../src/studio/pages/mail.js';
import { pastIssuePage } from '../../src/studio/pages/past-issue.js';
import { sendPage } from '../../src/studio/pages/send.js';
import { shownContent } from '../../src/studio/shown-content.js';
import { ACCEPTED, addReaders } from '../support/app-context.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { memoryLog } from '../support/logs.js';
import { plainRenderer } from '../support/plain-renderer.js';
import { aStudio, type TestStudio } from '../support/studio.js';

const REFUSED = {
  kind: 'rejected',
  scope: 'recipient',
  bounce: 'soft',
  reply: { code: 550, text: '550 5.1.1 No such reader' },
} as const;

const SERVER_URL = 'smtp://127.0.0.1:2525';

/** A studio with two readers, the first of whom is refused, whose mails go to its inbox or to a server. */
async function aStudioTo(
  destination: 'inbox' | 'server',
  newsletter: Partial<Newsletter> = {},
  log = memoryLog(),
): Promise<TestStudio> {
  const url = destination === 'inbox' ? SERVER_URL : 'smtp://127.0.0.1:9999';
  const studio = await aStudio({
    posts: [aPost({ publishedAt: new Date('2026-06-12T08:00:00Z') })],
    renderer: plainRenderer,
    newsletter,
    inbox: { url, mails: () => [], onMail: () => undefined } as unknown as StudioInbox,
    destination: SERVER_URL,
    log,
  });
  await addReaders(studio.deps, [{}, {}]);
  studio.deps.wire.answer = (_, nth) => (nth === 1 ? REFUSED : ACCEPTED);
  await studio.refresh();
  return studio;
}

/** Sends the issue as another process would. */
async function sentElsewhere({ deps, refresh }: TestStudio): Promise<void> {
  await deps.sending.sendNext({ newsletter: newsletterNamed(deps, 'weekly'), confirm: async () => true });
  await refresh();
}

const sendingOf = async ({ view }: TestStudio) => (await view(sendPage)).sending;

async function approvalOf({ view }: TestStudio) {
  const { approval } = await view(sendPage);
  if (!approval) throw new Error('The issue needs no approval.');
  return approval;
}

it('The studio says why an issue is paused, and plans the refused readers again', async () => {
  const studio = await aStudioTo('server');
  const { deps, read, settled } = studio;
  const { sending } = studio.studio;
  await addReaders(
    deps,
    Array.from({ length: 20 }, () => ({})),
  );
  deps.wire.answer = () => REFUSED;
  await sentElsewhere(studio);
  expect(await sendingOf(studio)).toMatchObject({
    state: 'paused',
    canReturn: true,
    pausedFor: expect.stringContaining('No such reader'),
  });
  const page = await read('/n/weekly/send');
  expect(page).toMatch(/Paused automatically\. .*No such reader/);
  expect(page).toContain('/issues/1/return?back=');
  await sending.returnRefused('weekly', 1);
  expect(await deps.store.ledger.counts(1)).toMatchObject({ rejected: 0, planned: 20 });
  deps.wire.answer = () => ACCEPTED;
  await sending.resume('weekly', 1);
  await settled();
  expect(await sendingOf(studio)).toMatchObject({ state: 'done', pausedFor: null, canReturn: false });
});

describe('A studio whose mails go to its own inbox', () => {
  it('does not continue an issue that others have sent, and says why', async () => {
    const studio = await aStudioTo('inbox');
    await sentElsewhere(studio);
    const { sending } = studio.studio;
    const before = studio.deps.wire.messages.length;
    await expect(sending.resendRejected('weekly', 1)).rejects.toMatchObject({ code: 'issue.state' });
    await expect(sending.resume('weekly', 1)).rejects.toThrow('its readers would not receive them');
    expect(studio.deps.wire.messages.length).toBe(before);
    const blocked = { canResume: false, canResendRejected: false, blocked: expect.stringContaining('inbox') };
    expect(await sendingOf(studio)).toMatchObject(blocked);
    expect((await studio.view(pastIssuePage)).sending).toMatchObject(blocked);
  });

  it('continues an issue of its own', async () => {
    const studio = await aStudioTo('inbox');
    const { sending } = studio.studio;
    await sending.send('weekly', shownContent(await studio.live.issue('weekly')));
    await studio.settled();
    expect(await sendingOf(studio)).toMatchObject({ canResendRejected: true, blocked: null });
    await sending.resendRejected('weekly', 1);
    await studio.settled();
    expect(await sendingOf(studio)).toMatchObject({ canResendRejected: false, blocked: null });
  });
});

it('A studio without a mail server sends an issue to nobody: it would reach no reader and count as sent', async () => {
  const inbox = { url: SERVER_URL, mails: () => [], onMail: () => undefined } as unknown as StudioInbox;
  const studio = await aStudio({
    posts: [aPost({ publishedAt: new Date('2026-06-12T08:00:00Z') })],
    renderer: plainRenderer,
    inbox,
    destination: SERVER_URL,
    isSample: false,
  });
  await addReaders(studio.deps, [{}]);
  await studio.refresh();
  const page = await studio.read('/n/weekly/send');
  expect(page).toContain('SMTP_URL is not set');
  expect(page).not.toContain('send-now');
  expect(page).toContain('Send a test into the inbox of this studio');
  const shown = shownContent(await studio.live.issue('weekly'));
  await expect(studio.studio.sending.send('weekly', shown)).rejects.toMatchObject({ code: 'send.not-ready' });
  await expect(studio.view(confirmSendPage)).rejects.toMatchObject({ code: 'send.not-ready' });
  expect(await studio.deps.store.ledger.issues('weekly')).toEqual([]);
  await studio.studio.sending.sendTest('weekly', 'ada@example.org');
  expect(studio.deps.wire.messages).toHaveLength(1);
});

it('The question before sending names the server, broken posts, failed sources and errors of the checks', async () => {
  const studio = await aStudioTo('server', { subject: 'Re: {{firstTitle}}' });
  studio.deps.source.broken = [
    { source: 'blog', keys: { path: 'bad.md' }, where: 'posts/bad.md:3:1', message: 'The date cannot be read.' },
  ];
  await studio.refresh();
  const page = await studio.read('/n/weekly/send/confirm');
  expect(page).toContain(`Send to 2 readers through ${SERVER_URL}`);
  expect(page).toContain('posts/bad.md:3:1: The date cannot be read.');
  expect(page).toMatch(/error.* of the checks/);
});

it('A studio with a mail server continues what others have sent', async () => {
  const studio = await aStudioTo('server');
  await sentElsewhere(studio);
  expect(await sendingOf(studio)).toMatchObject({ canResendRejected: true, blocked: null });
  await studio.studio.sending.resendRejected('weekly', 1);
  await studio.settled();
  expect(await sendingOf(studio)).toMatchObject({ canResendRejected: false });
});

it('An approval counts for the occurrence its page showed, and for no other', async () => {
  const studio = await aStudioTo('inbox', { approval: { kind: 'required' } });
  const { deps } = studio;
  const { approval } = studio.studio;
  const stale = await approvalOf(studio);
  // It was not approved in time, so the next one waits.
  deps.clock.advance(7 * DAY_MS);
  deps.source.posts = [aPost({ publishedAt: new Date(deps.clock.now().getTime() - DAY_MS) })];
  await studio.refresh();
  const next = await approvalOf(studio);
  expect(next.occurrence > stale.occurrence).toBe(true);
  const answer = { ...next, occurrence: stale.occurrence };
  await expect(approval.answer('weekly', 'approved', answer)).rejects.toMatchObject({ code: 'issue.state' });
  await expect(approval.answer('weekly', 'approved', { ...next, occurrence: '' })).rejects.toThrow('names no issue');
  expect((await approvalOf(studio)).state).toBe('open');
  await approval.answer('weekly', 'approved', next);
  expect((await approvalOf(studio)).state).toBe('approved');
});

it('An approval from a page that was shown before a veto is refused, and the veto holds', async () => {
  const studio = await aStudioTo('inbox', { approval: { kind: 'required' } });
  const fieldsOf = async (path: string) => {
    const form = /<form[^>]*id="(?:approve|answer)"[\s\S]*?<\/form>/.exec(await studio.read(path))?.[0] ?? '';
    const fields = new URLSearchParams();
    for (const [, name, value] of form.matchAll(/type="hidden"[^>]* name="(\w+)" value="([^"]*)"/g)) {
      fields.set(name ?? '', value ?? '');
    }
    return fields;
  };
  const answer = async (fields: URLSearchParams) => {
    const response = await studio.post('/n/weekly/answer', `${fields}`);
    return [response.status, await response.text()] as const;
  };
  const stale = await fieldsOf('/n/weekly/send');
  stale.set('answer', 'approved');
  expect((await answer(await fieldsOf('/n/weekly/send/veto')))[0]).toBe(303);
  const refusal = [409, expect.stringContaining('Another answer has been given since this page was loaded')];
  expect(await answer(stale)).toEqual(refusal);
  expect((await approvalOf(studio)).state).toBe('vetoed');
  // A veto that was withdrawn is an answer as well.
  expect((await answer(await fieldsOf('/n/weekly/send/withdraw')))[0]).toBe(303);
  stale.set('submission', 'another');
  expect(await answer(stale)).toEqual(refusal);
  const present = await fieldsOf('/n/weekly/send');
  present.set('answer', 'approved');
  expect((await answer(present))[0]).toBe(303);
  expect((await approvalOf(studio)).state).toBe('approved');
});

it('A test mail from a copy is refused with status 409', async () => {
  const original = await openSqliteStore({ path: ':memory:' });
  const store = { ...original, copiedAt: async () => new Date('2026-06-01T00:00:00Z') };
  const posts = [aPost({ publishedAt: new Date('2026-06-12T08:00:00Z') })];
  const studio = await aStudio({ store, posts, renderer: plainRenderer });
  const response = await studio.post('/n/weekly/test', 'address=a@example.org');
  expect([response.status, await response.text()]).toEqual([409, expect.stringContaining('gazette adopt')]);
});

it('The page of the mail says why a reader gets none', async () => {
  const { deps, view } = await aStudioTo('inbox');
  await deps.store.audience.suppress('reader1@example.org', 'manual', deps.clock.now());
  expect(await view(mailPage, 'reader=reader1@example.org')).toMatchObject({
    mail: null,
    whyNoMail: expect.stringContaining('gets no mail'),
  });
  expect((await view(mailPage, 'reader=reader2@example.org')).mail).toMatchObject({ reader: 'reader2@example.org' });
});

it('The confirmation of sending says who vetoed the issue', async () => {
  const studio = await aStudioTo('inbox', { approval: { kind: 'required' } });
  const page = () => studio.read('/n/weekly/send/confirm');
  expect(await page()).toContain('It has not been approved.');
  await studio.studio.approval.answer('weekly', 'vetoed', await approvalOf(studio));
  expect(await page()).toMatch(/Ada vetoed it, .*does not wait for approval/);
  expect((await studio.view(confirmSendPage)).isNotApproved).toBe(true);
});

it('The studio continues while its database is away, and logs that once', async () => {
  const log = memoryLog();
  const { deps, stop, studio } = await aStudioTo('inbox', {}, log);
  let looks = 0;
  deps.store.ledger.unfinishedIssues = async () => {
    looks += 1;
    if (looks === 3) stop.abort();
    throw new Error('the database is away');
  };
  studio.onChange(() => undefined);
  await studio.followSending();
  const failures = log.events.filter(({ event }) => event === 'studio.look-failed');
  expect(failures).toHaveLength(1);
  expect(looks).toBe(3);
});

it('The page that asks before sending says that there is nothing to send once the issue is sent', async () => {
  for (const approval of [{ kind: 'required' }, { kind: 'none' }] as const) {
    const studio = await aStudioTo('server', { approval });
    await sentElsewhere(studio);
    const answer = await studio.fetch('/n/weekly/send/confirm');
    expect(answer.status).toBe(200);
    const page = await answer.text();
    expect(page).toContain('There is nothing to send');
    expect(page).not.toMatch(/<form[^>]*method="post"/);
  }
});

it('An editor reads the whole addresses of readers whose servers rejected an issue', async () => {
  const studio = await aStudioTo('server');
  await sentElsewhere(studio);
  const { rows } = await studio.view(pastIssuePage, 'state=rejected');
  expect(rows.map(({ address }) => address)).toEqual(['reader1@example.org']);
  const [reply] = (await sendingOf(studio))?.replies ?? [];
  expect(reply?.example).toBe('reader1@example.org');
});
