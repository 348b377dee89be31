import { describe, expect, it } from 'vitest';
import type { MailedSignUp, SignUpToken } from '../../src/domain/ports/sign-ups.js';
import type { NewSignUp } from '../../src/domain/sign-up.js';
import { aReader, minutesAfter, NOON } from '../support/store-plans.js';
import type { Opened } from './store.contract.js';

const aSignUp = (with_: Partial<NewSignUp> = {}): NewSignUp => ({
  purpose: 'sign-up',
  newsletter: 'weekly',
  address: 'Ann@example.org',
  addressKey: 'ann@example.org',
  name: 'Ann',
  language: 'de',
  preferences: ['chemistry'],
  asked: {
    at: NOON,
    form: 'https://news.example.org/s/weekly',
    text: 'We write to you.',
    textVersion: 'v1',
    ip: '192.0.2.7',
    userAgent: 'Browser',
  },
  ...with_,
});

const aMail = (with_: Partial<MailedSignUp & SignUpToken> = {}): MailedSignUp & SignUpToken => ({
  tokenHash: 'hash-1',
  purpose: 'sign-up',
  expiresAt: minutesAfter(60),
  at: minutesAfter(1),
  messageId: '<1@example.org>',
  textVersion: 'm1',
  isReminder: false,
  ...with_,
});

const BY = { at: minutesAfter(5), ip: '192.0.2.8', userAgent: 'Phone' };

