/** On a host without a umask, no other user can read the private files that the program writes. */
import { appendFile, chmod, lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openWorkspace, PACKAGE } from '../../src/build-app.js';
import { newsletterNamed } from '../../src/domain/newsletter.js';
import { runDoctor } from '../../src/operate/doctor.js';
import { initWorkspace } from '../../src/operate/init-workspace.js';
import { localFiles } from '../../src/platform/files.js';
import { demo } from '../../src/run-demo.js';
import { parseHere } from '../../src/sources/index.js';
import { handClock } from '../support/app-context.js';

const files = localFiles();
const yes = async () => true;
const model = join(PACKAGE, 'templates/workspace');
const newSecret = () => 's'.repeat(40);
const WITHOUT_MODES = process.platform === 'win32';

async function aFolder() {
  const root = await mkdtemp(join(tmpdir(), 'gazette-modes-'));
  onTestFinished(() => rm(root, { recursive: true }));
  return root;
}

/** The files and folders below a folder that others can read, with their modes. */
async function openToOthers(root: string): Promise<readonly string[]> {
  const open: string[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const mode = (await lstat(path)).mode & 0o777;
    if ((mode & 0o077) !== 0) open.push(`${relative(root, path)} ${mode.toString(8)}`);
  }
  return open.sort();
}

function withoutUmask(): void {
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
}

describe.skipIf(WITHOUT_MODES)('A workspace on a host without a umask', () => {
  it('lets others read its content and nothing else, whatever command has run', async () => {
    withoutUmask();
    const root = await aFolder();
    await initWorkspace({ files, model, newSecret }, root);
    const post = '---\ntitle: News\ndate: 2026-06-14T12:00:00Z\n---\n\nSomething happened.\n';
    await files.write(join(root, 'content/posts/news.md'), post);
    const clock = handClock(new Date('2026-06-15T07:00:00Z'));
    const env = { SMTP_URL: 'file:outbox', DATABASE_URL: 'data.db' };
    const built = await openWorkspace({ env, folder: root, isTerminal: false, runParse: parseHere }, files, root, {
      clock,
    });
    onTestFinished(() => built.close());
    const { issues, sending, readers, operate } = built.deps;
    const newsletter = newsletterNamed(built.deps, undefined);
    await readers.subscribers.add({ newsletter, address: 'ann@example.org', consentSource: 'test' });
    const preview = await issues.preview({ newsletter, reader: 'ann@example.org' });
    if (preview.kind !== 'preview') return expect.unreachable();
    await issues.writePreview(preview);
    await issues.writePreview(preview, join(root, 'shown'));
    await sending.sendTest({ newsletter, testTo: 'editor@example.org' });
    await sending.sendNext({ newsletter, confirm: yes });
    await operate.backup(join(root, 'backup.db'));
    const own = await openWorkspace({ env: {}, folder: root, isTerminal: false, runParse: parseHere }, files, root, {
      clock,
    });
    onTestFinished(() => own.close());
    const made = (await readdir(root, { recursive: true })).map((path) => path.replaceAll('\\', '/'));
    expect(made).toEqual(
      expect.arrayContaining([
        ...['.env', 'backup.db', 'shown/issue-1.eml', '.gazette/preview/issue-1.html'],
        ...['', '-wal', '-shm'].flatMap((end) => [`data.db${end}`, `.gazette/gazette.db${end}`]),
      ]),
    );
    expect(made.filter((path) => path.startsWith('outbox/'))).toHaveLength(2);
    const open = await openToOthers(root);
    expect(open.filter((path) => !/^(?:content\b|\.gitignore )/.test(path))).toEqual([]);
    expect(open).toContain('content/posts/news.md 666');
  });

  it('has its open files reported by doctor, which changes no mode', async () => {
    const root = await aFolder();
    await initWorkspace({ files, model, newSecret }, root);
    for (const name of ['.gazette', 'outbox']) await mkdir(join(root, name));
    for (const name of ['.gazette/gazette.db', '.env']) await appendFile(join(root, name), '');
    const given = { '.env': 0o644, '.gazette': 0o755, outbox: 0o750, '.gazette/gazette.db': 0o600 };
    for (const [name, mode] of Object.entries(given)) await chmod(join(root, name), mode);
    const env = { SMTP_URL: 'file:outbox' };
    const built = await openWorkspace({ env, folder: root, isTerminal: false, runParse: parseHere }, files, root);
    onTestFinished(() => built.close());
    const nobody = { txt: async () => [], mx: async () => [] };
    const { findings } = await runDoctor({
      ...built.deps,
      ...built.doctorTools,
      now: built.deps.clock.now(),
      dns: nobody,
    });
    const told = findings.filter(({ check }) => check === 'permissions');
    expect(told.map(({ level, hint = '' }) => `${level} ${hint.replace(root, '')}`)).toEqual([
      'fail Run: chmod go-rwx /.env',
      'fail Run: chmod go-rwx /.gazette',
      'warn Run: chmod go-rwx /outbox',
    ]);
    for (const [name, mode] of Object.entries(given)) expect((await lstat(join(root, name))).mode & 0o777).toBe(mode);
  });

  it('lets nobody else read the mails and the database of a demo', async () => {
    withoutUmask();
    const root = await aFolder();
    expect(
      await demo({ env: {}, folder: root, isTerminal: false, runParse: parseHere }, files, root, {}),
    ).toMatchObject({ ok: true });
    expect(await openToOthers(root)).toEqual([]);
  });
});

