import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { GazetteError } from '../../src/domain/errors.js';
import { machineFault } from '../../src/domain/machine-fault.js';
import { localFiles } from '../../src/platform/files.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'machine-'));
  await writeFile(join(folder, 'file'), '');
});
afterAll(() => rm(folder, { recursive: true }));

const failure = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error);
const systemError = (fields: object) => Object.assign(new Error('as the system says it'), fields);

describe('an error of the file system', () => {
  it.each([
    ['a folder below a file', () => mkdir(join(folder, 'file', 'sub')), 'a part of it is a file'],
    ['a folder written as a file', () => writeFile(folder, ''), 'it is a folder'],
    ['a missing file', () => readFile(join(folder, 'none')), 'it does not exist'],
    ['a name that is too long', () => writeFile(join(folder, 'x'.repeat(300)), ''), 'too long'],
    ['a file that cannot be replaced', () => rename(join(folder, 'file'), folder), 'cannot be used'],
  ])('names the place: %s', async (_, work, words) => {
    const fault = machineFault(await failure(work()), 'gazette');
    expect(fault).toMatchObject({ code: 'machine.path', message: expect.stringContaining(words) });
    expect(fault?.message).toContain(folder);
  });

  it('names the file that was to be written, not the one it is first written to', async () => {
    const path = join(folder, 'x'.repeat(240));
    const fault = machineFault(await failure(localFiles().write(path, 'text')), 'gazette');
    expect(fault?.message).toContain(path);
    expect(fault?.message).not.toContain('.tmp');
  });

  it('names who the program runs as where a right is missing', () => {
    const fault = machineFault(systemError({ code: 'EACCES', syscall: 'mkdir', path: '/srv/digest' }), 'nobody');
    expect(fault?.message).toBe('This user may not make the folder /srv/digest.');
    expect(fault?.hint).toContain('Gazette runs as nobody.');
  });
});

describe('an error of the machine', () => {
  it.each([
    [{ code: 'ENOSPC', path: '/srv/a.db' }, 'machine.full', 'The disk of /srv/a.db is full.'],
    [
      { code: 'EROFS', path: '/srv/a.db' },
      'machine.denied',
      '/srv/a.db is on a file system that cannot be written to.',
    ],
    [{ code: 'EMFILE' }, 'machine.limit', 'no more files and connections'],
    [{ code: 'ENOTFOUND', hostname: 'db.example.org' }, 'machine.network', 'db.example.org is not known'],
    [{ code: 'ECONNREFUSED', address: '::1', port: 25 }, 'machine.network', '[::1]:25 refuses connections'],
    [
      { code: 'DEPTH_ZERO_SELF_SIGNED_CERT', host: 'mail.example.org' },
      'machine.certificate',
      'The certificate of mail.example.org is refused: it is signed by itself.',
    ],
  ])('%j', (fields, code, words) => {
    expect(machineFault(systemError(fields), 'gazette')).toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
  });

  it('is found among the causes of another error, and among several', () => {
    const refused = systemError({ code: 'ECONNREFUSED', address: '127.0.0.1', port: 5432 });
    expect(machineFault(new Error('fetch failed', { cause: new AggregateError([refused]) }))?.code).toBe(
      'machine.network',
    );
  });

  it('a bug stays a bug, and an error of ours stays as it is', () => {
    expect(machineFault(new TypeError('x is not a function'))).toBeUndefined();
    expect(machineFault('text')).toBeUndefined();
    const ours = new GazetteError('usage', 'Wrong.', { cause: systemError({ code: 'EACCES' }) });
    expect(machineFault(ours)).toBe(ours);
  });
});

it('No command calls an error of the machine a bug of Gazette', async () => {
  const error = await failure(mkdir(join(folder, 'file', 'sub')));
  const shown: string[] = [];
  const io = {
    ...{ out: (text: string) => void shown.push(text), err: (text: string) => void shown.push(text) },
    ...{ isInteractive: false, canRedraw: false, hasColour: false, columns: 100, person: 'nobody', folder },
    ...{ input: process.stdin, signal: new AbortController().signal },
    ...{ questions: { text: async () => '', choice: async () => '' } },
    ...{ ask: async () => undefined, open: () => undefined, monotonicMs: () => 0 },
  };
  const open = () => Promise.reject(error);
  expect(await runCli(['status'], io, { version: '0', open })).toBe(1);
  expect(await runCli(['status', '--json'], io, { version: '0', open })).toBe(1);
  expect(shown[0]).not.toContain('bug in Gazette');
  expect(shown[0]).toContain(join(folder, 'file', 'sub'));
  expect(JSON.parse(shown[1] as string)).toMatchObject({ error: { code: 'machine.path' } });
});
