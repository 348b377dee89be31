import { expect, it } from 'vitest';
import { openFlows } from '../../src/flows/index.js';
import { startScheduler } from '../../src/scheduler/index.js';
import { aPost } from '../support/builders.js';
import { aHouse } from '../support/house.js';

it('The service ticks as soon as it starts, and ends when it is asked to, with its work done', async () => {
  const house = await aHouse({ posts: [aPost()] });
  const stop = new AbortController();
  const collect = house.source.collect;
  house.source.collect = async (signal) => {
    stop.abort();
    return collect(signal);
  };
  await startScheduler(openFlows(house), stop.signal);
  expect((await house.store.posts.known(['blog'])).posts).toHaveLength(1);
});

it('A service that is asked to stop before it starts does nothing', async () => {
  const house = await aHouse({ posts: [aPost()] });
  await startScheduler(openFlows(house), AbortSignal.abort());
  expect((await house.store.posts.known(['blog'])).posts).toHaveLength(0);
});
