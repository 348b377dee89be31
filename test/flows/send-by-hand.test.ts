import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { Outcome } from '../../src/domain/reply.js';
import { answerNext, withdrawAnswer } from '../../src/flows/approve-issue.js';
import { collectPosts } from '../../src/flows/collect-posts.js';
import type { House } from '../../src/flows/house.js';
import { cancelIssue } from '../../src/flows/issues.js';
import { planIssue } from '../../src/flows/plan-issue.js';
import { previewIssue } from '../../src/flows/preview-issue.js';
import { publishDue } from '../../src/flows/publish-due.js';
import { sendIssue, sendTest } from '../../src/flows/send-issue.js';
import { stand } from '../../src/flows/studio/desk-standing.js';
import { draftOnDesk } from '../../src/flows/studio/draft-on-desk.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { ACCEPTED, addReaders, aHouse, type TestHouse } from '../support/house.js';
import { plainRenderer } from '../support/plain-renderer.js';

/** Mondays, 08:00 in London. */
const FIRST = new Date('2026-06-15T07:00:00Z');
const SECOND = new Date('2026-06-22T07:00:00Z');
const HOUR_MS = 3_600_000;
const FRIDAY = new Date('2026-06-12T12:00:00Z');
const YES = { verdict: 'approved', by: 'Group Office' } as const;
const NO = { verdict: 'vetoed', by: 'Group Office' } as const;
const REQUIRED = { approval: { kind: 'required' } } as const;
const VETO = { approval: { kind: 'veto', ms: 2 * HOUR_MS } } as const;

function later(moment: Date, ms: number): Date {
  return new Date(moment.getTime() + ms);
}

/** A house that has followed its schedule since Friday, with a post for Monday. */
async function aRunningHouse(newsletter: Partial<Newsletter> = {}): Promise<TestHouse> {
  const house = await aHouse({ newsletter, now: FRIDAY, renderer: plainRenderer });
  await addReaders(house, [{}]);
  publish(house, 'Autumn', later(FRIDAY, -2 * DAY_MS));
  await collectPosts(house, house.store, weeklyOf(house));
  await due(house);
  return house;
}

const weeklyOf = (house: House) => house.newsletters.get('weekly') as Newsletter;
const due = (house: House) => publishDue(house, weeklyOf(house));
const answer = (house: House, said: typeof YES | typeof NO) => answerNext(house, weeklyOf(house), said);
const sendByHand = (house: House) => sendIssue(house, { newsletter: weeklyOf(house), confirm: async () => true });

function publish(house: TestHouse, title: string, at: Date): void {
  house.source.posts.push(aPost({ title, publishedAt: at }));
}

/** A post comes out an hour after the moment that is set. */
function publishLater(house: TestHouse, moment: Date): void {
  house.clock.set(later(moment, HOUR_MS));
  publish(house, 'Later', house.clock.now());
  house.clock.advance(HOUR_MS);
}

/** Sends by hand to a server that refuses the sender, so that nobody has a message of it. */
async function sendInVain(house: TestHouse): Promise<void> {
  house.wire.answer = (): Outcome => ({
    kind: 'rejected',
    scope: 'sender',
    bounce: 'none',
    reply: { code: 550, text: 'no' },
  });
  await sendByHand(house);
  house.wire.answer = () => ACCEPTED;
  house.clock.advance(60_000);
}

async function cancelLatest(house: TestHouse): Promise<void> {
  const { lastNumber } = await house.store.ledger.standing('weekly');
  await cancelIssue(house, weeklyOf(house), lastNumber);
}

async function titles(house: House): Promise<readonly (readonly string[])[]> {
  return (await house.store.ledger.issues()).map(({ posts }) => posts.map(({ title }) => title).sort());
}

async function records(house: TestHouse): Promise<readonly string[]> {
  const issues = (await house.store.ledger.issues()).map(
    ({ occurrence, number, manual }) => [occurrence, manual ? `manual #${number}` : `#${number}`] as const,
  );
  const skips = (await house.store.ledger.skips('weekly')).map(
    ({ occurrence, outcome }) => [occurrence, outcome] as const,
  );
  return [...issues, ...skips]
    .sort(([one], [other]) => one.getTime() - other.getTime())
    .map(([at, what]) => `${at.toISOString().slice(5, 16)} ${what}`);
}

async function onDesk(house: TestHouse): Promise<readonly string[]> {
  const standing = await stand(house, '/');
  try {
    const { full } = await draftOnDesk(standing, weeklyOf(house));
    return (full?.digest.sections ?? []).flatMap(({ posts }) => posts.map(({ title }) => title)).sort();
  } finally {
    await standing.scratch.close();
  }
}

