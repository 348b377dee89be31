import { describe, expect, it } from 'vitest';
import type { RenderedMail } from '../../src/domain/edition.js';
import { checkMail } from '../../src/render/check-mail.js';
import { LONGEST_VALUES, measureMail } from '../../src/render/measure.js';

function mailOf(html: RenderedMail['html']): RenderedMail {
  return { subject: [''], preheader: '', html, text: [''] };
}

describe('the size of a mail', () => {
  it('is counted with the longest values a reader may have', () => {
    const { decoded } = measureMail(mailOf(['ab', { kind: 'hole', part: 'webUrl', context: 'html' }]));
    expect(decoded).toBe(2 + LONGEST_VALUES.webUrl.length);
  });

  it('counts the encoded form where that is larger', () => {
    const latin = measureMail(mailOf(['a'.repeat(7500)]));
    expect(latin).toMatchObject({ decoded: 7500, quotedPrintable: 7500 + 99 * 3, counted: 7797 });
    const japanese = measureMail(mailOf(['語'.repeat(1000)]));
    expect(japanese.decoded).toBe(3000);
    expect(japanese.quotedPrintable).toBeGreaterThan(9000);
    expect(japanese.counted).toBe(japanese.base64);
  });
});

describe('the check of a mail', () => {
  it('finds what would harm readers', () => {
    const codes = checkMail(
      mailOf([
        '<html><body><div><h1>a</h1><h1>b</h1><a href="/x">x</a><a href="https://a.example/{x}">y</a><img src="x.png"></div></body></html>',
      ]),
    ).map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['link', 'picture', 'heading', 'language', 'text', 'unsubscribe']));
    expect(codes.filter((code) => code === 'link')).toHaveLength(2);
  });

  it('warns of a mail that may be clipped and of styles that Gmail drops', () => {
    const findings = checkMail(mailOf([`<style>${'a'.repeat(16_000)}</style>${'x'.repeat(80_000)}`]));
    expect(findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'size', level: 'warning' }),
        expect.objectContaining({ code: 'style', level: 'error' }),
      ]),
    );
  });
});
