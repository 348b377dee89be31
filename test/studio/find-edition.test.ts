/** Finding an edition among many in the studio: the union first, and those of a size. */
import { expect, it } from 'vitest';
import { mailPage } from '../../src/studio/pages/mail.js';
import { addReaders } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { plainRenderer } from '../support/plain-renderer.js';
import { aStudio } from '../support/studio.js';

const PUBLISHED = new Date('2026-06-12T08:00:00Z');

/** Chemistry has two posts, software one. */
async function aStudioOfThreeEditions() {
  const posts = ['chemistry', 'chemistry', 'software'].map((category, nth) =>
    aPost({ keys: { id: `${nth}`, path: `${nth}.md` }, categories: [category], publishedAt: PUBLISHED }),
  );
  const studio = await aStudio({ posts, renderer: plainRenderer });
  const wishes = [['software'], ['software'], ['software'], ['chemistry'], ['chemistry', 'software']];
  await addReaders(
    studio.deps,
    wishes.map((preferences) => ({ preferences })),
  );
  await studio.refresh();
  return studio;
}

const sizesOf = (editions: readonly { readonly name: string }[]) =>
  editions.map(({ name }) => /(\d+) posts?$/.exec(name)?.[1]);

it('the union is offered first and shown, then the editions with most readers', async () => {
  const { view } = await aStudioOfThreeEditions();
  const { editions, unlisted } = await view(mailPage);
  expect(sizesOf(editions)).toEqual(['3', '1', '2']);
  expect(editions.map(({ isChosen }) => isChosen)).toEqual([true, false, false]);
  expect(unlisted).toBe(0);
});

it('editions are found by their number of posts: the largest of that size is shown, also in its frame', async () => {
  const { view, read } = await aStudioOfThreeEditions();
  const [union] = (await view(mailPage)).editions;
  const found = await view(mailPage, `edition=${union?.key}&size=1`);
  expect(sizesOf(found.editions)).toEqual(['1']);
  expect(found.editions[0]?.isChosen).toBe(true);
  expect(found.frames[0]?.src).toContain('size=1');
  expect(await read('/n/weekly/mail?size=2')).toContain('name="size" min="1" max="999999" value="2"');
});

it.each(['7', '0'])('a size that no edition has (%s) is said, and the page shows what it did', async (size) => {
  const { view, read } = await aStudioOfThreeEditions();
  const { isNoSize, editions, mail } = await view(mailPage, `size=${size}`);
  expect(isNoSize).toBe(true);
  expect(sizesOf(editions)).toEqual(['3']);
  expect(mail).not.toBeNull();
  expect(await read(`/n/weekly/mail?size=${size}`)).toContain('No edition has this many posts.');
});

it.each(['', 'many', '-1', '1e9', '99999999999999'])(
  'a size that is no number (%s) is as if it were not asked for',
  async (size) => {
    const { view } = await aStudioOfThreeEditions();
    expect(sizesOf((await view(mailPage, `size=${size}`)).editions)).toEqual(['3', '1', '2']);
  },
);
