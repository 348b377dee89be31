import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runSoak } from '../../tools/soak/run-soak.js';

describe('Half a year of a weekly and a daily newsletter, with kills, clock steps, outages and late posts', () => {
  it('leaves one record for every occurrence, and carries every post once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gazette-soak-'));
    try {
      const report = await runSoak({ years: 0.5, seed: 7, file: join(folder, 'gazette.db') });
      expect(report).toMatchObject({
        ok: true,
        missing: 0,
        repeated: 0,
        postsMissing: 0,
        postsRepeated: 0,
        mailsMissing: 0,
      });
      expect(report.occurrences).toBeGreaterThan(200);
      expect(report.kills).toBeGreaterThan(20);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
