/**
 * What Gazette costs, against the loop a person would write with Nodemailer and against Postfix's own client, in one
 * run: `npm run bench`, `-- --json`, `-- --quick` (small numbers, no million), `-- --databases` (only the ledger, on both databases). Ratios hold where absolutes do not.
 */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { DatabaseSync } from '@photostructure/sqlite';
import { createTransport } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import { openMailBuilder } from '../../src/deliver/message.js';
import { fillSegments, type MergeValues } from '../../src/domain/edition.js';
import { openSqliteStore } from '../../src/store/index.js';
import { AT, aDelivery, anEdition, atOnce, links, rawOf } from '../../test/support/deliver-messages.js';
import { databaseRatios } from './databases.js';
import { median } from './median.js';
import { digestOf, planOf, populate } from './populate.js';
import { type Sent, sendFrom } from './send-from.js';
import { isInstalled, openSink, type Sink } from './sink.js';

const isJson = process.argv.includes('--json');
const isDatabasesOnly = process.argv.includes('--databases');
const isQuick = process.argv.includes('--quick');
const SECONDS = isQuick ? 2 : 6;
const LANES = 10;
const KILOBYTES = 55;
const SENT = isQuick ? 3_000 : 15_000;
/** How often each way over the wire is taken; a ratio is the middle one of its rounds. */
const ROUNDS = isQuick ? 1 : 3;
const FROZEN = isQuick ? 100_000 : 500_000;
const MEMORY = isQuick ? [1_000, 10_000] : [10_000, 100_000, 1_000_000];

interface Row {
  readonly name: string;
  readonly perSecond: number;
  /** Of the sending process, in microseconds a mail. */
  readonly cpuUs?: number;
}

const rows: Row[] = [];
const say = (text: string) => (isJson ? undefined : console.log(text));
function keep(row: Row): Row {
  rows.push(row);
  const cpu = row.cpuUs === undefined ? '' : `${row.cpuUs.toFixed(0).padStart(8)} µs CPU`;
  say(`${row.name.padEnd(52)} ${row.perSecond.toFixed(0).padStart(7)} mails/s${cpu}`);
  return row;
}

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const mail = { subject: ['Chemistry: two new posts'], preheader: 'Two new posts', ...digestOf(KILOBYTES) };
const edition = anEdition({ mail });
const reader = (subscriber: number) =>
  aDelivery({ subscriber, name: `Reader ${subscriber}`, address: `reader-${subscriber}@example.com` });

