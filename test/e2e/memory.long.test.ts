/** What a large audience costs: renderings follow the number of editions, memory does not follow the readers. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openInbox } from '../../src/platform/inbox.js';
import {
  aPostFile,
  aWorkspace,
  CATEGORIES,
  type Env,
  freezeAndDie,
  gazetteJson,
  manyReaders,
  ROOT,
  type RunOptions,
  type Texts,
} from '../support/e2e-gazette.js';

const WISHES = 40;
const SMALL = 1_000;
const LARGE = 10_000;
/** How much more memory ten times the readers may take. */
const MOST_GROWTH = 1.2;

/** The nth of the non-empty sets of categories: each gives an edition of its own. */
function nthWish(nth: number): readonly string[] {
  const bits = (nth % WISHES) + 1;
  return CATEGORIES.filter((_, place) => (bits & (1 << place)) !== 0);
}

/** Two posts in every category. */
function posts(): Texts {
  return Object.fromEntries(
    CATEGORIES.flatMap((category) =>
      [1, 2].map((nth) => [`content/posts/${category}-${nth}.md`, aPostFile(`On ${category}, ${nth}`, [category])]),
    ),
  );
}

interface Observed {
  readonly peakKilobytes: number;
  readonly mjmlRuns?: number;
  readonly loaded: readonly string[];
  readonly editions: number;
}

const OBSERVED: Pick<RunOptions, 'node'> = {
  node: ['--import', join(ROOT, 'test', 'support', 'e2e-observe.mjs')],
};

async function anInboxThatCounts(): Promise<{ readonly url: string; arrived: number }> {
  const counting = { url: '', arrived: 0 };
  const inbox = await openInbox({
    onMail: () => {
      counting.arrived += 1;
    },
  });
  onTestFinished(() => inbox.close());
  return Object.assign(counting, { url: inbox.url });
}

/** Sends one issue to so many readers, and tells what that took. */
async function observeSending(readers: number, env: Env = {}): Promise<Observed> {
  const inbox = await anInboxThatCounts();
  const folder = await aWorkspace({ readers: manyReaders(readers, nthWish), files: posts() });
  const seen = join(folder, 'seen.json');
  const settings = { SMTP_URL: inbox.url, E2E_OBSERVE: seen, ...env };
  const sent = await gazetteJson(['send', '--yes'], { folder, env: settings, ...OBSERVED });
  expect(sent.json, sent.stderr).toMatchObject({ ok: true, planned: readers, accepted: readers });
  expect(inbox.arrived).toBe(readers);
  const { json } = await gazetteJson(['issue', 'show', '1'], { folder });
  return { ...JSON.parse(await readFile(seen, 'utf8')), editions: json.editions.length };
}

it(`needs at most ${MOST_GROWTH} times the memory for ten times the readers`, async () => {
  const small = await observeSending(SMALL);
  const large = await observeSending(LARGE);
  expect(large.editions).toBe(WISHES);
  expect(large.peakKilobytes / small.peakKilobytes).toBeLessThanOrEqual(MOST_GROWTH);
});

it('runs MJML for what editions have in common, not for each edition or reader', async () => {
  const { editions, mjmlRuns, loaded } = await observeSending(5 * WISHES, { E2E_COUNT_MJML: '1' });
  expect(editions).toBe(WISHES);
  // A piece for each section, and what is around them in its few forms; and the sample on which the theme is checked, in two.
  expect(mjmlRuns).toBeLessThanOrEqual(2 * CATEGORIES.length + 2);
  expect(mjmlRuns).toBeGreaterThan(0);
  expect(loaded).toEqual(['handlebars', 'mjml']);
});

it('runs no MJML where a frozen issue is only sent, and loads neither it nor the template engine', async () => {
  const inbox = await anInboxThatCounts();
  const folder = await aWorkspace({ readers: manyReaders(WISHES, nthWish), files: posts() });
  const seen = join(folder, 'seen.json');
  const env = { SMTP_URL: inbox.url, E2E_OBSERVE: seen, E2E_COUNT_MJML: '1', GAZETTE_LOG: 'info json' };
  await freezeAndDie(folder, env);
  const resumed = await gazetteJson(['issue', 'resume', '1'], { folder, env, ...OBSERVED });
  expect(resumed.json).toMatchObject({ ok: true, accepted: WISHES });
  expect(JSON.parse(await readFile(seen, 'utf8'))).toMatchObject({ mjmlRuns: 0, loaded: [] });
});
