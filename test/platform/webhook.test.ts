import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { openWebClient } from '../../src/platform/web-client.js';
import { openWebhook } from '../../src/platform/webhook.js';
import { handClock } from '../support/app-context.js';

const NOTE = { id: 'weekly 1', subject: 'Nothing new', text: 'Nothing was sent.' };
const client = openWebClient();
const clock = handClock(new Date('2026-06-15T07:00:00Z'));

async function aReceiver(status: number) {
  const got: { body: string; signature: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    got.push({ body, signature: String(request.headers['gazette-signature']) });
    response.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got };
}

it('A note is posted with a signature the other side can check', async () => {
  const { url, got } = await aReceiver(204);
  await openWebhook({ url, secret: 'a secret', clock, client }).tell(NOTE);
  expect(JSON.parse(got[0]?.body ?? '')).toEqual(NOTE);
  const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(got[0]?.signature ?? '') ?? [];
  expect(Number(seconds)).toBe(Date.parse('2026-06-15T07:00:00Z') / 1000);
  expect(signature).toBe(createHmac('sha256', 'a secret').update(`${seconds}.${got[0]?.body}`).digest('hex'));
});

it('A note that is not taken has not arrived', async () => {
  const { url } = await aReceiver(500);
  await expect(openWebhook({ url, secret: undefined, clock, client }).tell(NOTE)).rejects.toThrow('500');
});
