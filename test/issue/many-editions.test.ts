/** Memory stays flat however many editions an issue has: only so many are kept, and the others are read again. */
import { expect, it } from 'vitest';
import { preferencesKey } from '../../src/domain/category.js';
import { aContext, addReaders } from '../support/app-context.js';
import { anEdition, frozen } from '../support/store-plans.js';

/** More than fit into memory at once. */
const EDITIONS = Array.from({ length: 150 }, (_, index) => `category-${index}`);

it('an issue of more editions than are kept at once gives every reader their own', async () => {
  const deps = await aContext();
  // Readers are claimed in the order they came in, so that an edition is asked for again when 149 others have been.
  await addReaders(
    deps,
    [...EDITIONS, ...EDITIONS].map((category) => ({ name: category, preferences: [category] })),
  );
  const issue = await frozen(deps.store, {
    editions: EDITIONS.map((category) => {
      const edition = anEdition(category, [category]);
      return { ...edition, mail: { ...edition.mail, html: [...edition.mail.html, 'x'.repeat(50_000)] } };
    }),
    routes: EDITIONS.map((category) => ({ group: { preferences: preferencesKey([category]) }, edition: category })),
  });
  const read: number[] = [];
  const { edition } = deps.store.ledger;
  deps.store.ledger.edition = (id) => {
    read.push(id);
    return edition(id);
  };
  expect(await deps.sending.sendPlanned(issue)).toMatchObject({ counts: { accepted: 2 * EDITIONS.length } });
  expect(read.length).toBeGreaterThan(EDITIONS.length);
  for (const { content } of deps.wire.messages) {
    const text = Buffer.concat(content).toString();
    const [, subject] = /^Subject: Subject of (\S+)/m.exec(text) ?? [];
    expect(text).toMatch(new RegExp(`^To: ${subject} <`, 'm'));
  }
});
