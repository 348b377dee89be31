import { describe, expect, it } from 'vitest';
import type { Dns } from '../../src/domain/ports.js';
import { checkDkim, checkDmarc, checkSpf } from '../../src/domain/sender-records.js';

function aDns(txt: { readonly [name: string]: readonly string[] }): Dns & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    txt: async (name) => {
      asked.push(name);
      return txt[name] ?? [];
    },
    mx: async () => [],
  };
}

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
  const key = { domain: 'example.org', selector: 's1', publicKey: 'QUJD' };
  const at = (text: string) => aDns({ 's1._domainkey.example.org': [text] });

  it('is right when the published key is the other half of the one that signs, however it is broken up', async () => {
    expect(await checkDkim(at('v=DKIM1; k=rsa; p=QU JD'), key)).toMatchObject({ level: 'ok' });
  });

  it('fails when there is no key, another one, or a revoked one', async () => {
    expect(await checkDkim(aDns({}), key)).toMatchObject({ level: 'fail', hint: expect.stringContaining('p=QUJD') });
    expect(await checkDkim(at('v=DKIM1; p=WFla'), key)).toMatchObject({ level: 'fail' });
    expect(await checkDkim(at('v=DKIM1; p='), key)).toMatchObject({ level: 'fail', hint: 'Sign with another.' });
  });
});

describe('DMARC', () => {
  it('is the domain’s own record, where it has one', async () => {
    const dns = aDns({ '_dmarc.news.example.org': ['v=DMARC1; p=reject'], '_dmarc.example.org': ['v=DMARC1; p=none'] });
    expect((await checkDmarc(dns, 'news.example.org')).text).toBe(
      'DMARC of news.example.org: policy reject for news.example.org',
    );
  });

  it('is else the one of the organisation above it, with its policy for subdomains', async () => {
    const dns = aDns({ '_dmarc.example.org': ['v=DMARC1; p=reject; sp=quarantine'] });
    expect((await checkDmarc(dns, 'a.news.example.org')).text).toContain('policy quarantine');
  });

  it('is not the one of a public suffix, but of the name below it', async () => {
    const dns = aDns({
      '_dmarc.example.org': ['v=DMARC1; p=quarantine'],
      '_dmarc.org': ['v=DMARC1; p=reject; psd=y'],
    });
    expect((await checkDmarc(dns, 'news.example.org')).text).toContain('DMARC of example.org');
  });

  it('ends its walk at a domain that says it is no public suffix', async () => {
    const dns = aDns({ '_dmarc.news.example.org': ['v=DMARC1; p=none; psd=n'] });
    await checkDmarc(dns, 'a.news.example.org');
    expect(dns.asked).toEqual(['_dmarc.a.news.example.org', '_dmarc.news.example.org']);
  });

  it('asks for no more than eight names', async () => {
    const dns = aDns({});
    expect(await checkDmarc(dns, 'a.b.c.d.e.f.g.h.i.example.org')).toMatchObject({ level: 'fail' });
    expect(dns.asked).toHaveLength(8);
    expect(dns.asked[1]).toBe('_dmarc.e.f.g.h.i.example.org');
  });

  it('is missing when there are two at one place', async () => {
    const dns = aDns({ '_dmarc.example.org': ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] });
    expect(await checkDmarc(dns, 'example.org')).toMatchObject({ level: 'fail' });
  });
});
