/**
 * What splicing and the straight way to the wire are worth: `npx tsx test/bench/splice.ts [seconds]`. Needs Postfix’s
 * `smtp-sink` for the wire (and `smtp-source` for the C yardstick); prints ratios, which hold where absolutes do not.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { createTransport } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import { type MessageOptions, openMessageBuilder } from '../../src/deliver/message.js';
import { openTransport } from '../../src/deliver/transports/index.js';
import { fillSegments, type MergeValues } from '../../src/domain/edition.js';
import { noFiles } from '../support/deliver-files.js';
import { AT, aDelivery, aHole, anEdition, links, rawOf } from '../support/deliver-messages.js';

const SECONDS = Number(process.argv[2] ?? 4);
const LANES = 10;
const paragraph =
  '<p style="margin:0 0 16px;font-size:16px;line-height:24px">A post about chemistry, and why it “matters” — read on.</p>\n';
const html = [
  '<html><body><p>Hello ',
  aHole('name', 'html'),
  '</p>',
  paragraph.repeat(400),
  '<a href="',
  aHole('webUrl', 'html'),
  '">web</a> <a href="',
  aHole('preferencesUrl', 'html'),
  '">wishes</a> <a href="',
  aHole('unsubscribeUrl', 'html'),
  '">leave</a></body></html>\n',
];
const text = [
  'Hello ',
  aHole('name', 'text'),
  '\n\n',
  'A post about chemistry.\nhttps://blog.example.org/a-post/\n\n'.repeat(60),
  'Leave: ',
  aHole('unsubscribeUrl', 'text'),
  '\n',
];
const edition = anEdition({ mail: { html, text } });
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const key = { domain: 'fourth-floor.example.org', selector: 's1', privateKey };

function reader(subscriber: number) {
  return aDelivery({ subscriber, name: `Reader ${subscriber}`, address: `reader-${subscriber}@example.com` });
}

/** The same mail as a person would write it with Nodemailer. */
function byHand(subscriber: number) {
  const { oneClickUrl, ...urls } = links(reader(subscriber), anEdition().issue);
  const values: MergeValues = { ...reader(subscriber).reader.subscriber, ...urls };
  return {
    from: edition.issue.sender,
    to: { name: values.name, address: values.address },
    subject: fillSegments(edition.mail.subject, values),
    text: fillSegments(text, values),
    html: fillSegments(html, values),
    headers: { 'List-Unsubscribe': `<${oneClickUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  };
}

interface Measure {
  readonly perSecond: number;
  readonly cpuUs: number;
}

/** Runs as many workers as lanes until the time is over; each call is one mail. */
async function measure(
  workers: number,
  one: (worker: number, mail: number) => Promise<unknown> | unknown,
): Promise<Measure> {
  for (let mail = 0; mail < 50; mail++) await one(0, mail);
  let mails = 0;
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  const end = start + SECONDS * 1000;
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      while (performance.now() < end) await one(worker, mails++);
    }),
  );
  const used = process.cpuUsage(cpu);
  return { perSecond: (mails / (performance.now() - start)) * 1000, cpuUs: (used.user + used.system) / mails };
}

function row(name: string, { perSecond, cpuUs }: Measure): void {
  console.log(`${name.padEnd(44)} ${perSecond.toFixed(0).padStart(7)} mails/s ${cpuUs.toFixed(0).padStart(7)} µs CPU`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function aSink(): Promise<{ port: number; child: ChildProcess }> {
  const port = await freePort();
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn('smtp-sink', [...user, `127.0.0.1:${port}`, '1000'], { stdio: 'ignore' });
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(port, '127.0.0.1');
    const up = await new Promise<boolean>((resolve) =>
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
    );
    socket.destroy();
    if (up) return { port, child };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('smtp-sink did not start');
}

async function ours(port: number, options: Partial<MessageOptions>): Promise<Measure> {
  const transport = openTransport(`smtp://127.0.0.1:${port}?pool=${LANES}`, { files: noFiles, root: '/' });
  const lanes = Array.from({ length: LANES }, () => transport.open());
  const builder = openMessageBuilder({ links, ...options });
  const measured = await measure(LANES, async (worker, mail) => {
    const outcome = await lanes[worker]?.send(builder.build(edition, reader(mail), AT));
    if (outcome?.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
  });
  await transport.close();
  return measured;
}

async function nodemailer(port: number, dkim: boolean): Promise<Measure> {
  const signing = { domainName: key.domain, keySelector: key.selector, privateKey: key.privateKey };
  const pool = createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: LANES,
    maxMessages: Number.POSITIVE_INFINITY,
    ignoreTLS: true,
    ...(dkim ? { dkim: signing } : {}),
  });
  const measured = await measure(LANES, (_worker, mail) => pool.sendMail(byHand(mail)));
  pool.close();
  return measured;
}

const plain = openMessageBuilder({ links });
const signed = openMessageBuilder({ links, dkim: [key] });
console.log(
  `one mail: ${rawOf(plain.build(edition, reader(1), AT)).length} bytes, ${LANES} lanes, ${SECONDS} s each\n`,
);
const spliced = await measure(1, (_worker, mail) => plain.build(edition, reader(mail), AT));
row('splice, no network', spliced);
row(
  'splice and DKIM (RSA-2048), no network',
  await measure(1, (_worker, mail) => signed.build(edition, reader(mail), AT)),
);
const composed = await measure(1, (_worker, mail) => new MailComposer(byHand(mail)).compile().build());
row('Nodemailer’s MailComposer, no network', composed);
const { port, child } = await aSink();
try {
  const loop = await nodemailer(port, false);
  row('Nodemailer pool, to smtp-sink', loop);
  const loopDkim = await nodemailer(port, true);
  row('Nodemailer pool with DKIM, to smtp-sink', loopDkim);
  const lane = await ours(port, {});
  row('ours, to smtp-sink', lane);
  const laneDkim = await ours(port, { dkim: [key] });
  row('ours with DKIM, to smtp-sink', laneDkim);
  const mails = Math.round(lane.perSecond * SECONDS);
  const size = String(rawOf(plain.build(edition, reader(1), AT)).length);
  const start = performance.now();
  execFileSync('smtp-source', ['-s', String(LANES), '-m', String(mails), '-l', size, '-d', `127.0.0.1:${port}`]);
  const source = (mails / (performance.now() - start)) * 1000;
  console.log(`${'Postfix’s smtp-source (C)'.padEnd(44)} ${source.toFixed(0).padStart(7)} mails/s\n`);
  console.log(`splice vs composer      ${(composed.cpuUs / spliced.cpuUs).toFixed(1)} x`);
  console.log(`ours vs Nodemailer      ${(lane.perSecond / loop.perSecond).toFixed(1)} x`);
  console.log(`with DKIM, both         ${(laneDkim.perSecond / loopDkim.perSecond).toFixed(1)} x`);
  console.log(`ours vs smtp-source     ${(lane.perSecond / source).toFixed(2)} x`);
} finally {
  child.kill();
}
