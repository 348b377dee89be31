import { describe, expect, it } from 'vitest';
import { stillFrame } from '../../src/render/still-frame.js';

const MAIL =
  '<html><head><meta name="color-scheme" content="light dark"><style>:root{color-scheme:light dark}@media (prefers-color-scheme: dark){p{color:#fff}}</style></head>' +
  '<body><p><a class="x" href="https://blog.example.org/?a=1&amp;b=2" style="color:red">One</a> <A HREF="mailto:a@example.org">Two</A></p></body></html>';

describe('a mail in a frame', () => {
  it('has links that lead nowhere and say where they would', () => {
    const html = stillFrame(MAIL, { scheme: 'light' });
    expect(html).not.toMatch(/\shref=/i);
    expect(html).toContain('title="https://blog.example.org/?a=1&amp;b=2 (links are dead here)"');
    expect(html).toContain('style="color:red">One</a>');
    expect(html.match(/data-dead=""/g)).toHaveLength(2);
  });

  it('is dark or light as asked, whatever the machine prefers', () => {
    const dark = stillFrame(MAIL, { scheme: 'dark' });
    expect(dark).toContain('@media (min-width:0)');
    expect(dark).toContain('content="dark"');
    const light = stillFrame(MAIL, { scheme: 'light' });
    expect(light).toContain('@media (max-width:0)');
    expect(light).toContain('color-scheme:light}');
    expect(light).not.toContain('prefers-color-scheme');
  });

  it('leaves what a post says about schemes as it is', () => {
    const text =
      '<p title="color-scheme: light dark">Write <code>@media (prefers-color-scheme: dark)</code> and color-scheme: light dark.</p>';
    for (const scheme of ['light', 'dark'] as const)
      expect(stillFrame(`<html><body>${text}</body></html>`, { scheme })).toContain(text);
  });
});
