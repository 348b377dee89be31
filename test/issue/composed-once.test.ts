/** Cutting posts is the dearest pure step of an issue: each is cut once, however many editions show it. */
import { Session } from 'node:inspector/promises';
import { expect, it } from 'vitest';
import { aContext, addReaders, type TestContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { plainRenderer } from '../support/plain-renderer.js';

/** How often a function of a module was called while some work was done. */
async function callsOf(name: string, module: string, work: () => Promise<unknown>): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    await session.post('Profiler.takePreciseCoverage');
    await work();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const functions = result.filter(({ url }) => url.endsWith(module)).flatMap((script) => script.functions);
    return functions
      .filter(({ functionName }) => functionName === name)
      .reduce((sum, { ranges }) => sum + (ranges[0]?.count ?? 0), 0);
  } finally {
    await session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}

/** Six groups of readers, whose preferences come to three different editions. */
async function withThreeEditions(): Promise<TestContext> {
  const publishedAt = new Date('2026-06-10T09:00:00Z');
  const posts = ['chemistry', 'software'].map((category) => aPost({ categories: [category], publishedAt }));
  const deps = await aContext({ posts, renderer: plainRenderer });
  const choices = [
    undefined,
    ['chemistry'],
    ['software'],
    ['chemistry', 'software'],
    ['chemistry', 'other'],
    ['other'],
  ];
  await addReaders(
    deps,
    choices.map((preferences) => ({ preferences })),
  );
  return deps;
}

it.each([
  ['plan', (deps: TestContext) => deps.issues.plan({ newsletter: newsletterOf(deps) })],
  [
    'send',
    (deps: TestContext) => deps.issues.freezeNext({ newsletter: newsletterOf(deps), confirm: async () => true }),
  ],
  ['check', (deps: TestContext) => deps.issues.check({ newsletter: newsletterOf(deps) })],
])('%s composes each post once', async (_command, work) => {
  const deps = await withThreeEditions();
  expect(await callsOf('composePost', '/compose/compose-digest.ts', () => work(deps))).toBe(2);
});

it('a preview composes the edition it shows, and the full one for its headings', async () => {
  const deps = await withThreeEditions();
  const preview = () => deps.issues.preview({ newsletter: newsletterOf(deps), preferences: ['software'] });
  expect(await callsOf('composeDigest', '/compose/compose-digest.ts', preview)).toBe(2);
});

function newsletterOf({ newsletters }: TestContext) {
  const [newsletter] = newsletters.values();
  if (!newsletter) throw new Error('no newsletter');
  return newsletter;
}
