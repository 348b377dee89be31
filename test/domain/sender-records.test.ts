import { describe, expect, it } from 'vitest';
import { checkSpf, dkimFinding } from '../../src/domain/sender-records.js';
import { aDns } from '../support/dns.js';

describe('SPF', () => {
  it('is found among other texts, and its lookups are counted through includes', async () => {
    const dns = aDns({
      'example.org': ['site-verification=1', 'v=spf1 include:a.example.net mx ip4:192.0.2.1 ~all'],
      'a.example.net': ['v=spf1 include:b.example.net a -all'],
      'b.example.net': ['v=spf1 ip4:192.0.2.2 -all'],
    });
    expect(await checkSpf(dns, 'example.org')).toMatchObject({ level: 'ok', text: expect.stringContaining('4 of 10') });
  });

  it('fails when it is missing, there twice, or lets everybody in', async () => {
    expect(await checkSpf(aDns({}), 'example.org')).toMatchObject({ level: 'fail' });
    const twice = aDns({ 'example.org': ['v=spf1 -all', 'v=spf1 mx -all'] });
    expect(await checkSpf(twice, 'example.org')).toMatchObject({ level: 'fail', hint: 'Keep one of them.' });
    expect(await checkSpf(aDns({ 'example.org': ['v=spf1 mx all'] }), 'example.org')).toMatchObject({ level: 'fail' });
  });

  it('fails when receivers would stop before its end, also where it includes itself', async () => {
    const many = Array.from({ length: 11 }, (_, nth) => `include:i${nth}.example.net`).join(' ');
    expect(await checkSpf(aDns({ 'example.org': [`v=spf1 ${many} -all`] }), 'example.org')).toMatchObject({
      level: 'fail',
    });
    const loop = aDns({ 'example.org': ['v=spf1 include:example.org -all'] });
    expect(await checkSpf(loop, 'example.org')).toMatchObject({ level: 'ok' });
  });
});

describe('DKIM', () => {
  const verdict = { domain: 'example.org', name: 's1._domainkey.example.org', result: 'pass' } as const;

  it('is right when the signature passes', () => {
    expect(dkimFinding(verdict, 'v=DKIM1; p=QUJD')).toMatchObject({ level: 'ok', check: 'dkim' });
  });

  it.each(['no-key', 'bad-key', 'wrong-key'] as const)('says what to publish: %s', (result) => {
    expect(dkimFinding({ ...verdict, result }, 'v=DKIM1; p=QUJD')).toMatchObject({
      level: 'fail',
      hint: 'Publish there: v=DKIM1; p=QUJD',
    });
  });

  it.each(['revoked', 'bad-body'] as const)('fails with a way out: %s', (result) => {
    const { level, hint } = dkimFinding({ ...verdict, result }, 'v=DKIM1; p=QUJD');
    expect([level, hint?.includes('Publish')]).toEqual(['fail', false]);
  });
});
