/** A server that takes every mail and closes the connection before it replies (rule: unknown-row). */
import { describe, expect, it, onTestFinished } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import { openTransport } from '../../src/deliver/transports/index.js';
import type { Note } from '../../src/domain/ports/mail.js';
import { aContext, addReaders } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { noFiles } from '../support/deliver-files.js';
import { aScriptedServer } from '../support/deliver-server.js';
import { plainRenderer } from '../support/plain-renderer.js';

const READERS = 40;
const CONNECTIONS = 5;

/** Replies to so many mails, and then takes mails without a reply. */
async function aServerThatFallsSilent(replies: number) {
  const taken: string[] = [];
  const server = await aScriptedServer((line, socket, session) => {
    const state = session as typeof session & { to?: string; inData?: boolean };
    if (state.inData) {
      if (line !== '.') return;
      state.inData = false;
      taken.push(state.to ?? '');
      if (taken.length > replies) socket.destroy();
      else socket.write('250 2.0.0 Taken\r\n');
      return;
    }
    if (line === 'DATA') state.inData = true;
    if (line.startsWith('RCPT')) state.to = /<(.*?)>/.exec(line)?.[1] ?? '';
    socket.write(line === 'DATA' ? '354 Go on\r\n' : '250 2.0.0 OK\r\n');
  });
  return { port: server.port, taken };
}

async function anIssueFor(port: number) {
  const posts = [aPost({ publishedAt: new Date('2026-06-10T09:00:00Z') })];
  const deps = await aContext({ posts, renderer: plainRenderer });
  await addReaders(
    deps,
    Array.from({ length: READERS }, () => ({})),
  );
  const transport = openTransport(`smtp://127.0.0.1:${port}?pool=${CONNECTIONS}`, { files: noFiles, root: '/' });
  onTestFinished(() => transport.close());
  const notes: Note[] = [];
  const notifier = { tell: async (note: Note) => void notes.push(note) };
  const opened = openUseCases({ ...deps, transport: () => transport, notifier });
  const newsletter = [...deps.newsletters.values()][0] as never;
  return { deps: opened, notes, send: () => opened.sending.sendNext({ newsletter, confirm: async () => true }) };
}

describe('a server that takes every mail and never replies', () => {
  it.each([
    ['from the first mail on', 0, 3],
    ['in the middle of a run', 20, CONNECTIONS + 2],
  ])('%s pauses the issue, says so, and leaves few readers in doubt', async (_, replies, most) => {
    const server = await aServerThatFallsSilent(replies);
    const { deps, notes, send } = await anIssueFor(server.port);
    expect(await send()).toMatchObject({
      issue: { state: 'paused' },
      stopped: { kind: 'fault', scope: 'connection', text: expect.stringContaining('got no reply') },
      counts: { accepted: replies, rejected: 0 },
    });
    expect(server.taken.length).toBeGreaterThanOrEqual(replies + 3);
    expect(server.taken.length).toBeLessThanOrEqual(replies + most);
    expect(new Set(server.taken).size).toBe(server.taken.length);
    expect(notes).toMatchObject([{ text: expect.stringMatching(/may have them.*log of the mail server.*resume/) }]);
    const [issue] = (await deps.operate.status()).issues;
    expect(issue?.paused?.reason).toMatch(/in a row/);
  });
});