/** What every way of looking at the next issue shows of it, and then what is sent. */
async function shownAndSent(house: TestHouse) {
  const newsletter = weeklyOf(house);
  const { sections } = await planIssue(house, { newsletter });
  const preview = await previewIssue(house, { newsletter });
  const test = await sendTest(house, { newsletter, testTo: 'me@example.org' });
  const desk = await onDesk(house);
  await sendByHand(house);
  const { lastNumber } = await house.store.ledger.standing('weekly');
  const sent = await house.store.ledger.issue('weekly', lastNumber);
  return {
    desk,
    plan: sections.flatMap(({ posts }) => posts).sort(),
    preview: preview.kind === 'preview' ? preview.posts.length : preview.kind,
    test: test.kind,
    sent: (sent?.posts ?? []).map(({ title }) => title).sort(),
  };
}

const ONLY_AUTUMN = { desk: ['Autumn'], plan: ['Autumn'], preview: 1, test: 'tested', sent: ['Autumn'] };

describe('What is sent by hand is what the desk, the plan, the preview and a test show', () => {
  it('of an issue that was approved', async () => {
    const house = await aRunningHouse(REQUIRED);
    await answer(house, YES);
    publishLater(house, FRIDAY);
    expect(await shownAndSent(house)).toEqual(ONLY_AUTUMN);
    expect(await records(house)).toEqual(['06-12T12:00 manual #1']);
  });

  it('of an issue whose content was closed with a notice', async () => {
    const house = await aRunningHouse(VETO);
    const notice = later(FIRST, -2 * HOUR_MS);
    house.clock.set(notice);
    expect(await due(house)).toMatchObject({ ahead: { kind: 'announced' } });
    publish(house, 'Later', later(notice, HOUR_MS / 2));
    house.clock.advance(HOUR_MS);
    expect(await shownAndSent(house)).toEqual(ONLY_AUTUMN);
    house.clock.set(FIRST);
    await due(house);
    house.clock.set(later(FIRST, 3 * HOUR_MS));
    await due(house);
    expect(await titles(house)).toEqual([['Autumn'], ['Later']]);
  });

  it('of an issue that was vetoed: who sends it overrules the no', async () => {
    const house = await aRunningHouse(VETO);
    await answer(house, NO);
    publishLater(house, FRIDAY);
    expect(await shownAndSent(house)).toEqual(ONLY_AUTUMN);
  });

  it('of an issue that is due and waits for a yes: it is that very issue', async () => {
    const house = await aRunningHouse(REQUIRED);
    publishLater(house, FIRST);
    expect(await due(house)).toMatchObject({ kind: 'waiting', for: 'approval' });
    expect(await shownAndSent(house)).toEqual(ONLY_AUTUMN);
    expect(await records(house)).toEqual(['06-15T07:00 #1']);
    expect(await due(house)).toMatchObject({ kind: 'nothing-due', next: SECOND });
  });

  it('of one that catches up on several: the earlier ones get their records with it', async () => {
    const house = await aRunningHouse();
    publishLater(house, SECOND);
    expect(await shownAndSent(house)).toEqual(ONLY_AUTUMN);
    expect(await records(house)).toEqual([`06-15T07:00 merged-into(${SECOND.toISOString()})`, '06-22T07:00 #1']);
  });

  it('where the occurrence that is due makes no issue: what came since', async () => {
    const house = await aRunningHouse();
    await sendByHand(house);
    publishLater(house, FIRST);
    const later_ = { desk: ['Later'], plan: ['Later'], preview: 1, test: 'tested', sent: ['Later'] };
    expect(await shownAndSent(house)).toEqual(later_);
    await due(house);
    const { lastScheduled } = await house.store.ledger.standing('weekly');
    expect(lastScheduled).toEqual(FIRST);
  });

  it('of an issue that was edited after the yes: what it has come to be', async () => {
    const house = await aRunningHouse(REQUIRED);
    await answer(house, YES);
    house.source.posts = house.source.posts.map((post) => ({ ...post, bodyHash: 'other' }));
    publishLater(house, FRIDAY);
    const both = { desk: ['Autumn', 'Later'], plan: ['Autumn', 'Later'], preview: 2, test: 'tested' };
    expect(await shownAndSent(house)).toEqual({ ...both, sent: ['Autumn', 'Later'] });
  });
});

