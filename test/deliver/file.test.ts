import { describe, expect, it } from 'vitest';
import { openTransport } from '../../src/deliver/transports/index.js';
import { filesInMemory } from '../support/deliver-files.js';
import { aMessage, rawOf } from '../support/deliver-messages.js';

describe('a folder as the way out', () => {
  it('gets each message as a file named by its Message-ID', async () => {
    const files = filesInMemory();
    const transport = openTransport('file:outbox', { files, root: '/srv/blog' });
    expect(transport.local).toBe(true);
    const outcome = await transport.open().send(aMessage());
    expect(outcome).toEqual({ kind: 'accepted', reply: { text: '/srv/blog/outbox/1234.eml' } });
    expect(files.kept.get('/srv/blog/outbox/1234.eml')).toEqual(rawOf(aMessage()));
  });

  it.each([
    ['file:/srv/outbox', '/srv/outbox'],
    ['file:///srv/out%20box', '/srv/out box'],
    ['file:./outbox', '/root/outbox'],
  ])('is found from %s', (url, folder) => {
    expect(openTransport(url, { files: filesInMemory(), root: '/root' }).description).toBe(`file:${folder}`);
  });

  it('stops the run when the folder cannot be written', async () => {
    const files = { ...filesInMemory(), writePrivate: () => Promise.reject(new Error('no space left')) };
    const outcome = await openTransport('file:outbox', { files, root: '/' }).open().send(aMessage());
    expect(outcome).toMatchObject({ kind: 'rejected', scope: 'configuration', bounce: 'none' });
    expect(outcome.reply.text).toContain('no space left');
  });

  it.each(['file:', 'file://elsewhere.example.org/outbox'])('is refused when %s names none', (url) => {
    expect(() => openTransport(url, { files: filesInMemory(), root: '/' })).toThrow(
      expect.objectContaining({ code: 'env.invalid' }),
    );
  });
});
