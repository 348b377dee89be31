/**
 * What a save costs in the studio on a site of 5,000 posts, against parsing that one file and rendering one edition, turn
 * and turn about in one run; with an issue of eight editions, and with one of four thousand. `-- --json` prints
 * `{few, many: {rows, ratios: {saveVsParseAndRender, pageVsParseAndRender}}, manyVsFew: {save, page, saveByCpu, pageByCpu}}`.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openWorkspace, PACKAGE } from '../../src/build-app.js';
import type { NewSubscription } from '../../src/domain/ports/audience.js';
import { localFiles } from '../../src/platform/files.js';
import { openTemplateFiles } from '../../src/render/index.js';
import { openStudioPages } from '../../src/render/studio-pages.js';
import { studioApp } from '../../src/run-studio.js';
import { parseHere } from '../../src/sources/index.js';
import { openStudio } from '../../src/studio/index.js';
import { openLiveDraft } from '../../src/studio/live-draft.js';
import { issuePage } from '../../src/studio/pages/issue.js';

const POSTS = Number(process.env.POSTS ?? 5_000);
/** Of them, those the next issue carries. */
const NEW_POSTS = 12;
const ROUNDS = 60;
const DAY_MS = 86_400_000;

const isJson = process.argv.includes('--json');
const KEYS = Array.from({ length: 12 }, (_, nth) => `topic-${nth + 1}`);
/** One for each choice of categories. */
const READERS = 2 ** KEYS.length - 1;
const FEW_CHOICES = 8;

interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
}

const few = await costsOf(FEW_CHOICES);
const many = await costsOf(READERS);
const manyVsFew = {
  save: round2(many.save.ms / few.save.ms),
  page: round2((many.save.ms + many.page.ms) / (few.save.ms + few.page.ms)),
  saveByCpu: round2(many.save.cpuMs / few.save.cpuMs),
  pageByCpu: round2((many.save.cpuMs + many.page.cpuMs) / (few.save.cpuMs + few.page.cpuMs)),
};
if (isJson) process.stdout.write(`${JSON.stringify({ few: shown(few), many: shown(many), manyVsFew })}\n`);
else {
  for (const costs of [few, many]) {
    const { rows, ratios, editions } = shown(costs);
    process.stdout.write(`${editions} editions\n`);
    for (const { what, ms } of rows) process.stdout.write(`  ${what.padEnd(40)}${ms.toFixed(2).padStart(8)} ms\n`);
    process.stdout.write(`  a save costs ${ratios.saveVsParseAndRender} of parsing and rendering (bar 1.5)\n`);
    process.stdout.write(`  with its page ${ratios.pageVsParseAndRender}\n`);
  }
  process.stdout.write(`many against few: ${JSON.stringify(manyVsFew)}\n`);
}

/** The medians of one studio whose readers have so many different choices. */
async function costsOf(choices: number) {
  const root = await mkdtemp(join(tmpdir(), 'gazette-bench-studio-'));
  const stop = new AbortController();
  try {
    await writeSite(root);
    return await measured(root, choices, stop.signal);
  } finally {
    stop.abort();
    await rm(root, { recursive: true, force: true });
  }
}

type Costs = Awaited<ReturnType<typeof costsOf>>;

function shown({ editions, parse, render, save, page }: Costs) {
  return {
    editions,
    rows: [
      { what: 'parse one file', ms: round2(parse.ms) },
      { what: 'render one edition', ms: round2(render.ms) },
      { what: 'a save: read, choose, compose, render', ms: round2(save.ms) },
      { what: 'what its page shows, with the checks', ms: round2(page.ms) },
    ],
    ratios: {
      saveVsParseAndRender: round2(save.ms / (parse.ms + render.ms)),
      pageVsParseAndRender: round2((save.ms + page.ms) / (parse.ms + render.ms)),
    },
  };
}

