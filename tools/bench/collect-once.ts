/** Collects and plans a workspace once, and tells its parent what that cost. Usage: a process of `sources.ts`. */
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { openParser, openWorkspace } from '../../src/build-app.js';
import { localFiles } from '../../src/platform/files.js';

export interface Cost {
  readonly ms: number;
  /** The most memory the process held. */
  readonly peakMb: number;
}

if (process.send) {
  const root = process.argv[2] as string;
  const parser = openParser();
  const env = { ...process.env, GAZETTE_SECRET: `k1:${randomBytes(24).toString('hex')}` };
  const options = { env, folder: root, isTerminal: false, runParse: parser.run };
  const { deps, close } = await openWorkspace(options, localFiles(), root);
  const newsletter = deps.newsletters.get('weekly');
  if (!newsletter) throw new Error('The newsletter is not there.');
  const begun = performance.now();
  await deps.issues.collect(newsletter);
  const collected = performance.now();
  const { posts } = await deps.issues.plan({ newsletter });
  const ended = performance.now();
  if (process.env.TRACE)
    console.error(
      `collect ${Math.round(collected - begun)} plan ${Math.round(ended - collected)} posts ${posts.length}`,
    );
  await close();
  await parser.close(new Error('The measurement has ended.'));
  const cost: Cost = { ms: Math.round(ended - begun), peakMb: Math.round(process.resourceUsage().maxRSS / 1024) };
  process.send(cost, () => process.disconnect());
}
