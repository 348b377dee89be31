import { expect, it, onTestFinished } from 'vitest';
import { openTransport } from '../../src/deliver/transports/index.js';
import { localFiles } from '../../src/platform/files.js';
import { openInbox } from '../../src/platform/inbox.js';

const OPTIONS = { files: localFiles(), root: '/nowhere' };

it('A server is asked what it offers without a message', async () => {
  const inbox = await openInbox();
  onTestFinished(() => inbox.close());
  const probe = await openTransport(inbox.url, OPTIONS).probe?.();
  expect(probe).toMatchObject({ kind: 'ready', offers: expect.arrayContaining(['SMTPUTF8', 'PIPELINING']) });
  expect(inbox.mails).toEqual([]);
});

it('A server that is not there is told as such', async () => {
  const inbox = await openInbox();
  await inbox.close();
  expect(await openTransport(inbox.url, OPTIONS).probe?.()).toMatchObject({ kind: 'failed' });
});
