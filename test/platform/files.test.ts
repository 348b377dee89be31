import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localFiles } from '../../src/platform/files.js';

const files = localFiles();
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gazette-files-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function given(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), path);
  }
}

async function modeOf(path: string): Promise<number> {
  return (await stat(join(root, path))).mode & 0o777;
}

async function listed(folder = ''): Promise<readonly string[] | undefined> {
  const found = await files.list(join(root, folder));
  return found?.map((path) => relative(join(root, folder), path).replaceAll('\\', '/'));
}

describe('versions', () => {
  it('are of the listed files, and change with each write', async () => {
    await given('a.md', 'b.md', '.git/c.md');
    const versions = async () => [...((await files.versions(root)) ?? [])];
    const before = await versions();
    expect(before.map(([path]) => relative(root, path))).toEqual(['a.md', 'b.md']);
    expect(await versions()).toEqual(before);
    await files.write(join(root, 'b.md'), 'b.mD');
    const after = await versions();
    expect([after[0], after[1]?.[1] === before[1]?.[1]]).toEqual([before[0], false]);
    expect(await files.versions(join(root, 'nowhere'))).toBeUndefined();
  });
});

describe('readBelow', () => {
  const read = async (path: string, folder = 'site', most = 100) => {
    const bytes = await files.readBelow(join(root, folder), path, most);
    return bytes && new TextDecoder().decode(bytes);
  };

  it('gives a file below the folder, also through links that stay in it', async () => {
    await given('site/a/b.png', 'site/c.png');
    await symlink(join(root, 'site', 'a'), join(root, 'site', 'link'));
    expect(await read('a/b.png')).toBe('site/a/b.png');
    expect(await read('a/../c.png')).toBe('site/c.png');
    expect(await read('link/b.png')).toBe('site/a/b.png');
  });

  it('gives nothing else', async () => {
    await given('secret.png', 'site/a/b.png', 'site/.git/c.png', 'site/.env', 'site/node_modules/d.png', 'sites/e.png');
    await symlink(join(root, 'secret.png'), join(root, 'site', 'out.png'));
    await symlink(root, join(root, 'site', 'up'));
    await symlink(join(root, 'site', '.env'), join(root, 'site', 'env.png'));
    await symlink('loop.png', join(root, 'site', 'loop.png'));
    for (const path of [
      ...['../secret.png', '../sites/e.png', 'out.png', 'up/secret.png', 'a', '', '.', 'missing.png', 'a/b.png/c'],
      ...['.env', 'env.png', '.git/c.png', 'node_modules/d.png', 'loop.png', 'a\0.png'],
    ])
      expect(await read(path), path).toBeUndefined();
    expect(await read('a/b.png', 'site', 12)).toBe('site/a/b.png');
    expect(await read('a/b.png', 'site', 11)).toBeUndefined();
    expect(await read('a/b.png', 'nowhere')).toBeUndefined();
  });
});

describe('list', () => {
  it('gives every file below a folder, sorted by path', async () => {
    await given('b.md', 'a/c.md', 'a/b/d.md', 'é.md');
    expect(await listed()).toEqual(['a/b/d.md', 'a/c.md', 'b.md', 'é.md']);
  });

  it('knows a missing folder, and a file, from an empty folder', async () => {
    await given('a.md');
    await mkdir(join(root, 'empty'));
    expect(await listed('nowhere')).toBeUndefined();
    expect(await listed('a.md')).toBeUndefined();
    expect(await listed('empty')).toEqual([]);
  });

  it('leaves out hidden folders, node_modules and the drafts of an interrupted write', async () => {
    await given('.git/x', 'node_modules/y/z.md', '.env', 'a.md', '.a.md.0123456789ab.tmp');
    expect(await listed()).toEqual(['.env', 'a.md']);
  });

  it('follows links that stay inside, and no others', async () => {
    await given('in/posts/a.md', 'out/secret.md');
    await symlink(join(root, 'in/posts'), join(root, 'in/again'));
    await symlink(join(root, 'in/posts/a.md'), join(root, 'in/b.md'));
    await symlink(join(root, 'out'), join(root, 'in/leak'));
    await symlink(join(root, 'out/secret.md'), join(root, 'in/leak.md'));
    await symlink(join(root, 'nowhere'), join(root, 'in/broken'));
    expect(await listed('in')).toEqual(['again/a.md', 'b.md', 'posts/a.md']);
  });

  it('follows a link that is the listed folder itself', async () => {
    await given('real/a.md');
    await symlink(join(root, 'real'), join(root, 'alias'));
    expect(await listed('alias')).toEqual(['a.md']);
  });

  it('comes to an end when links form a loop', async () => {
    await given('a/a.md', 'b/b.md');
    await symlink(join(root, 'a'), join(root, 'b/to-a'));
    await symlink(join(root, 'b'), join(root, 'a/to-b'));
    await symlink(root, join(root, 'a/up'));
    expect(await listed()).toEqual(['a/a.md', 'a/to-b/b.md', 'b/b.md', 'b/to-a/a.md']);
  });
});

