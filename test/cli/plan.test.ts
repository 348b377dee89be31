import { expect, it } from 'vitest';
import { aContext, addReaders } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { typed } from '../support/typed.js';

it('plan refuses a theme that does not exist, although it renders nothing', async () => {
  const posts = [aPost({ publishedAt: new Date('2026-06-10T00:00:00Z') })];
  const deps = await aContext({ posts, newsletter: { theme: 'plian' } });
  await addReaders(deps, [{}]);
  expect(await typed(deps, ['plan'])).toMatchObject({ code: 1, err: expect.stringContaining('no theme “plian”') });
});
