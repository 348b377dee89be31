import { describe, expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import { GazetteError } from '../../src/domain/errors.js';
import { type Newsletter, newsletterNamed } from '../../src/domain/newsletter.js';
import type { Note } from '../../src/domain/ports/mail.js';
import { openScheduler } from '../../src/scheduler/scheduler.js';
import { aContext, addReaders } from '../support/app-context.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { ROOT } from '../support/config-files.js';
import { plainRenderer } from '../support/plain-renderer.js';

const MONDAY = new Date('2026-06-15T07:00:00Z');
const MINUTE_MS = 60_000;

async function aService(newsletter: Partial<Newsletter> = {}) {
  const base = await aContext({ newsletter, now: new Date('2026-06-14T12:00:00Z'), renderer: plainRenderer });
  await addReaders(base, [{}]);
  const told: Note[] = [];
  const channel: { failure?: Error } = {};
  const tell = async (note: Note) => {
    if (channel.failure) throw channel.failure;
    told.push(note);
  };
  const deps = openUseCases({ ...base, notifier: { tell } });
  const scheduler = openScheduler(deps, new AbortController().signal);
  const tickAt = async (moment: Date) => {
    deps.clock.set(moment);
    scheduler.tick();
    await scheduler.idle();
  };
  await tickAt(deps.clock.now());
  const subjects = () => told.map(({ subject }) => subject);
  return { deps, tickAt, subjects, notes: () => told, channel };
}

function minutesAfter(moment: Date, minutes: number): Date {
  return new Date(moment.getTime() + minutes * MINUTE_MS);
}

describe('The editor is notified', () => {
  it('once that there was nothing new', async () => {
    const { tickAt, subjects } = await aService();
    await tickAt(MONDAY);
    await tickAt(minutesAfter(MONDAY, 1));
    expect(subjects()).toEqual(['weekly: nothing new on Mon 15 Jun 2026, 08:00 BST']);
  });

  it('of nothing where an issue was sent as planned', async () => {
    const { deps, tickAt, subjects } = await aService();
    deps.source.posts = [aPost({ publishedAt: new Date('2026-06-14T18:00:00Z') })];
    await tickAt(MONDAY);
    expect(deps.wire.messages).toHaveLength(1);
    expect(subjects()).toEqual([]);
  });

  it('ahead of time that an arrangement cannot be read, and that it holds up the issue until it is fixed', async () => {
    const { deps, tickAt, subjects } = await aService();
    const file = `${ROOT}/content/issues/weekly/2026-06-15.yaml`;
    deps.source.posts = [aPost({ publishedAt: new Date('2026-06-14T18:00:00Z') })];
    await deps.live.write(file, 'pined: []\n');
    await tickAt(minutesAfter(MONDAY, -2));
    await tickAt(minutesAfter(MONDAY, -1));
    await tickAt(MONDAY);
    await tickAt(minutesAfter(MONDAY, 1));
    expect(deps.wire.messages).toHaveLength(0);
    expect(subjects()).toEqual([
      'weekly: the arrangement of the issue of Mon 15 Jun 2026, 08:00 BST cannot be read',
      'weekly: its arrangement holds up the issue of Mon 15 Jun 2026, 08:00 BST',
    ]);
    await deps.live.write(file, 'subject: Mended\n');
    await tickAt(minutesAfter(MONDAY, 2));
    expect(deps.wire.messages).toHaveLength(1);
  });

  it('that an issue with a broken arrangement is too late; its posts are carried over', async () => {
    const { deps, tickAt, subjects } = await aService();
    deps.source.posts = [aPost({ publishedAt: new Date('2026-06-14T18:00:00Z') })];
    await deps.live.write(`${ROOT}/content/issues/weekly/2026-06-15.yaml`, 'pined: []\n');
    await tickAt(new Date(MONDAY.getTime() + DAY_MS + 1));
    expect(subjects()).toEqual(['weekly: no issue on Mon 15 Jun 2026, 08:00 BST (late)']);
    await tickAt(new Date(MONDAY.getTime() + 7 * DAY_MS));
    expect(deps.wire.messages).toHaveLength(1);
  });

  it('once that an issue waits for approval, and once that it is too late', async () => {
    const { deps, tickAt, subjects } = await aService({ approval: { kind: 'required' } });
    deps.source.posts = [aPost({ publishedAt: new Date('2026-06-14T18:00:00Z') })];
    for (const minute of [0, 1, 2]) await tickAt(minutesAfter(MONDAY, minute));
    await tickAt(new Date(MONDAY.getTime() + DAY_MS + 1));
    expect(subjects()).toEqual([
      'weekly: the issue of Mon 15 Jun 2026, 08:00 BST waits for you',
      'weekly: no issue on Mon 15 Jun 2026, 08:00 BST (unapproved)',
    ]);
  });

  it('once of a source that keeps failing, and again when it fails after a success', async () => {
    const { deps, tickAt, subjects } = await aService();
    const failure = new GazetteError('source.failed', 'It is down.');
    const failForADay = async (from: Date) => {
      deps.source.failure = failure;
      for (let minute = 0; minute < 1200; minute += 10) await tickAt(minutesAfter(from, minute));
      delete deps.source.failure;
      await tickAt(minutesAfter(from, 1200 + 480));
    };
    await failForADay(new Date('2026-06-16T00:00:00Z'));
    await failForADay(new Date('2026-06-18T00:00:00Z'));
    const fails = subjects().filter((subject) => subject.includes('fails'));
    expect(fails).toEqual(['The source “blog” fails', 'The source “blog” fails']);
  });

  it('when sending stops by itself', async () => {
    const { deps, tickAt, subjects } = await aService();
    deps.source.posts = [aPost({ publishedAt: new Date('2026-06-14T18:00:00Z') })];
    deps.wire.answer = () => ({
      kind: 'rejected',
      scope: 'sender',
      bounce: 'none',
      reply: { code: 550, text: '550 5.7.1 Sender refused' },
    });
    for (const minute of [0, 1, 2, 3, 4]) await tickAt(minutesAfter(MONDAY, minute));
    expect(subjects()).toEqual(['weekly: sending issue 1 has stopped']);
  });

  it('two hours before an issue that may be vetoed, with its posts, and again when it is edited', async () => {
    const { deps, tickAt, notes } = await aService({ approval: { kind: 'veto', ms: 120 * MINUTE_MS } });
    deps.source.posts = [aPost({ title: 'Autumn', publishedAt: new Date('2026-06-14T18:00:00Z') })];
    for (const minute of [-121, -120, -119]) await tickAt(minutesAfter(MONDAY, minute));
    deps.source.posts = deps.source.posts.map((post) => ({ ...post, title: 'Winter' }));
    await tickAt(minutesAfter(MONDAY, -90));
    await tickAt(minutesAfter(MONDAY, -89));
    expect(notes().map(({ subject, text }) => [subject, text.split('\n').at(-1)])).toEqual([
      ['weekly: the issue of Mon 15 Jun 2026, 08:00 BST will be sent unless you stop it', '- Autumn'],
      ['weekly: the issue of Mon 15 Jun 2026, 08:00 BST will be sent unless you stop it', '- Winter'],
    ]);
  });

  it('once that an issue is no longer approved, and what was changed', async () => {
    const { deps, tickAt, notes } = await aService({ approval: { kind: 'required' } });
    deps.source.posts = [aPost({ title: 'Autumn', publishedAt: new Date('2026-06-14T10:00:00Z') })];
    await deps.approval.answer(newsletterNamed(deps, 'weekly'), { verdict: 'approved', by: 'Group Office' });
    deps.source.posts = deps.source.posts.map((post) => ({ ...post, title: 'Winter' }));
    for (const minute of [-90, -60, -30]) await tickAt(minutesAfter(MONDAY, minute));
    expect(notes().map(({ text }) => text.split('. ')[0])).toEqual([
      'It was changed after it was approved: the post “Winter” was edited',
    ]);
  });

  it('later, where the note could not be delivered at first', async () => {
    const { tickAt, subjects, channel, deps } = await aService({ approval: { kind: 'required' } });
    deps.source.posts = [aPost({ publishedAt: new Date('2026-06-14T18:00:00Z') })];
    channel.failure = new Error('the server is away');
    await tickAt(MONDAY);
    delete channel.failure;
    await tickAt(minutesAfter(MONDAY, 1));
    expect(subjects()).toHaveLength(1);
  });

  it('in order of everything that happened while notes could not be delivered', async () => {
    const { deps, tickAt, subjects, channel } = await aService({ schedule: '0 8 * * *' });
    channel.failure = new Error('the server is away');
    const day = (days: number) => new Date(MONDAY.getTime() + days * DAY_MS);
    for (const days of [0, 1]) await tickAt(day(days));
    deps.source.posts = [aPost({ publishedAt: day(1.5) })];
    delete channel.failure;
    for (let minute = 0; minute < 40; minute += 1) await tickAt(minutesAfter(day(2), minute));
    expect(subjects()).toEqual([
      'weekly: nothing new on Mon 15 Jun 2026, 08:00 BST',
      'weekly: nothing new on Tue 16 Jun 2026, 08:00 BST',
    ]);
  });
});
