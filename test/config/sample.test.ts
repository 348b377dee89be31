import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSubscribers } from '../../src/audience/import-csv.js';
import { loadWorkspace } from '../../src/config/load-workspace.js';
import { readDemoSettings } from '../../src/config/read-demo.js';
import { checkSchedule } from '../../src/platform/check-schedule.js';
import { localFiles } from '../../src/platform/files.js';
import { SOURCE_KINDS } from '../../src/sources/index.js';

const root = join(import.meta.dirname, '../..');
const files = localFiles();

it('the sample in the repository is a workspace without problems, and its readers can all be imported', async () => {
  const tools = { sourceKinds: SOURCE_KINDS, checkSchedule, periodMs: () => 7 * 86_400_000 };
  const workspace = await loadWorkspace(files, root, tools);
  const demo = await readDemoSettings(files, join(root, 'content/demo.yaml'));
  const newsletter = workspace.newsletters.find(({ id }) => id === demo.newsletter);
  expect(newsletter?.categories.length).toBeGreaterThan(0);

  const readers = await files.read(join(root, 'content/subscribers.csv'));
  const options = { now: demo.now, categories: newsletter?.categories ?? [] };
  const kinds: string[] = [];
  for await (const line of readSubscribers(readers ?? new Uint8Array(), options)) kinds.push(line.kind);
  expect([...new Set(kinds)]).toEqual(['subscription']);
});
