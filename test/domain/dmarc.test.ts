import { describe, expect, it } from 'vitest';
import { checkDmarc } from '../../src/domain/dmarc.js';
import { aDns } from '../support/dns.js';

const ALIGNED = { signed: undefined, envelope: 'a.b.c.d.e.f.g.h.i.example.org' };

describe('DMARC', () => {
  it('is the domain’s own record, where it has one', async () => {
    const dns = aDns({ '_dmarc.news.example.org': ['v=DMARC1; p=reject'], '_dmarc.example.org': ['v=DMARC1; p=none'] });
    expect((await checkDmarc(dns, 'news.example.org', ALIGNED)).text).toContain(
      'DMARC of news.example.org: policy reject for news.example.org',
    );
  });

  it('is else the one of the organisation above it, with its policy for subdomains', async () => {
    const dns = aDns({ '_dmarc.example.org': ['v=DMARC1; p=reject; sp=quarantine'] });
    expect((await checkDmarc(dns, 'a.news.example.org', ALIGNED)).text).toContain('policy quarantine');
  });

  it('is not the one of a public suffix, but of the name below it', async () => {
    const dns = aDns({
      '_dmarc.example.org': ['v=DMARC1; p=quarantine'],
      '_dmarc.org': ['v=DMARC1; p=reject; psd=y'],
    });
    expect((await checkDmarc(dns, 'news.example.org', ALIGNED)).text).toContain('DMARC of example.org');
  });

  it('ends its walk at a domain that says it is no public suffix', async () => {
    const dns = aDns({ '_dmarc.news.example.org': ['v=DMARC1; p=none; psd=n'] });
    await checkDmarc(dns, 'a.news.example.org', { signed: undefined, envelope: 'a.news.example.org' });
    expect(dns.asked).toEqual(['_dmarc.a.news.example.org', '_dmarc.news.example.org']);
  });

  it('asks for no more than eight names', async () => {
    const dns = aDns({});
    expect(await checkDmarc(dns, 'a.b.c.d.e.f.g.h.i.example.org', ALIGNED)).toMatchObject({ level: 'fail' });
    expect(dns.asked).toHaveLength(8);
    expect(dns.asked[1]).toBe('_dmarc.e.f.g.h.i.example.org');
  });

  it('is missing when there are two at one place', async () => {
    const dns = aDns({ '_dmarc.example.org': ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] });
    expect(await checkDmarc(dns, 'example.org', ALIGNED)).toMatchObject({ level: 'fail' });
  });
});

describe('What DMARC asks of a message', () => {
  const relaxed = aDns({ '_dmarc.example.org': ['v=DMARC1; p=reject'] });
  const by = (signed: readonly string[] | undefined, envelope: string) => ({ signed, envelope });
  const levelOf = async (dns: ReturnType<typeof aDns>, ids: ReturnType<typeof by>) =>
    (await checkDmarc(dns, 'news.example.org', ids)).level;

  it('is a signature or an envelope of the same organisation', async () => {
    expect(await levelOf(relaxed, by(['example.org'], 'bounces.example.org'))).toBe('ok');
    expect(await levelOf(relaxed, by(['example.org'], 'mail.example.net'))).toBe('ok');
    expect(await levelOf(relaxed, by([], 'bounces.example.org'))).toBe('warn');
    expect(await levelOf(relaxed, by(['example.net'], 'mail.example.net'))).toBe('fail');
  });

  it('is left to the mail server where Gazette does not sign', async () => {
    expect(await levelOf(relaxed, by(undefined, 'example.org'))).toBe('ok');
    expect(await levelOf(relaxed, by(undefined, 'mail.example.net'))).toBe('warn');
  });

  it('is the very same domain where the record is strict', async () => {
    const strict = aDns({ '_dmarc.example.org': ['v=DMARC1; p=reject; adkim=s; aspf=s'] });
    expect(await levelOf(strict, by(['example.org'], 'bounces.example.org'))).toBe('fail');
    expect(await levelOf(strict, by(['news.example.org'], 'bounces.example.org'))).toBe('ok');
  });

  it('is not met by a neighbour under one public suffix', async () => {
    const dns = aDns({ '_dmarc.org': ['v=DMARC1; p=none; psd=y'] });
    const neighbour = { signed: ['other.org'], envelope: 'other.org' };
    expect(await checkDmarc(dns, 'example.org', neighbour)).toMatchObject({ level: 'fail' });
    expect(await checkDmarc(dns, 'news.example.org', by(['example.org'], 'example.org'))).toMatchObject({
      level: 'ok',
    });
  });
});
