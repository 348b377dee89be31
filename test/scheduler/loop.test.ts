import { expect, it } from 'vitest';
import { startScheduler } from '../../src/scheduler/index.js';
import { aContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';

it('The service ticks as soon as it starts, and ends when it is asked to, with its jobs done', async () => {
  const deps = await aContext({ posts: [aPost()] });
  const stop = new AbortController();
  const collect = deps.source.collect;
  deps.source.collect = async (request) => {
    stop.abort();
    return collect(request);
  };
  await startScheduler(deps, stop.signal);
  expect((await deps.store.posts.known(['blog'])).posts).toHaveLength(1);
});

it('A service that is asked to stop before it starts does nothing', async () => {
  const deps = await aContext({ posts: [aPost()] });
  await startScheduler(deps, AbortSignal.abort());
  expect((await deps.store.posts.known(['blog'])).posts).toHaveLength(0);
});
