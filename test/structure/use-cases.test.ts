/** How use cases are opened: with few ports, and with the time as an argument. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));
const MODULES = ['issue', 'approval', 'sending', 'readers', 'feedback', 'operate', 'studio'];

/** About six; values that are configured count as well. */
const MOST_PORTS = 7;

/**
 * What reads the clock itself. Everything else takes `now` from the module's `index.ts`, which reads it once for a call, or once
 * for a page.
 */
const READS_THE_CLOCK: { readonly [why: string]: readonly string[] } = {
  'it waits, or works for longer than a moment': [
    'sending/connection-attempts.ts',
    'sending/connection-slots.ts',
    'sending/connections.ts',
    'sending/delivery-queue.ts',
    'sending/leases.ts',
    'sending/send-planned.ts',
    'readers/confirmation-mails.ts',
    'readers/exclusive-work.ts',
    'readers/paced-transport.ts',
    'studio/live-draft.ts',
    'studio/source-readings.ts',
    'studio/actions/links.ts',
    'operate/poll-sources.ts',
  ],
  'it looks again after others came first, or after the sources were read': [
    'issue/freeze-next.ts',
    'approval/check.ts',
    'operate/publish-due.ts',
  ],
  'it notes when something happens, wherever that is': [
    'sending/learned-limits.ts',
    'sending/pause-reason.ts',
    'operate/notify.ts',
  ],
  'it watches the clock': ['operate/watch-clock.ts'],
};

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const files: readonly SourceFile[] = MODULES.flatMap((module) =>
  readdirSync(join(SRC, module), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ path: `${module}/${file}`, text: readFileSync(join(SRC, module, file), 'utf8') })),
);

/** The members of what a part is opened with, but for those it has from another interface. */
function portsIn({ text }: SourceFile): readonly { readonly name: string; readonly ports: number }[] {
  const found = text.matchAll(/^export interface (\w+(?:Deps|Ports))\b[^{]*\{\n(.*?)^\}/gms);
  return [...found].map(([, name = '', body = '']) => ({
    name,
    ports: body.match(/^ {2}(?:readonly )?\w+\??[:(<]/gm)?.length ?? 0,
  }));
}

describe('A use case', () => {
  test('is opened with about six ports', () => {
    // What a module is opened with is handed to its parts, a few to each.
    const parts = files.filter(({ path }) => !/^\w+\/(?:index|parts)\.ts$/.test(path));
    const counted = parts.flatMap((file) => portsIn(file).map((each) => ({ path: file.path, ...each })));
    expect(counted.length).toBeGreaterThan(50);
    expect(counted.filter(({ ports }) => ports > MOST_PORTS)).toEqual([]);
  });

  test('takes the time as an argument', () => {
    const allowed = Object.values(READS_THE_CLOCK).flat();
    const reading = files.filter(({ text }) => /\bclock\.now\(\)/.test(text)).map(({ path }) => path);
    // What comes back comes at any moment: each report has its own.
    const parts = reading.filter((path) => !/^\w+\/index\.ts$|^feedback\//.test(path));
    expect(parts.sort()).toEqual([...allowed].sort());
  });

  test('with too many ports is found', () => {
    const members = Array.from({ length: 8 }, (_, index) => `  readonly port${index}: Port;\n`).join('');
    expect(portsIn({ path: '', text: `export interface PlantedDeps {\n${members}}\n` })).toEqual([
      { name: 'PlantedDeps', ports: 8 },
    ]);
  });
});
