/** What somebody gets who installs the package: needs the registry, so it stands outside `npm test`. */
import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { aFolder, aTempFolder, gazetteJson, ROOT } from '../support/e2e-gazette.js';

const run = promisify(execFile);
const QUIET = ['--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];

async function npm(cwd: string, ...args: readonly string[]): Promise<string> {
  // What npm tells the script it runs, this test, must not reach the npm that the test runs.
  const told = /^npm_(package_|lifecycle_|config_(package|call)$)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !told.test(name)));
  return (await run('npm', args, { cwd, env })).stdout;
}

describe('the packed program', () => {
  let tarball: string;

  beforeAll(async () => {
    const { folder, remove } = await aTempFolder();
    await npm(ROOT, 'pack', '--pack-destination', folder);
    const [file = ''] = await readdir(folder);
    tarball = join(folder, file);
    return remove;
  });

  it('runs the demo where it is installed from the tarball, in a folder with nothing else', async () => {
    const folder = await aFolder();
    await writeFile(join(folder, 'package.json'), '{ "private": true }');
    await npm(folder, 'install', ...QUIET, tarball);
    const main = join(folder, 'node_modules', 'gazette', 'dist', 'main.js');
    expect(await npm(folder, 'exec', '--no', '--', 'gazette', '--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
    const { code, json, stderr } = await gazetteJson(['demo'], { folder, main });
    expect({ code, stderr, ok: json.ok, again: json.again }).toEqual({
      code: 0,
      stderr: '',
      ok: true,
      again: 'nothing-new',
    });
  });

  it('runs the demo where the tarball is unpacked and its own lock installed', async () => {
    const folder = await aFolder();
    await run('tar', ['xzf', tarball, '-C', folder]);
    const unpacked = join(folder, 'package');
    await npm(unpacked, 'ci', ...QUIET);
    const { code, json, stderr } = await gazetteJson(['demo'], { folder, main: join(unpacked, 'dist', 'main.js') });
    expect({ code, stderr, ok: json.ok }).toEqual({ code: 0, stderr: '', ok: true });
  });

  it('carries what it needs to run, and no source, no test and no state', async () => {
    const { stdout } = await run('tar', ['tzf', tarball]);
    const paths = stdout.trim().split('\n');
    for (const path of [
      'dist/main.js',
      'templates/plain/theme.yaml',
      'content/demo.yaml',
      'LICENSE',
      'npm-shrinkwrap.json',
    ]) {
      expect(paths).toContain(`package/${path}`);
    }
    expect(paths.filter((path) => /^package\/(src|test|node_modules|\.gazette|\.env)/.test(path))).toEqual([]);
  });
});
