import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/domain/reply.js';
import { cancelIssue } from '../../src/issue/cancel.js';
import { ACCEPTED, aContext, addReaders, type TestContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';

const newsletterOf = (deps: TestContext) => [...deps.newsletters.values()][0] as never;
const send = (deps: TestContext) =>
  deps.sending.sendNext({ newsletter: newsletterOf(deps), confirm: async () => true });

/** An issue whose sending stopped because the server refuses the sender, after so many accepted messages. */
async function aStoppedIssue(acceptedFirst: number): Promise<TestContext> {
  const deps = await aContext({ posts: [aPost({ title: 'News', publishedAt: new Date('2026-06-10T00:00:00Z') })] });
  await addReaders(deps, [{}, {}, {}, {}, {}, {}]);
  const refused: Outcome = { kind: 'rejected', scope: 'sender', bounce: 'none', reply: { code: 550, text: 'no' } };
  deps.wire.answer = (_message, nth) => (nth <= acceptedFirst ? ACCEPTED : refused);
  await send(deps);
  deps.clock.advance(60_000);
  return deps;
}

describe('cancelling an issue', () => {
  it('of which no message was accepted gives its posts to the next one', async () => {
    const deps = await aStoppedIssue(0);
    expect(
      await cancelIssue({ ...deps, ledger: deps.store.ledger }, newsletterOf(deps), 1, deps.clock.now()),
    ).toMatchObject({
      skipped: 6,
      released: true,
    });
    deps.wire.answer = () => ACCEPTED;
    expect(await send(deps)).toMatchObject({ kind: 'sent', issue: { number: 2 }, counts: { accepted: 6 } });
    expect((await deps.sending.list())[0]?.issue.posts.map(({ title }) => title)).toEqual(['News']);
  });
  it('that a reader already has counts its posts as carried', async () => {
    const deps = await aStoppedIssue(1);
    expect(
      await cancelIssue({ ...deps, ledger: deps.store.ledger }, newsletterOf(deps), 1, deps.clock.now()),
    ).toMatchObject({
      skipped: 5,
      released: false,
    });
    deps.wire.answer = () => ACCEPTED;
    expect((await send(deps)).kind).toBe('nothing-new');
  });
});