describe('read and write', () => {
  it('makes the folders on the way and leaves nothing else behind', async () => {
    await files.write(join(root, 'deep/er/file.txt'), 'Grüße');
    expect(new TextDecoder().decode(await files.read(join(root, 'deep/er/file.txt')))).toBe('Grüße');
    expect(await readdir(join(root, 'deep/er'))).toEqual(['file.txt']);
  });

  it('replaces a file whole and keeps its permissions', async () => {
    await given('secret');
    await chmod(join(root, 'secret'), 0o600);
    await files.write(join(root, 'secret'), new Uint8Array([1, 2, 3]));
    expect([...((await files.read(join(root, 'secret'))) ?? [])]).toEqual([1, 2, 3]);
    expect((await stat(join(root, 'secret'))).mode & 0o777).toBe(0o600);
  });

  it('makes private files and folders that were never open to others, whatever the umask and the file before', async () => {
    const before = process.umask(0);
    try {
      await given('open');
      await files.writePrivate(join(root, 'made/on/the/way'), 'secret');
      await files.writePrivate(join(root, 'open'), 'secret');
      expect(await modeOf('made/on/the/way')).toBe(0o600);
      expect([await modeOf('made'), await modeOf('made/on/the')]).toEqual([0o700, 0o700]);
      expect(await modeOf('open')).toBe(0o600);
    } finally {
      process.umask(before);
    }
  });

  it('claims a file that is not there or empty, and leaves any other as it is', async () => {
    await given('full');
    await writeFile(join(root, 'empty'), '');
    await symlink(join(root, 'behind'), join(root, 'link'));
    for (const name of ['full', 'empty', 'new', 'link']) {
      if (name !== 'new' && name !== 'link') await chmod(join(root, name), 0o644);
      await files.claimPrivate(join(root, name));
    }
    expect(await Promise.all(['full', 'empty', 'new', 'behind'].map(modeOf))).toEqual([0o644, 0o600, 0o600, 0o600]);
    expect(new TextDecoder().decode(await files.read(join(root, 'full')))).toBe('full');
    await files.claimPrivate(join(root, 'no/such/folder/file'));
    expect(await readdir(root)).not.toContain('no');
  });

  it('leaves no draft behind when the file cannot be written', async () => {
    await mkdir(join(root, 'taken/by'), { recursive: true });
    await expect(files.write(join(root, 'taken'), 'x')).rejects.toThrow();
    expect(await readdir(root)).toEqual(['taken']);
  });

  it('says undefined for what is not a file', async () => {
    await given('a.md');
    expect(await files.read(join(root, 'nowhere'))).toBeUndefined();
    expect(await files.read(join(root, 'a.md/b'))).toBeUndefined();
    expect(await files.read(root)).toBeUndefined();
  });

  it('removes a file, also one that is gone', async () => {
    await given('a.md');
    await files.remove(join(root, 'a.md'));
    await files.remove(join(root, 'a.md'));
    expect(await listed()).toEqual([]);
  });
});
