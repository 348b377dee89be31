/** Readers who come or change while an issue is composed (rule: freeze). */
import { expect, it } from 'vitest';
import { aContext, addReaders } from '../support/app-context.js';
import { aPost } from '../support/builders.js';

const publishedAt = new Date('2026-06-10T09:00:00Z');

it('A freeze does not begin anew for them: they get the edition of what they want now', async () => {
  const posts = ['chemistry', 'software'].map((category) => aPost({ categories: [category], publishedAt }));
  const deps = await aContext({ posts });
  const [newsletter] = [...deps.newsletters.values()] as never[];
  await addReaders(deps, [{}, {}]);
  const { audience } = deps.store;
  const { groups } = audience;
  const ann = (await audience.find('reader1@example.org'))?.subscriber.id ?? 0;
  let counted = 0;
  // Whenever the readers have been counted, one of them wants something nobody has wanted so far, and another one comes.
  audience.groups = async (...asked) => {
    const found = await groups(...asked);
    counted += 1;
    await audience.setPreferences('weekly', ann, [counted % 2 === 1 ? 'software' : 'chemistry']);
    await addReaders(deps, [{ address: `new${counted}@example.org`, preferences: ['chemistry'], language: 'de' }]);
    return found;
  };
  let asked = 0;
  const report = await deps.issues.freezeNext({
    newsletter: newsletter as never,
    confirm: async () => {
      asked += 1;
      return true;
    },
  });
  expect(report.kind).toBe('frozen');
  expect([counted, asked]).toEqual([1, 1]);
  await deps.sending.resume(newsletter as never, 1);
  expect(deps.wire.messages.map(({ envelope }) => envelope.to).length).toBe(3);
  const editions = await deps.store.ledger.editions(1);
  expect(editions.map((each) => [each.language, each.sections, each.readers])).toEqual([
    ['en', ['chemistry', 'software'], 1],
    ['de', ['chemistry'], 1],
    ['en', ['software'], 1],
  ]);
});
