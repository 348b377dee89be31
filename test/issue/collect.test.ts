import { expect, it } from 'vitest';
import type { Newsletter } from '../../src/domain/newsletter.js';
import { aContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';

it('A new post that two collections read at once is one post', async () => {
  const deps = await aContext({ posts: [aPost(), aPost()] });
  const newsletter = deps.newsletters.get('weekly') as Newsletter;
  await Promise.all([1, 2, 3].map(() => deps.issues.collect(newsletter)));
  expect((await deps.store.posts.known(['blog'])).posts).toHaveLength(2);
});
