/** Writes docs/settings.md and docs/schemas/ from the schemas: `npx tsx test/support/write-docs.ts`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeSettings } from '../../src/config/describe.js';
import { SOURCE_KINDS } from '../../src/sources/index.js';

const root = join(import.meta.dirname, '../..');
for (const { path, text } of describeSettings(SOURCE_KINDS)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
