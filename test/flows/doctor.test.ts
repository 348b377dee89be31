import { expect, it } from 'vitest';
import { type DoctorTools, runDoctor } from '../../src/flows/doctor.js';
import { aHouse } from '../support/house.js';

const GOOD: DoctorTools = {
  dns: {
    txt: async (name) =>
      name.startsWith('_dmarc.')
        ? ['v=DMARC1; p=none']
        : name.includes('_domainkey')
          ? ['v=DKIM1; p=QUJD']
          : ['v=spf1 mx -all'],
    mx: async () => ['mail.example.org'],
  },
  host: { zoneData: '2026b', freeBytes: async () => 5e9 },
  askWeb: async () => ({ kind: 'answered', status: 404, date: new Date('2026-06-15T07:00:01Z') }),
  publicUrl: 'https://news.example.org',
  dkim: { domain: 'example.org', selector: 's1', publicKey: 'QUJD' },
};

async function findings(tools: Partial<DoctorTools> = {}) {
  const house = await aHouse();
  const report = await runDoctor(house, { ...GOOD, ...tools });
  const levels = Object.fromEntries(report.findings.map(({ check, level }) => [check, level]));
  return { ok: report.ok, levels, report };
}

it('Where all is well, every check says so', async () => {
  const { ok, levels } = await findings();
  expect(ok).toBe(true);
  expect(levels).toEqual({
    database: 'ok',
    zones: 'ok',
    disk: 'ok',
    'public-url': 'ok',
    clock: 'ok',
    smtp: 'ok',
    spf: 'ok',
    dmarc: 'ok',
    mx: 'ok',
    dkim: 'ok',
  });
});

it('Everything that is not well names its way out', async () => {
  const { ok, levels, report } = await findings({
    dns: { txt: async () => [], mx: async () => [] },
    host: { zoneData: undefined, freeBytes: async () => 1e6 },
    askWeb: async () => ({ kind: 'answered', status: 302, date: new Date('2026-06-15T09:00:00Z') }),
  });
  expect(ok).toBe(false);
  expect(levels).toMatchObject({ spf: 'fail', dkim: 'fail', dmarc: 'fail', 'public-url': 'fail', clock: 'warn' });
  expect(report.findings.filter(({ level, hint }) => level !== 'ok' && hint === undefined)).toEqual([]);
});

it('Without a network the rest is still looked at', async () => {
  const fail = async () => {
    throw new Error('ESERVFAIL');
  };
  const { levels } = await findings({
    dns: { txt: fail, mx: fail },
    askWeb: async () => ({ kind: 'failed', text: 'no route' }),
  });
  expect(levels).toMatchObject({ database: 'ok', spf: 'warn', dmarc: 'warn', mx: 'warn', 'public-url': 'fail' });
});
