/** content/demo.yaml: the moment the demo pretends it is, so that the sample never grows old. */
import { z } from 'zod';
import { GazetteError } from '../domain/errors.js';
import type { Files } from '../domain/ports/host.js';
import { checkSettings } from '../written/check-settings.js';
import { readYaml } from '../written/read-yaml.js';

const demoSettings = z.strictObject({
  newsletter: z.string().min(1).describe('The newsletter that is sent.'),
  now: z.iso
    .datetime({ offset: true, error: 'Must be a moment with an offset, such as 2026-06-15T08:00:00+01:00.' })
    .transform((text) => new Date(text))
    .describe('The moment of the demo.'),
});

export type DemoSettings = z.output<typeof demoSettings>;

/** Reads the file at an absolute path. Throws `config.invalid` with the place of every problem. */
export async function readDemoSettings(files: Pick<Files, 'read'>, path: string): Promise<DemoSettings> {
  const text = readYaml((await files.read(path)) ?? new Uint8Array(), 'content/demo.yaml');
  const checked = checkSettings(demoSettings, text, text.value ?? {});
  if (text.problems.length === 0 && checked.kind === 'right') return checked.settings;
  const problems = text.problems.length === 0 && checked.kind === 'wrong' ? checked.problems : text.problems;
  throw new GazetteError('config.invalid', 'The settings of the demo are wrong.', { problems });
}
