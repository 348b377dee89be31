/** The command line as scripts and people meet it: exit statuses, one JSON object, errors with a way out. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/registry.js';
import {
  aFolder,
  aPostFile,
  aWorkspace,
  gazette,
  gazetteJson,
  manyReaders,
  WEEKLY,
  writeFiles,
} from '../support/e2e-gazette.js';

describe('wrong use', () => {
  it.each([
    [['pla'], /unknown command 'pla'\n\(Did you mean plan\?\)/],
    [['issue', 'verfy', '1'], /unknown command 'verfy'\n\(Did you mean verify\?\)/],
    [['plan', '--explan'], /unknown option '--explan'\n\(Did you mean --explain\?\)/],
    [['plan', '--now', 'tomorrow'], /2026-06-15T08:00:00\+01:00/],
    [['issue', 'show', 'seven'], /Write the number of the issue/],
    [['issue', 'resend', '1'], /--only <state>/],
    [['plan', 'weekly', 'daily'], /too many arguments/],
    [['rehearse'], /--from <day>/],
    [['rehearse', '--from', '2026-02-01', '--to', '2026-01-01'], /--to is before --from/],
    [['preview', '--wish', 'software', '--reader', 'reader@example.org'], /--wish or --reader, not both/],
    [['send'], /Cannot ask for confirmation/],
    [['send', '--yes', '--now', '2026-06-15'], /--now is only for/],
    [['issue', 'cancel', '1'], /Cannot ask for confirmation/],
    [['plan', 'monthly'], /no newsletter “monthly”/],
    [['plan', '--root', 'nowhere'], /no workspace/],
    [['issue'], /No command given, or a subcommand is missing/],
    [[], /No command given, or a subcommand is missing/],
  ])('%j ends with 2 and says what to write instead', async (args, message) => {
    const folder = await aWorkspace();
    const { code, json, stderr } = await gazetteJson(args, { folder });
    expect(code).toBe(2);
    expect(Object.keys(json)).toEqual(['error']);
    expect(json.error).toMatchObject({ code: expect.any(String), message: expect.stringMatching(message) });
    expect(json.error.hint).toMatch(/\w.*[.:]$/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('is told to people on standard error, with nothing on standard output', async () => {
    const { code, stdout, stderr } = await gazette(['plan', '--explan'], { folder: await aFolder() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/Did you mean --explain\?/);
  });
});

describe('help', () => {
  it('names every command, and each command shows an example', async () => {
    const folder = await aFolder();
    const { code, stdout } = await gazette(['--help'], { folder });
    expect(code).toBe(0);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, name = '']) => name);
    expect(commands).toEqual(COMMANDS.map(({ name }) => name));
    for (const command of commands) {
      const help = await gazette([command, '--help'], { folder });
      expect(help.code).toBe(0);
      expect(help.stdout).toMatch(new RegExp(`Examples:\\n +\\$ gazette ${command}`));
    }
  });
});

describe('broken settings', () => {
  it('end with 1, every problem at its line and column, the first one as the place', async () => {
    const broken = WEEKLY.replace('timezone: UTC', 'timezone: Mars/Olympus').replace('theme:', 'theem:');
    const folder = await aWorkspace({ files: { 'content/newsletters/weekly.yaml': broken } });
    const { code, json } = await gazetteJson(['plan'], { folder });
    expect(code).toBe(1);
    expect(json.error.code).toBe('config.invalid');
    expect(json.error.where).toBe('content/newsletters/weekly.yaml:4:11');
    expect(json.error.problems).toEqual([
      { where: 'content/newsletters/weekly.yaml:4:11', message: expect.stringMatching(/^timezone: .*Europe\/London/) },
      {
        where: 'content/newsletters/weekly.yaml:8:1',
        message: expect.stringMatching(/^theem: .*Did you mean “theme”\?/),
      },
    ]);

    const told = await gazette(['plan'], { folder });
    expect(told.code).toBe(1);
    expect(told.stderr).toMatch(/^ {2}content\/newsletters\/weekly\.yaml:8:1 /m);
  });

  it('of the environment are named by their variable, and no secret is shown', async () => {
    const folder = await aWorkspace({ files: { '.env': 'GAZETTE_SECRET=k1:short-secret\nSMTP_URLL=x\n' } });
    const { code, stdout, json } = await gazetteJson(['plan'], { folder });
    expect(code).toBe(1);
    expect(json.error.code).toBe('env.invalid');
    expect(stdout).toContain('GAZETTE_SECRET');
    expect(stdout).not.toContain('short-secret');
  });
});

describe('init', () => {
  it('makes a workspace that can be planned at once, and leaves one that is there alone', async () => {
    const folder = await aFolder();
    const made = await gazetteJson(['init'], { folder });
    expect(made.code).toBe(0);
    expect(made.json.written).toEqual(expect.arrayContaining(['content/sources.yaml', '.env', '.gitignore']));
    const secret = await readFile(join(folder, '.env'), 'utf8');

    const planned = await gazetteJson(['plan'], { folder });
    expect(planned.code).toBe(3);
    expect(planned.json.posts).toMatchObject([{ title: 'Hello', verdict: 'out', reason: 'draft' }]);
    await writeFiles(folder, { 'content/posts/hello.md': aPostFile('Hello again') });
    expect((await gazetteJson(['plan'], { folder })).code).toBe(0);

    const again = await gazetteJson(['init'], { folder });
    expect(again).toMatchObject({ code: 3, json: { written: [], kept: made.json.written } });
    expect(await readFile(join(folder, '.env'), 'utf8')).toBe(secret);
  });
});

describe('plan', () => {
  it('gives every post with its verdict and reason, and every reader count', async () => {
    const draft = aPostFile('Not yet').replace('title:', 'draft: true\ntitle:');
    const files = { 'content/posts/ready.md': aPostFile('Ready', ['software']), 'content/posts/draft.md': draft };
    const readers = [...manyReaders(2), { address: 'chemist@example.org', preferences: ['chemistry'] }];
    const { code, json } = await gazetteJson(['plan'], { folder: await aWorkspace({ files, readers }) });
    expect(code).toBe(0);
    expect(json).toMatchObject({
      newsletter: 'weekly',
      number: 1,
      outcome: 'issue',
      cutoff: expect.stringMatching(/Z$/),
    });
    expect(json.readers).toEqual({ total: 3, planned: 2, skipped: { 'nothing-wished': 1 } });
    const ready = json.posts.find(({ title }: { title: string }) => title === 'Ready');
    expect(ready).toEqual({
      id: expect.stringMatching(/^https:\/\/blog\.example\.org\/.*\/ready\/$/),
      title: 'Ready',
      url: ready.id,
      publishedAt: expect.stringMatching(/Z$/),
      categories: ['software'],
      verdict: 'in',
      reason: expect.any(String),
    });
    expect(json.posts).toContainEqual(expect.objectContaining({ title: 'Not yet', verdict: 'out', reason: 'draft' }));
  });

  it('names a post that cannot be read with its place, and plans the others', async () => {
    const files = { 'content/posts/good.md': aPostFile('Good'), 'content/posts/bad.md': '---\ntitle: [\n---\n' };
    const { code, json } = await gazetteJson(['plan'], { folder: await aWorkspace({ files }) });
    expect(code).toBe(0);
    const bad = json.posts.find(({ verdict }: { verdict: string }) => verdict === 'out');
    expect(bad.reason).toMatch(/^broken\(.*bad\.md:\d+:\d+\)$/);
    expect(bad.message).toMatch(/\w/);
  });

  it('colours only where it is asked to, and never against NO_COLOR', async () => {
    const folder = await aWorkspace();
    const colour = '\u001b[';
    const plain = await gazette(['plan'], { folder });
    expect(plain.stdout).not.toContain(colour);
    const forced = await gazette(['plan'], { folder, env: { FORCE_COLOR: '1' } });
    expect(forced.stdout).toContain(colour);
    const refused = await gazette(['plan'], { folder, env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(refused.stdout + refused.stderr).not.toContain(colour);
  });
});

describe('rehearse', () => {
  it('gives each issue of the schedule, and each post that none would carry', async () => {
    const files = {
      'content/posts/2026-03-03-one.md': '---\ntitle: One\n---\n\nOne.\n',
      'content/posts/2026-03-11-two.md': '---\ntitle: Two\n---\n\nTwo.\n',
      'content/posts/2026-04-01-late.md': '---\ntitle: Late\n---\n\nLate.\n',
    };
    const folder = await aWorkspace({ files });
    const { code, json } = await gazetteJson(['rehearse', '--from', '2026-03-01', '--to', '2026-03-31'], { folder });
    expect(code).toBe(0);
    expect(json).toEqual({
      issues: [
        { occurrence: '2026-03-09T08:00:00.000Z', posts: ['https://blog.example.org/2026/03/03/one/'] },
        { occurrence: '2026-03-16T08:00:00.000Z', posts: ['https://blog.example.org/2026/03/11/two/'] },
      ],
      never: [{ id: 'https://blog.example.org/2026/04/01/late/', reason: 'window-open' }],
    });
  });
});

describe('preview', () => {
  it('writes the full edition, that of a wish, and that of a reader', async () => {
    const folder = await aWorkspace({ readers: [{ address: 'reader@example.org', preferences: ['instruments'] }] });
    const shown = async (...args: readonly string[]) => {
      const { code, json } = await gazetteJson(['preview', ...args], { folder });
      expect(code).toBe(0);
      return readFile(json.files.text, 'utf8');
    };
    expect(await shown()).toMatch(/A parser[\s\S]*A valve/);
    expect(await shown('--wish', 'software')).not.toContain('A valve');
    const mine = await shown('--reader', 'reader@example.org');
    expect(mine).toContain('A valve');
    expect(mine).not.toContain('A parser');
  });

  it('ends with 3 for a wish that nothing in the issue fulfils, and with 1 for a reader there is not', async () => {
    const folder = await aWorkspace();
    const unwished = await gazetteJson(['preview', '--wish', 'chemistry'], { folder });
    expect(unwished).toMatchObject({ code: 3, json: { outcome: 'nothing-wished' } });
    const nobody = await gazetteJson(['preview', '--reader', 'nobody@example.org'], { folder });
    expect(nobody).toMatchObject({ code: 1, json: { error: { code: 'audience.missing' } } });
  });
});

describe('subscribers', () => {
  it('are taken from the good lines of a file, and each bad line is named; that ends with 4', async () => {
    const folder = await aWorkspace();
    const input = [
      'email,name,categories,consent_source,consent_at,shoe_size',
      'good@example.org,Good,software,form,2026-01-01,42',
      'not an address,Bad,,form,2026-01-01,42',
      'wisher@example.org,Wisher,gardening,form,2026-01-01,42',
      'GOOD@example.org,Again,,form,2026-01-01,42',
      '',
    ].join('\n');
    const { code, json } = await gazetteJson(['subscribers', 'import', '-'], { folder, input });
    expect(code).toBe(4);
    expect(json).toMatchObject({ lines: 4, added: 1, repeated: 1, ignoredColumns: ['shoe_size'] });
    expect(json.refused).toEqual([
      { line: 3, message: expect.stringMatching(/^email: /) },
      { line: 4, message: expect.stringMatching(/^categories: .*gardening/) },
    ]);

    const listed = await gazetteJson(['subscribers', 'list'], { folder });
    expect(listed.json.subscribers).toMatchObject([
      { address: 'good@example.org', wishes: ['software'], state: 'active' },
    ]);
    const exported = await gazette(['subscribers', 'export'], { folder });
    const back = await gazetteJson(['subscribers', 'import', '-'], { folder, input: exported.stdout });
    expect(back).toMatchObject({ code: 0, json: { lines: 1, unchanged: 1, refused: [] } });
  });

  it('are not taken from a file that is not there', async () => {
    const { code, json } = await gazetteJson(['subscribers', 'import', 'none.csv'], { folder: await aWorkspace() });
    expect({ code, error: json.error.code }).toEqual({ code: 1, error: 'import.unreadable' });
  });
});
