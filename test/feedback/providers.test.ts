/** One contract for every provider: what is genuine passes, anything else does not, and the same event is the same report. */
import { describe, expect, test } from 'vitest';
import { PROVIDER_NAMES } from '../../src/domain/providers.js';
import type { CallEnd } from '../../src/feedback/providers/provider.js';
import { PROVIDERS_READ } from '../../src/feedback/providers/registry.js';
import {
  hookCall,
  MESSAGE_ID,
  NOW,
  providerTools,
  READER,
  SENDERS,
  type Sender,
  type SentCall,
} from '../support/provider-calls.js';

/** The same call with one bit of a part of it flipped; every byte of the part has its turn. */
function flipped(call: SentCall, sender: Sender): readonly SentCall[] {
  return sender.covered(call).flatMap(([where, text]) =>
    [...Buffer.from(text).keys()].map((index) => {
      const bytes = Buffer.from(text);
      bytes[index] = (bytes[index] as number) ^ (1 << (index % 7));
      const other = bytes.toString();
      if (where === 'body') return { ...call, body: call.body.replace(text, () => other) };
      const headers = Object.entries(call.headers).map(([name, value]) => [name, value.replace(text, () => other)]);
      return { ...call, headers: Object.fromEntries(headers) };
    }),
  );
}

describe.each(PROVIDER_NAMES)('%s', (name) => {
  const sender = SENDERS[name];
  const provider = PROVIDERS_READ[name].open(sender.proofs, providerTools());
  const read = async (call: SentCall, now = NOW): Promise<CallEnd> => {
    const hook = hookCall(call);
    return provider.admits(hook.header) ? provider.read(hook, now) : { kind: 'refused', why: 'forged' };
  };
  const reportsOf = async (call: SentCall) => {
    const end = await read(call);
    if (end.kind !== 'read') throw new Error(`The call was not read: ${JSON.stringify(end)}`);
    return end.reports;
  };

  test('a genuine bounce names the mail, the reader and the reply', async () => {
    const [report, ...more] = await reportsOf(sender.call([sender.bounce()]));
    expect(more).toEqual([]);
    expect(report).toMatchObject({
      at: NOW,
      names: { messageId: MESSAGE_ID, recipient: READER },
      finding: { kind: 'bounce', bounce: 'hard', reply: { code: 550, enhanced: '5.1.1', text: 'user unknown' } },
    });
    expect(report?.id).toMatch(new RegExp(`^${name}:`));
  });

  test('one flipped bit of what the scheme covers is refused', async () => {
    const calls = flipped(sender.call([sender.bounce()]), sender);
    expect(calls.length).toBeGreaterThan(10);
    for (const call of calls) expect(await read(call), JSON.stringify(call)).toMatchObject({ kind: 'refused' });
  });

  test('a call without a proof, or with that of another provider, is refused', async () => {
    const { body } = sender.call([sender.bounce()]);
    expect(await read({ headers: {}, body: '{}' })).toMatchObject({ kind: 'refused' });
    const other = PROVIDERS_READ[name].open([...sender.proofs].map(otherProof), providerTools());
    expect(await other.read(hookCall(sender.call([sender.bounce()])), NOW)).toEqual({ kind: 'refused', why: 'forged' });
    expect(await read({ headers: { Authorization: 'Basic Og==' }, body: JSON.stringify({ a: body }) })).toMatchObject({
      kind: 'refused',
    });
  });

  test('the same event twice is the same report, another event is another', async () => {
    const [first] = await reportsOf(sender.call([sender.bounce('first')]));
    const [again] = await reportsOf(sender.call([sender.bounce('first')], new Date(NOW.getTime() + 60_000)));
    const [other] = await reportsOf(sender.call([sender.bounce('other')]));
    expect(again?.id).toBe(first?.id);
    expect(other?.id).not.toBe(first?.id);
  });

  test.runIf(sender.windowMs !== undefined)('a copy of a call is refused after its time, and before', async () => {
    const window = sender.windowMs ?? 0;
    const call = sender.call([sender.bounce()]);
    expect(await read(call, new Date(NOW.getTime() + window - 1000))).toMatchObject({ kind: 'read' });
    expect(await read(call, new Date(NOW.getTime() + window + 1000))).toEqual({ kind: 'refused', why: 'late' });
    expect(await read(call, new Date(NOW.getTime() - window - 1000))).toEqual({ kind: 'refused', why: 'late' });
  });

  test.runIf(sender.several)('several events of a call are as many reports', async () => {
    const events = Array.from({ length: 1000 }, (_, index) => sender.bounce(`event-${index}`));
    const reports = await reportsOf(sender.call(events));
    expect(new Set(reports.map(({ id }) => id)).size).toBe(1000);
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['no object', '"text"'],
    ['null', 'null'],
    ['what is nested deeply', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['no UTF-8', '\ud800'],
  ])('a body that is %s does not make it fail', async (_what, body) => {
    const { headers } = sender.call([sender.bounce()]);
    const end = await read({ headers, body });
    expect(['refused', 'read']).toContain(end.kind);
    if (end.kind === 'read') expect(end.reports).toEqual([]);
  });

  test('events that are not as documented do not make it fail', async () => {
    const keys = ['event', 'type', 'RecordType', 'msys', 'data', 'bounce', 'mail', '__proto__', 'constructor'];
    for (const value of [null, 1, 'bounce', [], {}, [[null]], { message_event: [] }]) {
      const event = Object.fromEntries(keys.map((key) => [key, value]));
      const end = await read(sender.call([event]));
      expect(['refused', 'read']).toContain(end.kind);
    }
  });
});

/** A proof of the same form that belongs to somebody else. */
function otherProof(proof: string): string {
  if (proof.startsWith('whsec_')) return `whsec_${Buffer.alloc(24, 8).toString('base64')}`;
  if (proof.startsWith('arn:')) return `${proof}-other`;
  // A public key of the same curve, made for this test.
  if (proof.startsWith('MFkw'))
    return 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==';
  return `${proof}.`;
}
