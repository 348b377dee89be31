/** The README's tour, typed as it is written: in a fresh clone, with a blog, a mail server and readers on this machine. */
import { execFile, spawn } from 'node:child_process';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { aServer } from '../support/deliver-server.js';
import { aFolder, ROOT } from '../support/e2e-gazette.js';

const run = promisify(execFile);
const BLOG = 'https://blog.example.org/';
const DAY_MS = 86_400_000;

/** The commands of the section, in order, without their explanations. */
async function tour(): Promise<readonly string[]> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('## Five minutes'), readme.indexOf('## What it promises'));
  const blocks = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  return blocks.flatMap((block) => block.trim().split('\n')).map((line) => line.replace(/\s{2,}#.*$/, ''));
}

async function aBlog(): Promise<string> {
  const items = [1, 2, 3].map((days) => {
    const at = new Date(Date.now() - days * DAY_MS).toUTCString();
    return `<item><title>Post ${days}</title><link>${BLOG}${days}</link><guid>${BLOG}${days}</guid><pubDate>${at}</pubDate>
<category>${days === 1 ? 'News' : 'Notes'}</category><description>What post ${days} says, in a sentence.</description></item>`;
  });
  const feed = `<rss version="2.0"><channel><title>Field notes</title><link>${BLOG}</link>${items.join('')}</channel></rss>`;
  const server = createServer((request, response) => {
    if (request.url === '/feed')
      return void response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(feed);
    const head = '<link rel="alternate" type="application/rss+xml" href="/feed">';
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<!doctype html><html lang="en"><head>${head}</head></html>`);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

it('works as typed', async () => {
  const home = await aFolder();
  const mails = await aServer();
  const blog = await aBlog();
  await run('git', ['clone', '--quiet', ROOT, join(home, 'gazette')]);
  const told = Object.entries(process.env).filter(([name]) => !/^npm_|^(GAZETTE|SMTP|DATABASE)_/.test(name));
  const prefix = join(home, 'prefix');
  await mkdir(join(prefix, 'lib'), { recursive: true });
  const env = {
    ...Object.fromEntries(told),
    ...{ PATH: `${join(prefix, 'bin')}:${process.env.PATH}`, npm_config_prefix: prefix, NO_COLOR: '1' },
  };
  let folder = join(home, 'gazette');
  const said = new Map<string, string>();
  const commands = await tour();
  expect(commands.length).toBeGreaterThan(10);
  for (const written of commands) {
    if (written.startsWith('cd ')) {
      folder = resolve(folder, written.slice(3));
      continue;
    }
    if (written.includes('readers.csv'))
      await writeFile(join(folder, 'readers.csv'), 'email\nana@example.org\nbo@example.org\n');
    if (written.includes('--test')) await appendFile(join(folder, '.env'), `SMTP_URL=smtp://127.0.0.1:${mails.port}\n`);
    // There is nobody here to look, or to answer.
    const typed = written
      .replace(BLOG, blog)
      .replace(' --open', '')
      .replace(/^gazette send$/, 'gazette send --yes');
    said.set(written, await (typed === 'gazette studio' ? studio(folder, env) : ended(typed, folder, env)));
  }
  expect(said.get(`gazette init my-digest --from ${BLOG}`)).toContain('Found a feed');
  expect(said.get('gazette plan --explain')).toMatch(/News\n\s+Post 1/);
  expect(said.get('gazette issue verify 1')).toContain('Every reader is accounted for.');
  expect(mails.taken.map(({ to }) => to).sort()).toEqual(['ana@example.org', 'bo@example.org', 'you@example.org']);
});

type Env = { readonly [name: string]: string | undefined };

/** What a command prints; it ends with 0. `check` may find something to fix. */
async function ended(typed: string, cwd: string, env: Env): Promise<string> {
  const isCheck = typed === 'gazette check';
  const done = await run('bash', ['-c', typed], { cwd, env, maxBuffer: 10_000_000 }).catch((error) => error);
  expect({ typed, code: done.code ?? 0, stderr: done.code ? done.stderr : '' }).toEqual({
    typed,
    code: isCheck ? expect.toBeOneOf([0, 1]) : 0,
    stderr: isCheck ? expect.any(String) : '',
  });
  return done.stdout;
}

/** Opens the studio, and closes it once it is there. */
function studio(cwd: string, env: Env): Promise<string> {
  return new Promise((done, failed) => {
    const child = spawn('gazette', ['studio', '--port', '0'], { cwd, env });
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (/http:\/\/\S+/.test(text)) child.kill('SIGINT');
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', failed);
    child.once('close', () => (/http:\/\/\S+/.test(text) ? done(text) : failed(new Error(`No studio: ${text}`))));
  });
}
