/** Every way to send a mail or a note, on a copy of a real workspace that is built as the program builds it. */

import { mkdtemp, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import { openWorkspace, PACKAGE } from '../../src/build-app.js';
import { guardTransport } from '../../src/deliver/transports/guard.js';
import { newsletterNamed } from '../../src/domain/newsletter.js';
import type { Clock } from '../../src/domain/ports/host.js';
import { initWorkspace } from '../../src/operate/init-workspace.js';
import { localFiles } from '../../src/platform/files.js';
import { openInbox } from '../../src/platform/inbox.js';
import { parseHere } from '../../src/sources/index.js';
import { openPublicApp } from '../../src/web/public/public-app.js';
import { handClock } from '../support/app-context.js';
import { DAY_MS } from '../support/builders.js';
import { memoryLog } from '../support/logs.js';

const files = localFiles();
const MONDAY = new Date('2026-06-15T07:00:00Z');
const yes = async () => true;
const refused = { code: 'store.copy', hint: expect.stringContaining('gazette adopt') };

/** A workspace on disk, sending to an inbox on loopback. */
async function aWorkspace(env: { readonly [name: string]: string } = {}) {
  const root = await mkdtemp(join(tmpdir(), 'gazette-copy-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await initWorkspace({ files, model: join(PACKAGE, 'templates/workspace'), newSecret: () => 's'.repeat(40) }, root);
  const post = '---\ntitle: News\ndate: 2026-06-14T12:00:00Z\n---\n\nSomething happened.\n';
  await files.write(join(root, 'content/posts/news.md'), post);
  const inbox = await openInbox();
  onTestFinished(() => inbox.close());
  const settings = { SMTP_URL: inbox.url, GAZETTE_PUBLIC_URL: 'https://news.example.org', ...env };
  const log = memoryLog();
  const open = (clock: Clock) =>
    openWorkspace({ env: settings, folder: root, isTerminal: false, runParse: parseHere }, files, root, { clock, log });
  return { root, inbox, open, log };
}

/** The same, opened over a backup of itself: issue 1 is frozen, one sign-up waits for its mail, another for its reminder. */
async function aRestoredCopy(env?: { readonly [name: string]: string }) {
  const { root, inbox, open, log } = await aWorkspace(env);
  const clock = handClock(MONDAY);
  const original = await open(clock);
  const { sending, readers, operate } = original.deps;
  const newsletter = newsletterNamed(original.deps, 'weekly');
  for (const address of ['ann@example.org', 'bob@example.org'])
    await readers.subscribers.add({ newsletter, address, consentSource: 'test' });
  const { signUps } = original.deps.store;
  const asked = { at: clock.now(), form: '', text: '', textVersion: '', ip: '192.0.2.1', userAgent: '' };
  const who = (address: string) => ({ address, addressKey: address, name: '', language: 'en', preferences: undefined });
  await signUps.ask({ purpose: 'sign-up', newsletter: 'weekly', ...who('reminded@example.org'), asked });
  await original.deps.readers.site().mailSignUps();
  const stop = new AbortController();
  await sending.sendNext({ newsletter, confirm: yes, signal: stop.signal, onProgress: () => stop.abort() });
  clock.advance(4 * DAY_MS);
  await signUps.ask({
    purpose: 'sign-up',
    newsletter: 'weekly',
    ...who('new@example.org'),
    asked: { ...asked, at: clock.now() },
  });
  await operate.backup(join(root, 'copy.db'));
  await original.close();
  for (const end of ['-wal', '-shm']) await files.remove(join(root, `.gazette/gazette.db${end}`));
  await rename(join(root, 'copy.db'), join(root, '.gazette/gazette.db'));
  const built = await open(clock);
  onTestFinished(() => built.close());
  const before = inbox.mails.length;
  const arrived = () => inbox.mails.slice(before).map(({ envelope }) => envelope.to[0]);
  return { deps: built.deps, newsletter, clock, arrived, log };
}

describe('a copy that was not adopted', () => {
  it('refuses every way to send a mail with the same error, until it is adopted', async () => {
    const { deps, newsletter, arrived } = await aRestoredCopy();
    const readers = deps.readers.site();
    const { sending, operate } = deps;
    await expect(sending.sendNext({ newsletter, confirm: yes })).rejects.toMatchObject(refused);
    await expect(operate.publishDue(newsletter)).rejects.toMatchObject(refused);
    await expect(sending.resume(newsletter, 1)).rejects.toMatchObject(refused);
    await expect(sending.goOn(newsletter, 1)).rejects.toMatchObject(refused);
    await expect(sending.resend(newsletter, 1, 'unknown')).rejects.toMatchObject(refused);
    await expect(sending.sendTest({ newsletter, testTo: 'editor@example.org' })).resolves.toMatchObject({
      kind: 'nothing-new',
    });
    await files.write(
      join(deps.stateFolder, '../content/posts/more.md'),
      '---\ntitle: More\ndate: 2026-06-16\n---\n\nMore.\n',
    );
    await expect(sending.sendTest({ newsletter, testTo: 'editor@example.org' })).rejects.toMatchObject(refused);
    await expect(readers.mailSignUps()).rejects.toMatchObject(refused);
    expect(arrived()).toEqual([]);
    // The same context: a running service does not have to be restarted.
    await deps.operate.adopt({ confirm: yes });
    await readers.mailSignUps();
    await sending.sendTest({ newsletter, testTo: 'editor@example.org' });
    await sending.resume(newsletter, 1);
    const unsent = ['new@example.org', 'reminded@example.org', 'editor@example.org'];
    expect(arrived()).toEqual(expect.arrayContaining(unsent));
    expect(arrived().filter((to) => to === 'reminded@example.org')).toHaveLength(1);
  });

  it('refuses at the transport, even where a use case does not ask', async () => {
    const { deps, arrived } = await aRestoredCopy();
    const connection = deps.transport().open();
    const message = {
      envelope: { from: 'digest@blog.example.org', to: 'ann@example.org' },
      content: [Buffer.from('Subject: x\r\n\r\nx\r\n')],
      messageId: '<x@blog.example.org>',
    };
    await expect(connection.send(message)).rejects.toMatchObject(refused);
    await expect(connection.send(message)).rejects.toMatchObject(refused);
    expect(arrived()).toEqual([]);
    await deps.operate.adopt({ confirm: yes });
    expect(await connection.send(message)).toMatchObject({ kind: 'accepted' });
    await connection.close();
  });

  it('writes no token for a confirmation that it refuses to mail', async () => {
    const { deps } = await aRestoredCopy();
    let kept = 0;
    const keepToken = async () => {
      kept += 1;
    };
    const signUps = { ...deps.store.signUps, keepToken };
    const copy = openUseCases({ ...deps, store: { ...deps.store, signUps } });
    await expect(copy.readers.site().mailSignUps()).rejects.toMatchObject(refused);
    expect(kept).toBe(0);
  });

  it('logs it once, not with every form', async () => {
    const { deps, log } = await aRestoredCopy();
    const app = openPublicApp({ readers: () => deps.readers.site() });
    for (let nth = 0; nth < 3; nth += 1) await app.mailSignUps();
    expect(log.events.filter(({ event }) => event === 'sign-ups.not-tended')).toHaveLength(1);
  });

  it('mails its editor nothing; the note waits until the copy is adopted', async () => {
    const { deps, arrived } = await aRestoredCopy({ GAZETTE_NOTIFY: 'editor@example.org' });
    await deps.operate.tellStop('weekly', 1, 'the server is away');
    expect(await deps.operate.notifyWaiting()).toBe(false);
    expect(arrived()).toEqual([]);
    await deps.operate.adopt({ confirm: yes });
    expect(await deps.operate.notifyWaiting()).toBe(true);
    expect(arrived()).toEqual(['editor@example.org']);
  });

  it('calls no webhook either', async () => {
    const told: string[] = [];
    const server = createServer((request, response) => {
      told.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { deps } = await aRestoredCopy({ GAZETTE_NOTIFY: `http://127.0.0.1:${port}/note` });
    await deps.operate.tellStop('weekly', 1, 'the server is away');
    expect(told).toEqual([]);
    await deps.operate.adopt({ confirm: yes });
    await deps.operate.notifyWaiting();
    expect(told).toEqual(['/note']);
  });
});

describe('an original', () => {
  it('is checked once per connection, not once per mail', async () => {
    const { open, inbox } = await aWorkspace();
    const built = await open(handClock(MONDAY));
    onTestFinished(() => built.close());
    const { deps } = built;
    let asked = 0;
    const ask = async () => {
      asked += 1;
    };
    const connection = guardTransport(deps.transport(), ask).open();
    for (let nth = 0; nth < 5; nth += 1)
      await connection.send({
        envelope: { from: 'digest@blog.example.org', to: `reader${nth}@example.org` },
        content: [Buffer.from('Subject: x\r\n\r\nx\r\n')],
        messageId: `<${nth}@blog.example.org>`,
      });
    await connection.close();
    expect([asked, inbox.mails.length]).toEqual([1, 5]);
  });

  it('mails no confirmation whose link only works on this host', async () => {
    const { open } = await aWorkspace({ GAZETTE_PUBLIC_URL: 'http://localhost:8080' });
    const built = await open(handClock(MONDAY));
    onTestFinished(() => built.close());
    const { deps } = built;
    const asked = { at: MONDAY, form: '', text: '', textVersion: '', ip: '192.0.2.1', userAgent: '' };
    const who = {
      address: 'new@example.org',
      addressKey: 'new@example.org',
      name: '',
      language: 'en',
      preferences: undefined,
    };
    await deps.store.signUps.ask({ purpose: 'sign-up', newsletter: 'weekly', ...who, asked });
    const farAway = { ...deps.transport(), local: false };
    const real = openUseCases({ ...deps, transport: () => farAway });
    await expect(real.readers.site().mailSignUps()).rejects.toMatchObject({ code: 'send.not-ready' });
    expect(await deps.readers.site().mailSignUps()).toMatchObject({ mailed: 1 });
  });
});
