/**
 * What one click costs while an issue is being sent: 2,000 one-click POSTs (RFC 8058), 50 at a time, against a bare handler of the same
 * HTTP library doing one write, on the same database, in turns.
 */
import { spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';
import { openLinks } from '../../src/audience/links.js';
import { PUBLIC_URL, SECRETS } from '../../test/support/public-site.js';
import { median } from './median.js';
import { populate } from './populate.js';
import { openSink } from './sink.js';
import { startWebServer } from './web-process.js';

const CLICKS = 2_000;
const AT_ONCE = 50;
const READERS = 60_000;
const ROUNDS = 3;
const KILOBYTES = 55;
const LANES = 10;

interface Round {
  readonly perSecond: number;
  readonly refused: number;
  readonly lost: number;
  readonly isSending: boolean;
}

const links = openLinks({ publicUrl: PUBLIC_URL, secrets: SECRETS });
const pathTo = {
  gazette: (id: number) => new URL(links.oneClickUrl('weekly', id)).pathname,
  bare: (id: number) => `/u/${id}`,
};
type Kind = keyof typeof pathTo;

/** Readers spread over the whole issue, so that some are mailed already and some are not. */
const chosen = Array.from({ length: CLICKS }, (_, index) => 1 + Math.floor((index * READERS) / CLICKS));

async function roundOf(kind: Kind): Promise<Round> {
  const path = await populate(READERS);
  const sink = await openSink();
  const server = await startWebServer({ mode: kind === 'bare' ? 'bare-clicks' : 'gazette', database: path });
  const script = fileURLToPath(new URL('send-all.ts', import.meta.url));
  const settings = [path, sink.port, KILOBYTES, LANES].map(String);
  const sender = spawn(process.execPath, ['--import', 'tsx', script, ...settings], { stdio: 'ignore' });
  await untilSending(path);
  const start = performance.now();
  const refused = await clickAll(server.port, kind);
  const seconds = (performance.now() - start) / 1000;
  const isSending = sender.exitCode === null;
  sender.kill('SIGKILL');
  await server.stop();
  sink.close();
  return { perSecond: CLICKS / seconds, refused, lost: lostIn(path), isSending };
}

async function clickAll(port: number, kind: Kind): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const waiting = [...chosen];
  let refused = 0;
  const lane = async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if ((await click(agent, port, pathTo[kind](id))) !== 200) refused += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  agent.destroy();
  return refused;
}

function click(agent: Agent, port: number, path: string): Promise<number> {
  const body = 'List-Unsubscribe=One-Click';
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': body.length };
  return new Promise((resolve, reject) => {
    const asked = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

async function untilSending(path: string): Promise<void> {
  const db = new DatabaseSync(path);
  try {
    for (;;) {
      const row = db
        .prepare(`select count(*) as count from (select 1 from deliveries where state = 'accepted' limit 200)`)
        .get();
      if (Number(row?.count) >= 200) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    db.close();
  }
}

function lostIn(path: string): number {
  const db = new DatabaseSync(path);
  const row = db.prepare(`select count(*) as count from subscriptions where state = 'unsubscribed'`).get();
  db.close();
  return CLICKS - Number(row?.count);
}

export interface OneClick {
  readonly perSecond: number;
  readonly vsBare: number;
  readonly lost: number;
}

export async function benchOneClick(say: (text: string) => void): Promise<OneClick> {
  const rounds: { readonly [kind in Kind]: Round[] } = { bare: [], gazette: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const kind of ['bare', 'gazette'] as const) {
      const one = await roundOf(kind);
      rounds[kind].push(one);
      const note = one.isSending ? '' : ' (sending had ended)';
      say(`one click, ${kind}: ${one.perSecond.toFixed(0)} POSTs/s, ${one.refused} refused, ${one.lost} lost${note}`);
    }
  }
  const rate = (kind: Kind) => median(rounds[kind].map(({ perSecond }) => perSecond)) ?? 0;
  return {
    perSecond: Math.round(rate('gazette')),
    vsBare: rate('gazette') / rate('bare'),
    lost: rounds.gazette.reduce((sum, { lost, refused }) => sum + lost + refused, 0),
  };
}
