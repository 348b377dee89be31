/** The README's source in 30 lines, as somebody types it: it passes its contract, and the commands know it. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { aTempFolder, ROOT } from '../support/e2e-gazette.js';

const run = promisify(execFile);
const RELEASES = [
  {
    id: 'a',
    page: 'http://releases.example.org/a',
    name: 'A <release>',
    notes: '<p>New <script>x</script></p>',
    tags: ['New'],
  },
  { id: 'b', page: 'http://releases.example.org/b', name: 'Another', notes: '<p>Old</p>', tags: [] },
].map((release) => ({ ...release, date: new Date(Date.now() - 3_600_000).toISOString() }));

let folder: string;

beforeAll(async () => {
  const temp = await aTempFolder();
  folder = temp.folder;
  await mkdir(join(folder, 'node_modules'));
  await symlink(ROOT, join(folder, 'node_modules', 'gazette'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```js\n\/\/ (\S+)\n(.*?)^```$/gms)];
  expect(blocks.map(([, file]) => file)).toEqual(['releases.js', 'digest.js', 'releases.test.js']);
  for (const [, file = '', code = ''] of blocks) await writeFile(join(folder, file), code);
  return temp.remove;
});

it('is not longer than it says', async () => {
  expect((await readFile(join(folder, 'releases.js'), 'utf8')).trim().split('\n').length).toBeLessThanOrEqual(32);
});

it('passes the contract', async () => {
  const { stdout } = await run(process.execPath, ['--test', 'releases.test.js'], { cwd: folder });
  expect(stdout).toMatch(/^# fail 0$|ℹ fail 0/m);
  expect(stdout).toMatch(/^# pass (?:[89]|1\d)$|ℹ pass (?:[89]|1\d)/m);
});

it('is known to the commands, with every mistake in its settings told at its place', async () => {
  let answer = JSON.stringify(RELEASES);
  const server = createServer((_, response) => void response.end(answer));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const env = { PATH: process.env.PATH, HTTP_PROXY: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  const gazette = (...args: readonly string[]) =>
    run(process.execPath, ['digest.js', ...args], { cwd: folder, env }).catch(
      (error) => error as { stdout: string; stderr: string },
    );
  await gazette('init', '.');
  const settings = (...lines: readonly string[]) =>
    writeFile(join(folder, 'content', 'sources.yaml'), ['blog:', '  kind: releases', ...lines, ''].join('\n'));
  try {
    await settings('  url: http://releases.example.org/list.json');
    const { stdout, stderr } = await gazette('plan');
    expect(stderr).toBe('');
    expect(stdout).toContain('A <release>');
    expect(stdout).toContain('Another');
    answer = 'no JSON';
    expect((await gazette('plan')).stderr).toContain('The source “blog” cannot be read');
    await settings('  uri: http://releases.example.org/list.json');
    expect((await gazette('plan')).stderr).toContain('sources.yaml');
  } finally {
    server.close();
  }
});