async function measured(root: string, choices: number, signal: AbortSignal) {
  const files = localFiles();
  const options = { env: { GAZETTE_SECRET: `k1:${randomBytes(24).toString('hex')}` }, folder: root, isTerminal: false };
  const built = await openWorkspace({ ...options, runParse: parseHere }, files, root);
  const bare = await openWorkspace({ ...options, runParse: parseHere }, files, root, { store: built.deps.store });
  await built.deps.store.audience.add('weekly', readersWith(choices), new Date());
  const app = studioApp(built.deps, root);
  const live = await openLiveDraft({
    openApp: async () => app,
    watch: async () => undefined,
    root,
    templates: [],
    signal,
  });
  const pages = openStudioPages(openTemplateFiles({ files, folders: [join(PACKAGE, 'templates', 'studio')] }));
  const studio = openStudio({ live, pages, editor: 'bench', signal });
  const file = postFile(root, POSTS - 1);
  const source = bare.deps.sources.get('blog');
  if (!source?.reread) throw new Error('The source cannot read one file.');

  const costs = { parse: [] as Cost[], render: [] as Cost[], save: [] as Cost[], page: [] as Cost[] };
  let editions = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/Edited \d+ times/, `Edited ${round} times`));
    costs.parse.push(await timed(() => source.reread?.(file)));
    const before = await live.issue('weekly');
    const plan = before.full;
    if (!plan) throw new Error('There is no issue.');
    editions = before.planned.editions.length;
    // Another object: what was composed of it is not remembered, and its excerpts are cut as well.
    const draft = { ...before.draft, compose: { ...before.draft.compose } };
    costs.render.push(await timed(() => bare.deps.issues.editions.render(draft, plan)));
    costs.save.push(
      await timed(async () => {
        await live.readSaved([file]);
        const issue = await live.issue('weekly');
        if (issue.full) await live.render(issue, issue.full);
      }),
    );
    costs.page.push(await timed(() => studio.view(issuePage, { newsletter: 'weekly' })));
  }
  await built.deps.store.close();
  const { parse, render, save, page } = costs;
  return { editions, parse: median(parse), render: median(render), save: median(save), page: median(page) };
}

function readersWith(choices: number): readonly NewSubscription[] {
  const consent = { source: 'bench', at: new Date() };
  return Array.from({ length: READERS }, (_, nth) => {
    const choice = READERS - (nth % choices);
    const preferences = KEYS.filter((_key, place) => (choice >> place) % 2 === 1);
    const address = `reader-${nth + 1}@example.com`;
    return { address, addressKey: address, name: '', preferences, state: 'active', consent };
  });
}

async function timed(work: () => unknown): Promise<Cost> {
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1000 };
}

function median(costs: readonly Cost[]): Cost {
  const middle = (of: (cost: Cost) => number) =>
    costs.map(of).sort((one, other) => one - other)[costs.length >> 1] ?? 0;
  return { ms: middle(({ ms }) => ms), cpuMs: middle(({ cpuMs }) => cpuMs) };
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}

function postFile(root: string, nth: number): string {
  return join(root, 'content', 'posts', `post-${String(nth).padStart(4, '0')}.md`);
}

async function writeSite(root: string): Promise<void> {
  await mkdir(join(root, 'content', 'posts'), { recursive: true });
  await mkdir(join(root, 'content', 'newsletters'), { recursive: true });
  await writeFile(
    join(root, 'content', 'sources.yaml'),
    'blog:\n  kind: markdown\n  dir: posts\n  site: https://blog.example.org\n  url: /:year/:month/:day/:slug/\n  timezone: UTC\n',
  );
  await writeFile(
    join(root, 'content', 'newsletters', 'weekly.yaml'),
    `id: weekly\ntitle: Notes\nlanguage: en\ntimezone: UTC\nschedule: "0 8 * * 1"\nsources: [blog]\ncategories: [${KEYS.join(', ')}]\ntheme: plain\nsender:\n  name: Notes\n  address: notes@example.org\npostalAddress: 1 Example Street\n`,
  );
  const now = Date.now();
  for (let nth = 0; nth < POSTS; nth += 1) {
    const isNew = nth >= POSTS - NEW_POSTS;
    const age = isNew ? (POSTS - nth) * 3_600_000 : (POSTS - nth) * DAY_MS * 0.4 + 30 * DAY_MS;
    await writeFile(postFile(root, nth), postText(nth, new Date(now - age)));
  }
}

function postText(nth: number, date: Date): string {
  const paragraph = `A paragraph of post ${nth} with *emphasis*, \`code\` and [a link](https://example.org/${nth}), as posts have them. `;
  const category = KEYS[nth % KEYS.length];
  return `---\ntitle: Post ${nth}\ndate: ${date.toISOString()}\ncategories: [${category}]\n---\n\nEdited 0 times. ${paragraph.repeat(4)}\n\n${`${paragraph.repeat(6)}\n\n`.repeat(8)}`;
}
