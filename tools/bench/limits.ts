/**
 * How fast servers with limits are sent to with default settings, in one run: `npm run bench:limits`, `-- --json`. Each is
 * compared with the same server as its operator would set Gazette up for it, or without the limit, or with the rate it allows.
 */

import type { SinkLimits } from './limiting-sink.js';
import { median } from './median.js';
import { populate } from './populate.js';
import { type Sent, sendFrom } from './send-from.js';
import { openLimitingSink } from './sink.js';

const isJson = process.argv.includes('--json');
const MAILS = 1_000;
const KILOBYTES = 5;
const DELAY_MS = 20;
const PER_SECOND = 20;
const ROUNDS = 3;

const rows: (Sent & { readonly name: string })[] = [];

/** Sends to every reader; without `connections` with default settings. */
async function send(name: string, limits: Omit<SinkLimits, 'delayMs'>, connections?: number): Promise<Sent> {
  const sink = await openLimitingSink({ delayMs: DELAY_MS, ...limits });
  try {
    const sent = await sendFrom({ database: await populate(MAILS), sink, kilobytes: KILOBYTES, connections });
    rows.push({ name, ...sent });
    if (!isJson)
      console.log(`${name.padEnd(60)} ${sent.perSecond.toFixed(1).padStart(7)} mails/s, ${sent.marked} readers marked`);
    return sent;
  } finally {
    sink.close();
  }
}

/** Close together, so that what else the machine does is in both sides of a ratio. */
const rounds: { readonly two: number; readonly ten: number }[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const two = await send('2 connections', { connections: 2 });
  const twoSet = await send('2 connections, pool=2', { connections: 2 }, 2);
  const ten = await send('10 mails on a connection', { messagesPerConnection: 10 });
  const unlimited = await send('no limit', {});
  rounds.push({ two: two.perSecond / twoSet.perSecond, ten: ten.perSecond / unlimited.perSecond });
}
const beyond = {
  rate421: '421 4.7.0 Rate limit exceeded, try again later',
  rate421NoReason: '421 4.7.0 Too many messages, try again later',
  rate450: '450 4.7.1 Error: too much mail',
};
const rates: { [name: string]: number } = {};
for (const [name, reply] of Object.entries(beyond)) {
  const sent = await send(`${PER_SECOND} mails a second, beyond it ${reply}`, { perSecond: PER_SECOND, beyond: reply });
  rates[name] = sent.perSecond / PER_SECOND;
}

const ratios = {
  twoConnections: median(rounds.map(({ two }) => two)),
  tenMailsAConnection: median(rounds.map(({ ten }) => ten)),
  ...rates,
};
const marked = rows.reduce((sum, row) => sum + row.marked, 0);
if (isJson) console.log(JSON.stringify({ mails: MAILS, rows, ratios, marked }));
else for (const [name, ratio] of Object.entries(ratios)) console.log(`${name.padEnd(28)} ${ratio?.toFixed(2)}`);
