import { describe, expect, it } from 'vitest';
import { fillSegments } from '../../src/domain/edition.js';
import { aRenderInput, aRichNewsletter, READER, testThemeRenderers } from '../support/render-fixtures.js';

const themes = testThemeRenderers();

async function subjectOf(template: string | undefined, subject = 'As composed'): Promise<string> {
  const newsletter = aRichNewsletter(template === undefined ? {} : { subject: template });
  const mail = await themes.render(aRenderInput({ newsletter, subject }));
  return fillSegments(mail.subject, READER);
}

describe('the subject', () => {
  it('is the one composed when the newsletter has no template of its own', async () => {
    expect(await subjectOf(undefined)).toBe('As composed');
  });

  it('is written by the newsletter’s template', async () => {
    const template = '{{newsletter.title}} #{{issue.number}}: {{firstTitle}}{{#if more}} + {{more}}{{/if}} ({{date}})';
    expect(await subjectOf(template)).toBe(
      'Notes from the Fourth Floor #24: The baseline that breathed + 9 (June 15, 2026)',
    );
  });

  it('may greet the reader', async () => {
    expect(
      await subjectOf('{{#personal}}{{#if reader.name}}{{reader.name}}, your{{else}}Your{{/if}}{{/personal}} post'),
    ).toBe('Ada, your post');
  });

  it('is one line without control characters, and never poses as a reply', async () => {
    expect(await subjectOf(undefined, 'One\r\nBcc: x@example.org\u0000')).toBe('One Bcc: x@example.org');
    expect(await subjectOf(undefined, 'Re: your order')).toBe('Notes from the Fourth Floor: Re: your order');
  });

  it('names the newsletter and the place when its template is wrong', async () => {
    await expect(subjectOf('{{issue.numer}}')).rejects.toMatchObject({
      code: 'theme.invalid',
      where: 'newsletters/weekly.yaml, subject:1:3',
    });
  });
});
