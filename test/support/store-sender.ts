/**
 * A process that sends an issue to nobody, for tests of crashes and of several senders at once:
 * `node --import tsx store-sender.ts <store> <issue> <claim> [begins]`. It begins when it is told to on stdin, and tells
 * what it has done, a line each, on stdout, always after the ledger knows it; after so many begins it dies, before it can
 * settle the last. For each begin it also takes a numbered turn from a value that all processes share.
 */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { openStore } from '../../src/store/index.js';
import { ACCEPTED, by, NOON } from './store-plans.js';

const [target = '', issue = '', limit = '', begins = 'Infinity'] = process.argv.slice(2);
const owner = `process-${process.pid}`;
// The ledger's future is far away, so that everything is due and no lease ends.
const now = new Date(NOON.getTime() + 10 ** 10);
// A line must be out before the process can be killed: the stream of stdout would keep it in memory.
const say = (text: string) => {
  const line = Buffer.from(`${text}\n`);
  for (let written = 0; written < line.length; ) written += writeSome(line, written);
};

const store = await openStore(target);
say(`ready ${owner}`);
await once(process.stdin, 'data');
let begun = 0;
for (;;) {
  const claim = { issue: Number(issue), owner, limit: Number(limit), leaseMs: 60_000, now };
  const refs = await store.ledger.claim(claim);
  if (refs.length === 0) break;
  say(`claimed ${refs.map((ref) => ref.subscriber).join(' ')}`);
  for (const ref of refs) {
    const [result] = await store.ledger.exchange([], [ref], by(owner, now));
    if (result?.kind !== 'begun') continue;
    say(`begun ${ref.subscriber}`);
    say(`turn ${await store.shared.change('turns', nextTurn)}`);
    begun += 1;
    if (begun === Number(begins)) process.kill(process.pid, 'SIGKILL');
    await store.ledger.exchange([{ delivery: ref, outcome: ACCEPTED, at: now }], [], by(owner, now));
    say(`accepted ${ref.subscriber}`);
  }
}
await store.close();

function nextTurn(before: unknown) {
  const next = Number(before ?? 0) + 1;
  return { after: next, result: next };
}

/** How many bytes the pipe took; none while its reader is behind. */
function writeSome(line: Buffer, from: number): number {
  try {
    return writeSync(1, line, from);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}
