import { describe, expect, it } from 'vitest';
import type { RenderedMail } from '../../src/domain/edition.js';
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
