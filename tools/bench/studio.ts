/**
 * What a save costs in the studio on a site of 5,000 posts, against parsing that one file and rendering one edition, turn
 * and turn about in one run. `-- --json` prints `{rows, ratios: {saveVsParseAndRender, pageVsParseAndRender}}`.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openWorkspace, PACKAGE } from '../../src/build-app.js';
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
const root = await mkdtemp(join(tmpdir(), 'gazette-bench-studio-'));
const stop = new AbortController();
try {
  await writeSite();
  const files = localFiles();
  const options = { env: { GAZETTE_SECRET: `k1:${randomBytes(24).toString('hex')}` }, folder: root, isTerminal: false };
  const built = await openWorkspace({ ...options, runParse: parseHere }, files, root);
  const bare = await openWorkspace({ ...options, runParse: parseHere }, files, root, { store: built.deps.store });
  const app = studioApp(built.deps, root);
  const live = await openLiveDraft({
    openApp: async () => app,
    watch: async () => undefined,
    root,
    templates: [],
    signal: stop.signal,
  });
  const pages = openStudioPages(openTemplateFiles({ files, folders: [join(PACKAGE, 'templates', 'studio')] }));
  const studio = openStudio({ live, pages, editor: 'bench', signal: stop.signal });
  const file = postFile(POSTS - 1);
  const source = bare.deps.sources.get('blog');
  if (!source?.reread) throw new Error('The source cannot read one file.');

  const parsing: number[] = [];
  const rendering: number[] = [];
  const saving: number[] = [];
  const page: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/Edited \d+ times/, `Edited ${round} times`));
    parsing.push(await timed(() => source.reread?.(file)));
    const before = await live.issue('weekly');
    const plan = before.full;
    if (!plan) throw new Error('There is no issue.');
    // Another object: what was composed of it is not remembered, and its excerpts are cut as well.
    const draft = { ...before.draft, compose: { ...before.draft.compose } };
    rendering.push(await timed(() => bare.deps.issues.editions.render(draft, plan)));
    let issue = before;
    saving.push(
      await timed(async () => {
        await live.readSaved([file]);
        issue = await live.issue('weekly');
        if (issue.full) await live.render(issue, issue.full);
      }),
    );
    page.push(await timed(() => studio.view(issuePage, { newsletter: 'weekly' })));
  }
  const [parse, render, save, show] = [parsing, rendering, saving, page].map(median) as [
    number,
    number,
    number,
    number,
  ];
  const ratios = {
    saveVsParseAndRender: round2(save / (parse + render)),
    pageVsParseAndRender: round2((save + show) / (parse + render)),
  };
  const rows = [
    { what: 'parse one file', ms: round2(parse) },
    { what: 'render one edition', ms: round2(render) },
    { what: 'a save: read, choose, compose, render', ms: round2(save) },
    { what: 'what its page shows, with the checks', ms: round2(show) },
  ];
  if (isJson) process.stdout.write(`${JSON.stringify({ rows, ratios })}\n`);
  else {
    for (const { what, ms } of rows) process.stdout.write(`${what.padEnd(40)}${ms.toFixed(2).padStart(8)} ms\n`);
    process.stdout.write(`\na save costs ${ratios.saveVsParseAndRender} of parsing and rendering (bar 1.5)\n`);
    process.stdout.write(`with its page ${ratios.pageVsParseAndRender}\n`);
  }
  await built.deps.store.close();
} finally {
  stop.abort();
  await rm(root, { recursive: true, force: true });
}

async function timed(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}

function postFile(nth: number): string {
  return join(root, 'content', 'posts', `post-${String(nth).padStart(4, '0')}.md`);
}

async function writeSite(): Promise<void> {
  await mkdir(join(root, 'content', 'posts'), { recursive: true });
  await mkdir(join(root, 'content', 'newsletters'), { recursive: true });
  await writeFile(
    join(root, 'content', 'sources.yaml'),
    'blog:\n  kind: markdown\n  dir: posts\n  site: https://blog.example.org\n  url: /:year/:month/:day/:slug/\n  timezone: UTC\n',
  );
  await writeFile(
    join(root, 'content', 'newsletters', 'weekly.yaml'),
    'id: weekly\ntitle: Notes\nlanguage: en\ntimezone: UTC\nschedule: "0 8 * * 1"\nsources: [blog]\ncategories: [one, two, three]\ntheme: plain\nsender:\n  name: Notes\n  address: notes@example.org\npostalAddress: 1 Example Street\n',
  );
  const now = Date.now();
  for (let nth = 0; nth < POSTS; nth += 1) {
    const isNew = nth >= POSTS - NEW_POSTS;
    const age = isNew ? (POSTS - nth) * 3_600_000 : (POSTS - nth) * DAY_MS * 0.4 + 30 * DAY_MS;
    await writeFile(postFile(nth), postText(nth, new Date(now - age)));
  }
}

function postText(nth: number, date: Date): string {
  const paragraph = `A paragraph of post ${nth} with *emphasis*, \`code\` and [a link](https://example.org/${nth}), as posts have them. `;
  const category = ['one', 'two', 'three'][nth % 3];
  return `---\ntitle: Post ${nth}\ndate: ${date.toISOString()}\ncategories: [${category}]\n---\n\nEdited 0 times. ${paragraph.repeat(4)}\n\n${`${paragraph.repeat(6)}\n\n`.repeat(8)}`;
}
