/** Collects and plans a workspace, first cold and then with nothing changed, and tells its parent what that cost. */
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { openParser, openWorkspace } from '../../src/build-app.js';
import { localFiles } from '../../src/platform/files.js';

export interface Cost {
  readonly ms: number;
  /** Of all threads. */
  readonly cpuMs: number;
}

export interface Costs {
  readonly cold: Cost;
  /** The median of several. */
  readonly warm: Cost;
  /** The most memory the process had held after the cold round. */
  readonly peakMb: number;
  /** After all rounds, each of which shows every post. */
  readonly warmPeakMb: number;
}

const WARM_ROUNDS = 5;

/** What work costs, in time and processor time. */
export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage();
  const begun = performance.now();
  await work();
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(before);
  return { ms: Math.round(ms), cpuMs: Math.round((user + system) / 1000) };
}

function peakMbNow(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

async function main(root: string): Promise<Costs> {
  const parser = openParser();
  const env = { ...process.env, GAZETTE_SECRET: `k1:${randomBytes(24).toString('hex')}` };
  const options = { env, folder: root, isTerminal: false, runParse: parser.run };
  const { deps, close } = await openWorkspace(options, localFiles(), root);
  const newsletter = deps.newsletters.get('weekly');
  if (!newsletter) throw new Error('The newsletter is not there.');
  const collectAndPlan = async () => {
    await deps.issues.collect(newsletter);
    await deps.issues.plan({ newsletter });
  };
  const cold = await costOf(collectAndPlan);
  const peakMb = peakMbNow();
  const warm: Cost[] = [];
  for (let round = 0; round < WARM_ROUNDS; round += 1) warm.push(await costOf(collectAndPlan));
  await close();
  await parser.close(new Error('The measurement has ended.'));
  const median = warm.sort((one, other) => one.ms - other.ms)[WARM_ROUNDS >> 1] as Cost;
  return { cold, warm: median, peakMb, warmPeakMb: peakMbNow() };
}

if (process.send && process.argv[1]?.includes('collect-once')) {
  const costs = await main(process.argv[2] as string);
  process.send(costs, () => process.disconnect());
}