describe('An issue sent by hand after its occurrence has come', () => {
  async function approvedTooLate() {
    const house = await aRunningHouse(REQUIRED);
    house.clock.set(later(FIRST, HOUR_MS));
    await answer(house, YES);
    return house;
  }

  it('is the record of it, and others sent by hand after it do not stop the schedule', async () => {
    const house = await approvedTooLate();
    await sendByHand(house);
    publishLater(house, later(FIRST, 2 * DAY_MS));
    await sendByHand(house);
    expect(await due(house)).toMatchObject({ kind: 'nothing-due', next: SECOND });
    expect(await records(house)).toEqual(['06-15T07:00 #1', '06-17T09:00 manual #2']);
  });

  it('stays its record when it is cancelled, and its posts come again', async () => {
    const house = await approvedTooLate();
    await sendInVain(house);
    await cancelLatest(house);
    expect(await due(house)).toMatchObject({ kind: 'nothing-due', next: SECOND });
    house.clock.set(later(SECOND, -HOUR_MS));
    expect(await answer(house, YES)).toMatchObject({ occurrence: SECOND, posts: ['Autumn'] });
  });
});

describe('An approved issue that was sent by hand and cancelled before its first message', () => {
  async function cancelled() {
    const house = await aRunningHouse(REQUIRED);
    await answer(house, YES);
    await sendInVain(house);
    await cancelLatest(house);
    return house;
  }

  it('is not sent again under the same cut-off, and whoever asks is told what to do', async () => {
    const house = await cancelled();
    await expect(sendByHand(house)).rejects.toMatchObject({ code: 'issue.state', message: /cancelled/ });
    await withdrawAnswer(house, weeklyOf(house), 'Group Office');
    expect(await sendByHand(house)).toMatchObject({ kind: 'sent', issue: { number: 2 } });
  });

  it('leaves at its occurrence, as it was approved', async () => {
    const house = await cancelled();
    house.clock.set(FIRST);
    expect(await due(house)).toMatchObject({ kind: 'frozen', issue: { number: 2, occurrence: FIRST } });
  });

  it('does not, when the yes was taken back to cancel it', async () => {
    const house = await aRunningHouse(REQUIRED);
    await answer(house, YES);
    await sendInVain(house);
    expect(await withdrawAnswer(house, weeklyOf(house), 'Group Office')).toMatchObject({ cancelled: 1 });
    house.clock.set(FIRST);
    expect(await due(house)).toMatchObject({ kind: 'waiting', for: 'approval' });
  });
});

describe('In whatever order people and the clock act', () => {
  const acts = {
    approve: (house: TestHouse) => answer(house, YES),
    veto: (house: TestHouse) => answer(house, NO),
    withdraw: (house: TestHouse) => withdrawAnswer(house, weeklyOf(house), 'Group Office'),
    send: sendByHand,
    sendInVain,
    cancel: cancelLatest,
    publish: async (house: TestHouse) => publish(house, house.clock.now().toISOString(), house.clock.now()),
    anHour: async (house: TestHouse) => house.clock.advance(HOUR_MS),
    aDay: async (house: TestHouse) => house.clock.advance(DAY_MS),
    toTheOccurrence: async (house: TestHouse) =>
      house.clock.set(house.calendar.next('0 8 * * 1', 'Europe/London', house.clock.now())),
  };
  type Act = keyof typeof acts | 'tick';
  const act = fc.constantFrom<Act>('tick', 'tick', ...(Object.keys(acts) as (keyof typeof acts)[]));
  const approvals = fc.constantFrom<Partial<Newsletter>>({}, REQUIRED, VETO);

  it('the schedule goes on, and every occurrence has one record', async () => {
    await fc.assert(
      fc.asyncProperty(approvals, fc.array(act, { minLength: 4, maxLength: 14 }), async (approval, order) => {
        const house = await aRunningHouse(approval);
        for (const each of order) {
          if (each === 'tick') await due(house);
          // People are told when they cannot have what they ask for.
          else
            await acts[each](house).catch((error) =>
              expect(error).toMatchObject({ code: expect.stringMatching(/^issue\./) }),
            );
        }
        // What waits for a person has its record, too, once it is too late.
        let report = await due(house);
        for (let days = 0; report.kind !== 'nothing-due' && days < 4; days += 1) {
          house.clock.advance(DAY_MS);
          report = await due(house);
        }
        if (report.kind !== 'nothing-due') throw new Error(`still ${report.kind}`);
        const { next } = report;
        const passed: Date[] = [];
        for (let at = FIRST; at < next; at = house.calendar.next('0 8 * * 1', 'Europe/London', at)) passed.push(at);
        const issues = (await house.store.ledger.issues()).filter(({ manual }) => !manual);
        const all = [...issues, ...(await house.store.ledger.skips('weekly'))].map(({ occurrence }) => occurrence);
        const byTime = (one: Date, other: Date) => one.getTime() - other.getTime();
        expect(all.sort(byTime)).toEqual(passed);
      }),
      { numRuns: 60 },
    );
  });
});
