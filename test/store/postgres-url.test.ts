import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/index.js';
import { postgresTargetFrom } from '../../src/store/postgres-url.js';

const partsOf = (text: string) => {
  const { username, password, host, pathname, search } = new URL(postgresTargetFrom(text).url);
  return [decodeURIComponent(username), decodeURIComponent(password), host, pathname, search];
};

describe('the URL of a Postgres', () => {
  it.each([
    ['postgres://ann:word@db.example.org/news', 'word'],
    ['postgres://ann:w%40rd@db.example.org/news', 'w@rd'],
    ['postgres://ann:w@rd@db.example.org/news', 'w@rd'],
    ['postgres://ann:w#rd@db.example.org/news', 'w#rd'],
    ['postgres://ann:1#2@db.example.org/news', '1#2'],
    ['postgres://ann:w/rd@db.example.org/news', 'w/rd'],
    ['postgres://ann:w/r@d@db.example.org/news', 'w/r@d'],
    ['postgres://ann:w?rd@db.example.org/news', 'w?rd'],
    ['postgres://ann:100%@db.example.org/news', '100%'],
    ['postgresql://ann:a:b@db.example.org/news', 'a:b'],
    ['POSTGRES://ann:word@db.example.org/news', 'word'],
  ])('%s has the password in it, encoded or not', (text, password) => {
    expect(partsOf(text)).toEqual(['ann', password, 'db.example.org', '/news', '']);
  });

  it('keeps what the driver reads, and takes the rest for Gazette', () => {
    const { url, pool } = postgresTargetFrom('postgres://ann@db/news?options=-c%20a%3Db&pool=3&sslmode=disable');
    expect([url, pool]).toEqual(['postgres://ann@db/news?options=-c+a%3Db', 3]);
    expect(postgresTargetFrom('postgres://ann@db/news').pool).toBe(5);
  });

  it.each(['pool=0', 'pool=x', 'pool=1.5', 'sslmode=on', 'sslrootcert=/nowhere/ca.pem'])(
    'is refused with %s',
    (setting) => {
      const url = `postgres://ann:secret-word@db/news?${setting}`;
      const error = { code: 'env.invalid', message: expect.not.stringContaining('secret-word') };
      expect(() => postgresTargetFrom(url)).toThrow(expect.objectContaining(error));
    },
  );

  it.each(['postgres://ann:secret#word@', 'postgres://host:port/a'])('%s is refused without a stack', async (url) => {
    const error = { code: 'env.invalid', message: expect.not.stringContaining('secret') };
    await expect(openStore(url)).rejects.toMatchObject(error);
  });
});

describe('sslmode', () => {
  let folder: string;
  let ca: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gazette-ca-'));
    ca = join(folder, 'ca.pem');
    await writeFile(ca, 'a certificate');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const ssl = (settings: string) => postgresTargetFrom(`postgres://ann@db/news?${settings}`).ssl;

  it('means what it means to libpq', () => {
    expect(ssl('')).toBeUndefined();
    expect(ssl('sslmode=disable')).toBe(false);
    expect(ssl('sslmode=require')).toEqual({ rejectUnauthorized: false });
    expect(ssl('sslmode=verify-full')).toEqual({});
    expect(ssl('sslrootcert=system')).toEqual({});
    expect(ssl(`sslmode=verify-full&sslrootcert=${ca}`)).toEqual({ ca: 'a certificate' });
    expect(ssl(`sslmode=verify-ca&sslrootcert=${ca}`)).toEqual({
      ca: 'a certificate',
      checkServerIdentity: expect.anything(),
    });
    expect(ssl(`sslmode=require&sslrootcert=${ca}`)).toEqual({
      ca: 'a certificate',
      checkServerIdentity: expect.anything(),
    });
  });
});
