/**
 * A process that takes numbered turns from a shared value, for tests of several processes at once:
 * `node --import tsx store-turns.ts <store> <turns>`. Prints the turns it took as JSON.
 */
import { openStore } from '../../src/store/index.js';

const [target = '', turns = ''] = process.argv.slice(2);
const store = await openStore(target);
const taken: number[] = [];
for (let turn = 0; turn < Number(turns); turn += 1) {
  taken.push(
    await store.shared.change('turns', (before) => {
      const next = Number(before ?? 0) + 1;
      return { after: next, result: next };
    }),
  );
}
await store.close();
process.stdout.write(JSON.stringify(taken));
