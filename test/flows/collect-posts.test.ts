import { expect, it } from 'vitest';
import type { Newsletter } from '../../src/domain/newsletter.js';
import { collectPosts } from '../../src/flows/collect-posts.js';
import { aPost } from '../support/builders.js';
import { aHouse } from '../support/house.js';

it('A new post that two collections read at once is one post', async () => {
  const house = await aHouse({ posts: [aPost(), aPost()] });
  const newsletter = house.newsletters.get('weekly') as Newsletter;
  await Promise.all([1, 2, 3].map(() => collectPosts(house, house.store, newsletter)));
  expect((await house.store.posts.known(['blog'])).posts).toHaveLength(2);
});
