import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VARIABLES } from '../../../src/config/environment.js';
import { newsletterSettings } from '../../../src/config/newsletter-settings.js';
import { SOURCE_KINDS } from '../../../src/sources/index.js';
import { describeSettings } from '../../../tools/docs/describe-settings.js';

const root = join(import.meta.dirname, '../../..');
const generated = describeSettings(SOURCE_KINDS);
const textOf = (path: string) => generated.find((file) => file.path === path)?.text ?? '';

describe('the reference', () => {
  it.each(generated)('$path is up to date', ({ path, text }) => {
    const file = join(root, path);
    const written = existsSync(file) ? readFileSync(file, 'utf8') : '';
    expect(written === text, `${path} is out of date: run “npm run docs”`).toBe(true);
  });

  it('names every key of a newsletter, each with its meaning', () => {
    const { shape } = newsletterSettings(() => undefined);
    for (const key of Object.keys(shape)) {
      const row = textOf('docs/settings.md')
        .split('\n')
        .find((line) => line.startsWith(`| \`${key}\` |`));
      expect(row, key).toBeDefined();
      expect(row?.split(' | ').at(-1)?.replace('|', '').trim(), key).not.toBe('');
    }
  });

  it('names every variable of the environment', () => {
    for (const { name } of VARIABLES) expect(textOf('docs/settings.md')).toContain(`| \`${name}\``);
  });

  it('shows every key of a newsletter in the commented sample', () => {
    const sample = readFileSync(join(root, 'content/newsletters/weekly.yaml'), 'utf8');
    const { shape } = newsletterSettings(() => undefined);
    for (const key of Object.keys(shape)) expect(sample, key).toMatch(new RegExp(`^(?:# )?${key}:`, 'm'));
  });

  it('gives editors schemas that refuse unknown keys and know the required ones', () => {
    const newsletter = JSON.parse(textOf('docs/schemas/newsletter.schema.json'));
    expect(newsletter).toMatchObject({ type: 'object', additionalProperties: false });
    expect(newsletter.required).toEqual(['id', 'title', 'language', 'timezone', 'schedule', 'sources', 'sender']);
    const sources = JSON.parse(textOf('docs/schemas/sources.schema.json'));
    for (const [index, { kind }] of SOURCE_KINDS.entries()) {
      const schema = { additionalProperties: false, properties: { kind: { const: kind } } };
      expect(sources.additionalProperties.oneOf[index]).toMatchObject(schema);
    }
    expect(sources.additionalProperties.oneOf).toHaveLength(SOURCE_KINDS.length);
  });
});
