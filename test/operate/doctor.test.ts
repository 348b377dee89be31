import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import type { DoctorTools } from '../../src/build-app.js';
import { openMailBuilder } from '../../src/deliver/message.js';
import { verifyDkim } from '../../src/deliver/verify-dkim.js';
import { runDoctor } from '../../src/operate/doctor.js';
import { aPublicSite } from '../support/public-site.js';

const DOMAIN = 'fourth-floor.example.org';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const RECORD = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
const KEY = {
  domain: DOMAIN,
  selector: 's1',
  privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
};

const GOOD: DoctorTools = {
  dns: {
    txt: async (name) =>
      name.startsWith('_dmarc.') ? ['v=DMARC1; p=none'] : name.includes('_domainkey') ? [RECORD] : ['v=spf1 mx -all'],
    mx: async () => ['mail.example.org'],
  },
  host: { zoneData: '2026b', freeBytes: async () => 5e9, mode: async () => 0o600 },
  privatePaths: ['/srv/news/.env'],
  askWeb: async () => ({ kind: 'failed', text: 'replaced below' }),
  verifyDkim,
  publicUrl: 'https://news.example.org',
  dkimRecord: RECORD,
};

async function findings(tools: Partial<DoctorTools> = {}) {
  const site = await aPublicSite();
  const links = () => {
    const url = 'https://news.example.org/u/t';
    return { unsubscribeUrl: url, oneClickUrl: url, preferencesUrl: url, webUrl: url };
  };
  const deps = { ...site.deps, mailBuilder: openMailBuilder({ links, dkim: [KEY] }) };
  // The public address leads to the site of this context.
  const askWeb: DoctorTools['askWeb'] = async (url, form) => {
    const { status } = await site.post(new URL(url).pathname, form);
    return { kind: 'answered', status, date: new Date('2026-06-15T07:00:01Z') };
  };
  const report = await runDoctor({ ...deps, now: deps.clock.now(), ...GOOD, askWeb, ...tools });
  const levels = Object.fromEntries(report.findings.map(({ check, level }) => [check, level]));
  const textOf = (wanted: string) => report.findings.find(({ check }) => check === wanted)?.text ?? '';
  return { ok: report.ok, levels, report, textOf };
}

it('Every check passes where everything is set up', async () => {
  const { ok, levels } = await findings();
  expect(ok).toBe(true);
  expect(levels).toEqual({
    database: 'ok',
    zones: 'ok',
    disk: 'ok',
    permissions: 'ok',
    'public-url': 'ok',
    clock: 'ok',
    smtp: 'ok',
    spf: 'ok',
    dmarc: 'ok',
    mx: 'ok',
    dkim: 'ok',
  });
});

it('Everything that is wrong has a hint', async () => {
  const { ok, levels, report } = await findings({
    dns: { txt: async () => [], mx: async () => [] },
    host: { zoneData: undefined, freeBytes: async () => 1e6, mode: async () => 0o644 },
    askWeb: async () => ({ kind: 'answered', status: 302, date: new Date('2026-06-15T09:00:00Z') }),
  });
  expect(ok).toBe(false);
  expect(levels).toMatchObject({ spf: 'fail', dkim: 'fail', dmarc: 'fail', 'public-url': 'fail', clock: 'warn' });
  expect(report.findings.filter(({ level, hint }) => level !== 'ok' && hint === undefined)).toEqual([]);
});

it('Without a network the other checks still run', async () => {
  const fail = async () => {
    throw new Error('ESERVFAIL');
  };
  const { levels } = await findings({
    dns: { txt: fail, mx: fail },
    askWeb: async () => ({ kind: 'failed', text: 'no route' }),
  });
  expect(levels).toMatchObject({ database: 'ok', spf: 'warn', dmarc: 'warn', mx: 'warn', 'public-url': 'fail' });
});

it('A site that is not ours fails, also one that accepts everything', async () => {
  for (const status of [200, 302, 404, 405, 503]) {
    const { levels } = await findings({ askWeb: async () => ({ kind: 'answered', status }) });
    expect(levels['public-url'], String(status)).toBe('fail');
  }
});

it('A key in DNS that does not belong to the signing key is found by verifying a message, and DMARC warns as well', async () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'der' });
  const txt = async (name: string) =>
    name.includes('_domainkey') ? [`v=DKIM1; p=${other.toString('base64')}`] : GOOD.dns.txt(name);
  const { levels, textOf } = await findings({ dns: { ...GOOD.dns, txt } });
  expect(levels).toMatchObject({ dkim: 'fail', dmarc: 'warn', spf: 'ok' });
  expect(textOf('dkim')).toContain(`s1._domainkey.${DOMAIN}`);
});

it('Old time zone data is a warning', async () => {
  const { levels } = await findings({ host: { ...GOOD.host, zoneData: '2023c' } });
  expect(levels.zones).toBe('warn');
});

it('Files that other users can read are reported with their mode and the command that closes them', async () => {
  const modes: { readonly [path: string]: number } = {
    '/srv/my news/.env': 0o644,
    '/srv/my news/.gazette': 0o700,
    '/srv/my news/.gazette/gazette.db': 0o644,
    '/srv/data/gazette.db': 0o660,
  };
  const mode = async (path: string) => modes[path];
  const privatePaths = [...Object.keys(modes), '/srv/data/gazette.db-wal'];
  const { report } = await findings({ host: { ...GOOD.host, mode }, privatePaths });
  expect(report.findings.filter(({ check }) => check === 'permissions')).toEqual([
    {
      check: 'permissions',
      level: 'fail',
      text: '/srv/my news/.env is open to every user of this host (mode 0644).',
      hint: "Run: chmod go-rwx '/srv/my news/.env'",
    },
    {
      check: 'permissions',
      level: 'warn',
      text: '/srv/data/gazette.db is open to the users of its group (mode 0660).',
      hint: 'Run: chmod go-rwx /srv/data/gazette.db',
    },
  ]);
});

it('Where a host has no modes, permissions are not reported', async () => {
  const { levels } = await findings({ host: { ...GOOD.host, mode: async () => undefined } });
  expect(levels).not.toHaveProperty('permissions');
});
