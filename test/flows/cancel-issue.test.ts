import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/domain/reply.js';
import { cancelIssue, listIssues } from '../../src/flows/issues.js';
import { sendIssue } from '../../src/flows/send-issue.js';
import { aPost } from '../support/builders.js';
import { ACCEPTED, addReaders, aHouse, type TestHouse } from '../support/house.js';

const newsletterOf = (house: TestHouse) => [...house.newsletters.values()][0] as never;
const send = (house: TestHouse) => sendIssue(house, { newsletter: newsletterOf(house), confirm: async () => true });

/** An issue whose sending stopped because the server refuses the sender, after so many readers. */
async function aStoppedIssue(acceptedFirst: number): Promise<TestHouse> {
  const house = await aHouse({ posts: [aPost({ title: 'News', publishedAt: new Date('2026-06-10T00:00:00Z') })] });
  await addReaders(house, [{}, {}, {}, {}, {}, {}]);
  const refused: Outcome = { kind: 'rejected', scope: 'sender', bounce: 'none', reply: { code: 550, text: 'no' } };
  house.wire.answer = (_message, nth) => (nth <= acceptedFirst ? ACCEPTED : refused);
  await send(house);
  house.clock.advance(60_000);
  return house;
}

describe('cancelling an issue', () => {
  it('that the server refused as a whole gives its posts to the next one', async () => {
    const house = await aStoppedIssue(0);
    expect(await cancelIssue(house, newsletterOf(house), 1)).toMatchObject({ skipped: 6, released: true });
    house.wire.answer = () => ACCEPTED;
    expect(await send(house)).toMatchObject({ kind: 'sent', issue: { number: 2 }, counts: { accepted: 6 } });
    expect((await listIssues(house))[0]?.issue.posts.map(({ title }) => title)).toEqual(['News']);
  });
  it('that somebody has already keeps its posts carried', async () => {
    const house = await aStoppedIssue(1);
    expect(await cancelIssue(house, newsletterOf(house), 1)).toMatchObject({ skipped: 5, released: false });
    house.wire.answer = () => ACCEPTED;
    expect((await send(house)).kind).toBe('nothing-new');
  });
});
