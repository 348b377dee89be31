import { expect, it } from 'vitest';
import { GazetteError } from '../../src/domain/errors.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { CollectRequest } from '../../src/domain/ports/content.js';
import type { Store } from '../../src/domain/ports/storage.js';
import { aContext, type TestContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';

/** A source that notes what it is asked, and keeps the number of the collection. */
async function aCountingSource(fail?: (nth: number) => Error | undefined) {
  const deps = await aContext({ posts: [aPost()] });
  const asked: CollectRequest[] = [];
  const { collect } = deps.source;
  deps.source.collect = async (request) => {
    asked.push(request);
    request.keep({ nth: asked.length });
    const error = fail?.(asked.length);
    if (error) throw error;
    return collect(request);
  };
  return { deps, asked, newsletter: deps.newsletters.get('weekly') as Newsletter };
}

const keptIn = (asked: readonly CollectRequest[]) => asked.map(({ kept }) => kept);

it('What a source keeps is given to it at the next collection', async () => {
  const { deps, asked, newsletter } = await aCountingSource();
  await deps.issues.collect(newsletter);
  await deps.issues.collect(newsletter);
  expect(keptIn(asked)).toEqual([undefined, { nth: 1 }]);
  expect(asked[0]?.now).toEqual(deps.clock.now());
});

it('What it keeps when it fails is given to it as well', async () => {
  const { deps, asked, newsletter } = await aCountingSource((nth) =>
    nth === 1 ? new GazetteError('source.failed', 'The server is busy.') : undefined,
  );
  await expect(deps.issues.collect(newsletter)).rejects.toThrow('busy');
  await deps.issues.collect(newsletter);
  expect(keptIn(asked)).toEqual([undefined, { nth: 1 }]);
});

it('A look at the next issue keeps nothing: its posts are not saved, so the next collection must get them again', async () => {
  const { deps, asked, newsletter } = await aCountingSource();
  await deps.issues.plan({ newsletter });
  await deps.issues.collect(newsletter);
  await deps.issues.plan({ newsletter });
  expect(keptIn(asked)).toEqual([undefined, undefined, { nth: 2 }]);
});

it('Posts that could not be saved are asked for again', async () => {
  const { deps, asked, newsletter } = await aCountingSource();
  const { save } = deps.store.posts;
  const posts = deps.store.posts as { -readonly [key in keyof Store['posts']]: Store['posts'][key] };
  posts.save = async () => {
    throw new GazetteError('store.full', 'The disk is full.');
  };
  await expect(deps.issues.collect(newsletter)).rejects.toThrow('full');
  posts.save = save;
  await deps.issues.collect(newsletter);
  expect(keptIn(asked)).toEqual([undefined, undefined]);
});

it('A source is asked for posts back to where its newsletters begin, and a rehearsal to where it begins', async () => {
  const { deps, asked, newsletter } = await aCountingSource();
  await deps.issues.collect(newsletter);
  expect(asked[0]?.since).toEqual(new Date(deps.clock.now().getTime() - newsletter.maxAgeMs));
  const from = new Date('2026-01-01T00:00:00Z');
  await deps.issues.rehearse({ newsletter, from, to: new Date('2026-02-01T00:00:00Z') });
  expect(asked[1]?.since?.getTime()).toBeLessThanOrEqual(from.getTime());
  expect(asked[1]?.kept).toBeUndefined();
});

const MINUTE_MS = 60_000;

async function pollsIn(deps: TestContext, asked: readonly CollectRequest[], minutes: number): Promise<number> {
  const before = asked.length;
  for (let minute = 0; minute < minutes; minute += 1) {
    deps.clock.advance(MINUTE_MS);
    await deps.operate.pollSources();
  }
  return asked.length - before;
}

it('A server that asks for time gets it', async () => {
  const { deps, asked } = await aCountingSource((nth) => {
    if (nth > 1) return undefined;
    return new GazetteError('source.failed', 'The server is busy.', { retryAfterMs: 180 * MINUTE_MS });
  });
  await deps.operate.pollSources();
  expect(await pollsIn(deps, asked, 179)).toBe(0);
  expect(await pollsIn(deps, asked, 2)).toBe(1);
});

it('A source is read as often as it says that it is worth it', async () => {
  const { deps, asked } = await aCountingSource();
  const { collect } = deps.source;
  deps.source.collect = async (request) => ({ ...(await collect(request)), waitMs: 120 * MINUTE_MS });
  await deps.operate.pollSources();
  expect(await pollsIn(deps, asked, 95)).toBe(0);
  expect(await pollsIn(deps, asked, 50)).toBe(1);
});

it('What a source says of its reading is shown by plan and check', async () => {
  const { deps, newsletter } = await aCountingSource();
  const { collect } = deps.source;
  const note = { kind: 'reading', text: 'The feed has moved.', fix: 'Write its new address.' } as const;
  deps.source.collect = async (request) => ({ ...(await collect(request)), notes: [note] });
  expect((await deps.issues.plan({ newsletter })).notes).toEqual(['blog: The feed has moved.']);
  const { findings } = await deps.issues.check({ newsletter });
  expect(findings).toContainEqual(expect.objectContaining({ code: 'source.reading', fix: 'Write its new address.' }));
});
