/** Memory stays flat however many editions an issue has: only so many are kept, and the others are read again. */
import { expect, it } from 'vitest';
import { wishesKey } from '../../src/domain/category.js';
import { sendPlanned } from '../../src/flows/send-planned.js';
import { addReaders, aHouse } from '../support/house.js';
import { anEdition, frozen } from '../support/store-plans.js';

const EDITIONS = Array.from({ length: 150 }, (_, index) => `category-${index}`);

it('an issue of more editions than are kept at once gives every reader their own', async () => {
  const house = await aHouse();
  // Readers are claimed in the order they came in, so that an edition is asked for again when 149 others have been.
  await addReaders(
    house,
    [...EDITIONS, ...EDITIONS].map((category) => ({ name: category, wishes: [category] })),
  );
  const issue = await frozen(house.store, {
    editions: EDITIONS.map((category) => anEdition(category, [category])),
    routes: EDITIONS.map((category) => ({ group: { wishes: wishesKey([category]) }, edition: category })),
  });
  const read: number[] = [];
  const { edition } = house.store.ledger;
  house.store.ledger.edition = (id) => {
    read.push(id);
    return edition(id);
  };
  expect(await sendPlanned(house, issue)).toMatchObject({ counts: { accepted: 2 * EDITIONS.length } });
  expect(read.length).toBeGreaterThan(EDITIONS.length);
  for (const { content } of house.wire.messages) {
    const text = Buffer.concat(content).toString();
    const [, subject] = /^Subject: Subject of (\S+)/m.exec(text) ?? [];
    expect(text).toMatch(new RegExp(`^To: ${subject} <`, 'm'));
  }
});