export function signUpsContract(store: Opened): void {
  const toMail = (now = NOON, mailedSince = NOON) => store().signUps.toMail(now, mailedSince, 10);
  const toRemind = (mailedBy: Date, now = mailedBy) => store().signUps.toRemind(now, mailedBy, 10);

  const asked = async (signUp = aSignUp(), mail = aMail()) => {
    await store().signUps.ask(signUp);
    const [waiting] = await toMail();
    if (!waiting) throw new Error('nothing waits for its mail');
    await leaves(waiting.id, mail);
    return waiting;
  };
  const leaves = async (id: number, { tokenHash, purpose, expiresAt, ...mail }: MailedSignUp & SignUpToken) => {
    await store().signUps.keepToken(id, { tokenHash, purpose, expiresAt });
    await store().signUps.mailed(id, mail);
  };

  describe('sign-ups', () => {
    it.each([
      ['hard-bounce', undefined],
      ['soft-bounces', undefined],
      ['complaint', 'complaint'],
      ['manual', 'manual'],
    ] as const)(
      'once confirmed lift a suppression for a bounce and no other: %s (rule: feedback)',
      async (reason, after) => {
        await store().audience.suppress('ann@example.org', reason, NOON);
        await asked();
        expect(await store().audience.suppression('ann@example.org')).toBe(reason);
        await store().signUps.confirm('hash-1', 'sign-up', BY);
        expect(await store().audience.suppression('ann@example.org')).toBe(after);
      },
    );

    it('are no subscribers before they are confirmed', async () => {
      await asked();
      expect(await store().audience.find('ann@example.org')).toBeUndefined();
    });

    it('become an active subscription with its wishes and evidence when they are confirmed', async () => {
      await asked();
      expect(await store().signUps.confirm('hash-1', 'sign-up', BY)).toMatchObject({ kind: 'confirmed' });
      expect(await store().audience.find('ann@example.org')).toMatchObject({
        subscriber: { address: 'Ann@example.org', name: 'Ann', language: 'de' },
        subscriptions: [{ state: 'active', preferences: ['chemistry'], consent: { at: BY.at } }],
      });
      expect(await store().signUps.evidence('ann@example.org')).toEqual([
        {
          id: expect.any(Number),
          ...aSignUp(),
          mailed: { at: minutesAfter(1), messageId: '<1@example.org>', textVersion: 'm1' },
          confirmed: BY,
        },
      ]);
    });

    it('bring back a reader who had unsubscribed, by their own word', async () => {
      const consent = { source: 'paper', at: NOON };
      const row = { address: 'Ann@example.org', addressKey: 'ann@example.org', name: 'Ann', preferences: undefined };
      await store().audience.add('weekly', [{ ...row, state: 'unsubscribed', consent }], NOON);
      await asked();
      await store().signUps.confirm('hash-1', 'sign-up', BY);
      expect((await store().audience.find('ann@example.org'))?.subscriptions).toMatchObject([{ state: 'active' }]);
    });

    it('are confirmed by a mail whose sending was not recorded, and wait for no other', async () => {
      await store().signUps.ask(aSignUp());
      const [waiting] = await toMail();
      const { tokenHash, purpose, expiresAt } = aMail();
      await store().signUps.keepToken(waiting?.id ?? 0, { tokenHash, purpose, expiresAt });
      expect(await toMail()).toHaveLength(1);
      expect(await store().signUps.confirm('hash-1', 'sign-up', BY)).toMatchObject({ kind: 'confirmed' });
      expect(await toMail()).toEqual([]);
      await store().signUps.ask(aSignUp({ preferences: undefined }));
      expect(await toMail()).toMatchObject([{ preferences: undefined }]);
      expect(await store().signUps.evidence('ann@example.org')).toHaveLength(2);
    });

    it('are confirmed once: a second use of the token changes nothing', async () => {
      await asked();
      await store().signUps.confirm('hash-1', 'sign-up', BY);
      const again = await store().signUps.confirm('hash-1', 'sign-up', { ...BY, at: minutesAfter(9) });
      expect(again).toMatchObject({ kind: 'again', signUp: { confirmed: BY } });
    });

    it('are confirmed once although two processes try at the same moment', async () => {
      await asked();
      const results = await Promise.all([1, 2, 3].map(() => store().signUps.confirm('hash-1', 'sign-up', BY)));
      expect(results.map(({ kind }) => kind).sort()).toEqual(['again', 'again', 'confirmed']);
    });

    it('are not confirmed by a token that has ended, is unknown, or serves another purpose', async () => {
      await asked();
      const late = { ...BY, at: minutesAfter(60) };
      expect(await store().signUps.confirm('hash-1', 'sign-up', late)).toMatchObject({ kind: 'expired' });
      expect(await store().signUps.confirm('hash-1', 'change-address', BY)).toEqual({ kind: 'missing' });
      expect(await store().signUps.confirm('hash-2', 'sign-up', BY)).toEqual({ kind: 'missing' });
      expect(await store().audience.find('ann@example.org')).toBeUndefined();
    });

    it('give way to a later one while their mail has not left', async () => {
      await store().signUps.ask(aSignUp());
      await store().signUps.ask(aSignUp({ preferences: undefined }));
      await store().signUps.ask(aSignUp({ newsletter: 'monthly' }));
      const waiting = await toMail();
      expect(waiting.map(({ newsletter, preferences }) => [newsletter, preferences])).toEqual([
        ['weekly', undefined],
        ['monthly', ['chemistry']],
      ]);
    });

    it('wait for no mail once it was decided that none will leave', async () => {
      await store().signUps.ask(aSignUp());
      const [waiting] = await toMail();
      await store().signUps.leave(waiting?.id ?? 0, NOON, 'mail');
      expect(await toMail()).toEqual([]);
      expect(await store().signUps.lastMailed('ann@example.org')).toBeUndefined();
    });

    it('that cannot be mailed now are tried later, and later each time, and hold up no other', async () => {
      await store().signUps.ask(aSignUp());
      await store().signUps.ask(aSignUp({ addressKey: 'bob@example.org' }));
      const [first] = await toMail();
      const keysAt = async (now: Date) => (await toMail(now)).map(({ addressKey }) => addressKey);
      await store().signUps.putOff(first?.id ?? 0, NOON);
      expect(await keysAt(NOON)).toEqual(['bob@example.org']);
      expect(await keysAt(minutesAfter(1))).toEqual(['ann@example.org', 'bob@example.org']);
      await store().signUps.putOff(first?.id ?? 0, minutesAfter(1));
      expect(await keysAt(minutesAfter(5))).toEqual(['bob@example.org']);
      expect(await keysAt(minutesAfter(6))).toEqual(['ann@example.org', 'bob@example.org']);
    });

    it('whose address was mailed of late wait, and hold up no other', async () => {
      await asked();
      await store().signUps.ask(aSignUp({ newsletter: 'monthly' }));
      await store().signUps.ask(aSignUp({ addressKey: 'bob@example.org' }));
      const keysSince = async (since: Date) =>
        (await toMail(minutesAfter(9), since)).map(({ addressKey }) => addressKey);
      expect(await keysSince(NOON)).toEqual(['bob@example.org']);
      expect(await keysSince(minutesAfter(1))).toEqual(['ann@example.org', 'bob@example.org']);
    });

    it('are reminded of no more once it was decided so', async () => {
      const { id } = await asked();
      await store().signUps.putOff(id, minutesAfter(1));
      expect(await toRemind(minutesAfter(1))).toEqual([]);
      expect(await toRemind(minutesAfter(1), minutesAfter(2))).toHaveLength(1);
      await store().signUps.leave(id, minutesAfter(2), 'reminder');
      expect(await toRemind(minutesAfter(1), minutesAfter(2))).toEqual([]);
    });

    it('are reminded of once, and both links work', async () => {
      const { id } = await asked();
      expect(await toRemind(NOON)).toEqual([]);
      expect(await toRemind(minutesAfter(1))).toHaveLength(1);
      await leaves(id, aMail({ tokenHash: 'hash-2', at: minutesAfter(3), isReminder: true }));
      expect(await toRemind(minutesAfter(9))).toEqual([]);
      expect(await store().signUps.lastMailed('ann@example.org')).toEqual(minutesAfter(3));
      expect(await store().signUps.find('hash-1', 'sign-up')).toMatchObject({ signUp: { id } });
      expect(await store().signUps.confirm('hash-2', 'sign-up', BY)).toMatchObject({ kind: 'confirmed' });
    });

    it('are deleted when unconfirmed, and kept when confirmed', async () => {
      await asked();
      await store().signUps.confirm('hash-1', 'sign-up', BY);
      await asked(aSignUp({ addressKey: 'bob@example.org' }), aMail({ tokenHash: 'hash-2' }));
      expect(await store().signUps.forgetUnconfirmed(NOON)).toBe(0);
      expect(await store().signUps.forgetUnconfirmed(minutesAfter(1))).toBe(1);
      expect(await store().signUps.find('hash-2', 'sign-up')).toBeUndefined();
      expect(await store().signUps.evidence('ann@example.org')).toHaveLength(1);
    });

    it('move their reader by a confirmed change of address, and the evidence with them', async () => {
      await asked();
      await store().signUps.confirm('hash-1', 'sign-up', BY);
      const ann = (await store().audience.find('ann@example.org'))?.subscriber.id ?? 0;
      const to = { address: 'Anna@example.net', addressKey: 'anna@example.net' };
      const change = aSignUp({ purpose: 'change-address', subscriber: ann, ...to });
      await asked(change, aMail({ purpose: 'change-address', tokenHash: 'hash-2' }));
      expect(await store().signUps.confirm('hash-2', 'change-address', BY)).toMatchObject({ kind: 'confirmed' });
      expect((await store().audience.person(ann))?.subscriber.address).toBe('Anna@example.net');
      const evidence = await store().signUps.evidence('anna@example.net');
      expect(evidence.map(({ purpose, address }) => [purpose, address])).toEqual([
        ['sign-up', 'Ann@example.org'],
        ['change-address', 'Anna@example.net'],
      ]);
      expect(await store().signUps.forget('anna@example.net', ann)).toBe(2);
      expect(await store().signUps.evidence('ann@example.org')).toEqual([]);
    });

    it('change nothing where the new address is another subscriber’s, and may be confirmed once it is not', async () => {
      await store().audience.add('weekly', [aReader('bob'), aReader('ann')], NOON);
      const idOf = async (name: string) => (await store().audience.find(`${name}@example.org`))?.subscriber.id ?? 0;
      const bobs = { address: 'bob@example.org', addressKey: 'bob@example.org' };
      const change = aSignUp({ purpose: 'change-address', subscriber: await idOf('ann'), ...bobs });
      await asked(change, aMail({ purpose: 'change-address' }));
      const confirm = () => store().signUps.confirm('hash-1', 'change-address', BY);
      expect(await confirm()).toMatchObject({ kind: 'taken' });
      const away = { address: 'bob@example.net', addressKey: 'bob@example.net' };
      await store().audience.changeAddress(await idOf('bob'), away);
      expect(await confirm()).toMatchObject({ kind: 'confirmed' });
    });

    it('leave nothing behind when a person is forgotten, also what they asked for at another address', async () => {
      await asked();
      const elsewhere = { address: 'a@example.net', addressKey: 'a@example.net' };
      await store().signUps.ask(aSignUp({ purpose: 'change-address', subscriber: 7, ...elsewhere }));
      expect(await store().signUps.forget('ann@example.org', 7)).toBe(2);
      expect(await toMail()).toEqual([]);
      expect(await store().signUps.evidence('ann@example.org')).toEqual([]);
      expect(await store().signUps.find('hash-1', 'sign-up')).toBeUndefined();
    });
  });
}