describe('the source', () => {
  it('writes files in one place', async () => {
    const src = join(PACKAGE, 'src');
    const writing: string[] = [];
    for (const path of (await files.list(src)) ?? []) {
      const text = new TextDecoder().decode(await files.read(path));
      const [, names = ''] = /import \{([^}]*)\} from 'node:fs(?:\/promises)?'/.exec(text) ?? [];
      const isWholeModule = /import (?:\* as )?\w+ from 'node:fs/.test(text);
      if (isWholeModule || /\b(?:open|write|append|create|copy|cp|mk)\w*\b/.test(names))
        writing.push(relative(src, path).replaceAll('\\', '/'));
    }
    expect(writing).toEqual(['platform/files.ts']);
  });
});

describe('init in a folder that has a .gitignore', () => {
  async function initOver(text: string) {
    const root = await aFolder();
    await files.write(join(root, '.gitignore'), text);
    const report = await initWorkspace({ files, model, newSecret }, root);
    return { report, root, after: new TextDecoder().decode(await files.read(join(root, '.gitignore'))) };
  }

  it('adds what it lacks, says so, and adds nothing the next time', async () => {
    const { report, root, after } = await initOver('node_modules/\ndist');
    expect(report.ignored).toEqual(['.env', '.gazette/', 'outbox/']);
    expect(after).toBe('node_modules/\ndist\n.env\n.gazette/\noutbox/\n');
    const again = await initWorkspace({ files, model, newSecret }, root);
    expect(again).toMatchObject({ written: [], ignored: [], kept: expect.arrayContaining(['.gitignore', '.env']) });
    expect(new TextDecoder().decode(await files.read(join(root, '.gitignore')))).toBe(after);
  });

  it.each([
    ['says the same in other words', '/.env\n**/.gazette\noutbox/**\n', []],
    ['ignores everything', '*\n!content/\n', []],
    ['lets a name through again', '.env\n.gazette/\noutbox/\n!.env\n', ['.env']],
    ['names only a folder like a file', '.env/\n.gazette/\noutbox/\n', ['.env']],
    ['comments a name out', '# .env\n.gazette/\noutbox/\n', ['.env']],
    ['has the line ends of Windows', '.env\r\n.gazette/\r\noutbox/\r\n', []],
  ])('and %s', async (_, text, added) => {
    const { report, after } = await initOver(text);
    expect(report.ignored).toEqual(added);
    expect(after).toBe(text + added.map((name) => `${name}\n`).join(''));
  });

  it('writes one where there is none', async () => {
    const root = await aFolder();
    expect((await initWorkspace({ files, model, newSecret }, root)).written).toContain('.gitignore');
  });
});
