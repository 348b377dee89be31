/** Writes docs/settings.md and docs/schemas/ from the schemas: `npm run docs`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SOURCE_KINDS } from '../../src/sources/index.js';
import { describeSettings } from './describe-settings.js';

const root = join(import.meta.dirname, '../..');
for (const { path, text } of describeSettings(SOURCE_KINDS)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