/** The same mail as a person would write it with Nodemailer. */
function byHand(subscriber: number) {
  const { oneClickUrl, ...urls } = links(reader(subscriber), edition.issue);
  const values: MergeValues = { ...reader(subscriber).reader.subscriber, ...urls };
  return {
    from: edition.issue.sender,
    to: { name: values.name, address: values.address },
    subject: fillSegments(mail.subject, values),
    text: fillSegments(mail.text, values),
    html: fillSegments(mail.html, values),
    headers: { 'List-Unsubscribe': `<${oneClickUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  };
}

async function timed(name: string, workers: number, one: (nth: number) => unknown): Promise<Row> {
  for (let nth = 0; nth < 50; nth += 1) await one(nth);
  let mails = 0;
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  const worker = async () => {
    while (performance.now() < start + SECONDS * 1000) await one(mails++);
  };
  await Promise.all(Array.from({ length: workers }, worker));
  const used = process.cpuUsage(cpu);
  return keep({
    name,
    perSecond: (mails * 1000) / (performance.now() - start),
    cpuUs: (used.user + used.system) / mails,
  });
}

async function nodemailerLoop(sink: Sink, name: string, isSigned: boolean): Promise<Row> {
  const dkim = { domainName: 'fourth-floor.example.org', keySelector: 's1', privateKey };
  const pool = createTransport({
    host: '127.0.0.1',
    port: sink.port,
    pool: true,
    maxConnections: LANES,
    maxMessages: Number.POSITIVE_INFINITY,
    ignoreTLS: true,
    ...(isSigned ? { dkim } : {}),
  });
  try {
    return await timed(name, LANES, (nth) => pool.sendMail(byHand(nth)));
  } finally {
    pool.close();
  }
}

/** Sends to that many readers of a file, through the ledger. */
async function sendAll(sink: Sink, readers: number, kilobytes: number, isSigned = false): Promise<Sent> {
  return sendFrom({ database: await populate(readers), sink, kilobytes, connections: LANES, isSigned });
}

function smtpSource(sink: Sink): Row | undefined {
  if (!isInstalled('smtp-source')) return undefined;
  const size = rawOf(atOnce(openMailBuilder({ links }).build(edition, reader(1), AT))).length;
  const start = performance.now();
  const args = ['-s', String(LANES), '-m', String(SENT), '-l', String(size), '-d', `127.0.0.1:${sink.port}`];
  execFileSync('smtp-source', args);
  return keep({ name: 'Postfix’s smtp-source (C), no ledger', perSecond: (SENT * 1000) / (performance.now() - start) });
}

/** Mails a second of each way over the wire; `source` only where Postfix's client is installed. */
interface Round {
  readonly loop: number;
  readonly ours: number;
  readonly source: number | undefined;
  readonly signedLoop: number;
  readonly signed: number;
}

/** Each way once, close together: what else a machine does for a minute is in both sides of a ratio, or in few of them. */
async function oneRound(sink: Sink): Promise<Round> {
  const loop = await nodemailerLoop(sink, 'a loop over Nodemailer’s pool, no ledger', false);
  const ours = keep({ name: 'Gazette, ledger included', ...(await sendAll(sink, SENT, KILOBYTES)) });
  const source = smtpSource(sink);
  const signedLoop = await nodemailerLoop(sink, 'a loop over Nodemailer’s pool with its DKIM', true);
  const signed = keep({
    name: 'Gazette with DKIM (RSA-2048), ledger included',
    ...(await sendAll(sink, SENT, KILOBYTES, true)),
  });
  return {
    loop: loop.perSecond,
    ours: ours.perSecond,
    source: source?.perSecond,
    signedLoop: signedLoop.perSecond,
    signed: signed.perSecond,
  };
}

/** A freeze through the ledger against the same rows by a bare INSERT … SELECT, on the same data. */
async function freezeVsInsert(): Promise<number> {
  const timesMs = { bare: [] as number[], ours: [] as number[] };
  for (let round = 0; round < 3; round += 1) {
    const bare = new DatabaseSync(await populate(FROZEN));
    bare.exec('pragma journal_mode = wal; pragma synchronous = normal');
    let start = performance.now();
    bare.exec(`insert into issues (uid, newsletter, number, occurrence, manual, since, until, state, frozen_at, title, sender_name, sender_address, in_doubt, posts, held_over, released)
      values ('u', 'weekly', 1, 0, 1, 0, 0, 'frozen', 0, 't', 's', 'a', 'resend', '[]', 0, 0);
      insert into editions (issue, key, language, direction, sections, posts, mail, html_bytes) values (1, 'k', 'en', 'ltr', '[]', '[]', '{}', 0);
      insert into deliveries (issue, subscriber, edition, state, due_at, attempts, deferrals, doubts)
      select 1, subscriber, 1, 'planned', 0, 0, 0, 0 from subscriptions where newsletter = 'weekly'`);
    timesMs.bare.push(performance.now() - start);
    bare.close();
    const store = await openSqliteStore({ path: await populate(FROZEN) });
    const { head } = await store.ledger.memory('weekly');
    start = performance.now();
    await store.ledger.freeze(planOf(digestOf(KILOBYTES), head));
    timesMs.ours.push(performance.now() - start);
    await store.close();
  }
  const [bare, ours] = [Math.min(...timesMs.bare), Math.min(...timesMs.ours)];
  say(
    `freeze of ${FROZEN.toLocaleString('en')} readers: ${ours.toFixed(0)} ms; a bare INSERT … SELECT: ${bare.toFixed(0)} ms`,
  );
  return ours / bare;
}

async function memory(sink: Sink): Promise<{ ratio: number; aboveRestMb: number }> {
  const peaks: Sent[] = [];
  for (const readers of MEMORY) {
    const sent = await sendAll(sink, readers, 1);
    peaks.push(sent);
    const { restMb, peakMb, perSecond } = sent;
    say(
      `memory with ${readers.toLocaleString('en').padStart(9)} readers: peak ${peakMb.toFixed(0)} MB, at rest ${restMb.toFixed(0)} MB (${perSecond.toFixed(0)} mails/s of 2 kB)`,
    );
  }
  const [first, last] = [peaks[0], peaks.at(-1)] as [Sent, Sent];
  return { ratio: last.peakMb / first.peakMb, aboveRestMb: last.peakMb - last.restMb };
}

async function databases(sink: Sink) {
  const bench = { readers: SENT, kilobytes: KILOBYTES, rounds: ROUNDS, keep: keepSent };
  return databaseRatios(bench, sink, say);
}

function keepSent(name: string, sent: Sent): Sent {
  keep({ name, ...sent });
  return sent;
}

function show(ratios: object): void {
  for (const [name, value] of Object.entries(ratios)) {
    if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) show({ [`${name}.${key}`]: each });
    } else {
      console.log(`${name.padEnd(28)} ${typeof value === 'number' ? value.toFixed(2) : 'not measured'}`);
    }
  }
}

const sink = await openSink();
try {
  await (isDatabasesOnly ? benchDatabases() : benchAll());
} finally {
  sink.close();
}

async function benchDatabases(): Promise<void> {
  print((await databases(sink)) ?? {});
}

function print(ratios: object): void {
  if (isJson) console.log(JSON.stringify({ sink: sink.name, quick: isQuick, rows, ratios }));
  else show(ratios);
}

async function benchAll(): Promise<void> {
  say(`${KILOBYTES} kB of HTML, ${LANES} connections, to ${sink.name} in a process of its own\n`);
  const plain = openMailBuilder({ links });
  const spliced = await timed('splice alone, no network', 1, (nth) => plain.build(edition, reader(nth), AT));
  const composed = await timed('Nodemailer’s MailComposer alone, no network', 1, (nth) =>
    new MailComposer(byHand(nth)).compile().build(),
  );
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await oneRound(sink));
  say('');
  const freeze = await freezeVsInsert();
  const { ratio, aboveRestMb } = await memory(sink);
  print({
    vsNodemailerLoop: median(rounds.map(({ ours, loop }) => ours / loop)),
    vsSmtpSource: median(rounds.flatMap(({ ours, source }) => (source ? ours / source : []))),
    // What the sink lets through at all: no client gets further beyond the loop than the C one does.
    smtpSourceVsNodemailerLoop: median(rounds.flatMap(({ source, loop }) => (source ? source / loop : []))),
    dkimVsNodemailerDkim: median(rounds.map(({ signed, signedLoop }) => signed / signedLoop)),
    spliceVsComposer: (composed.cpuUs as number) / (spliced.cpuUs as number),
    freezeVsInsert: freeze,
    memory1Mvs10k: ratio,
    memoryAboveRestMb: aboveRestMb,
    ...(await databases(sink)),
  });
}
