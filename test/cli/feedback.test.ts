import { describe, expect, it } from 'vitest';
import { openBounceAddresses } from '../../src/audience/bounce-addresses.js';
import { openSqliteStore } from '../../src/store/index.js';
import { dsnText } from '../feedback/samples/sample.js';
import { aContext } from '../support/app-context.js';
import { ACCEPTED, begun, frozenFor, settled } from '../support/store-plans.js';
import { typed } from '../support/typed.js';

const addresses = openBounceAddresses({
  address: 'bounces@news.example.org',
  secrets: [{ kid: 'k1', secret: 'x'.repeat(32) }],
});

async function afterSending() {
  const store = await openSqliteStore({ path: ':memory:' });
  const issue = await frozenFor(store, ['ann', 'bob']);
  const deliveries = await begun(store, issue);
  await settled(store, deliveries, ACCEPTED, 'one', issue.frozenAt);
  const deps = await aContext({ store });
  const [ann] = deliveries;
  const to = addresses.bounceAddress({ issue: issue.id, subscriber: ann?.subscriber ?? 0 });
  const status = 'Final-Recipient: rfc822; ann@example.org\nAction: failed\nStatus: 5.1.1\n';
  const mail = dsnText({ status, returned: '' }).replace(/^To: .*$/m, 'To: bounces@news.example.org');
  const run = (argv: readonly string[], input = '') => typed(deps, argv, { input });
  return { store, to, mail, run };
}

describe('gazette feedback', () => {
  it('read says what was found, acts on it, and counts nothing twice', async () => {
    const { run, mail, to } = await afterSending();
    const first = await run(['feedback', 'read', '-', '--recipient', to], mail);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toBe(
      '1 mail read, 1 report:\n  1 hard bounce\n1 tied to a delivery, 0 to none, 0 forged.\n1 address suppressed, 0 subscriptions ended.\n',
    );
    const again = await run(['feedback', 'read', '-', '--recipient', to, '--json'], mail);
    expect(JSON.parse(again.out)).toEqual({
      mails: 1,
      reports: 1,
      known: 1,
      ties: { tied: 1, forged: 0, untied: 0 },
      kinds: { hard: 1 },
      suppressed: 0,
      unsubscribed: 0,
    });
    const shown = JSON.parse((await run(['issue', 'show', '1', '--json'])).out);
    expect(shown).toMatchObject({ accepted: 1, bounced: 1, planned: 2, feedback: { hard: 1 } });
    expect(shown.domains).toMatchObject([{ domain: 'example.org', accepted: 2, hard: 1 }]);
    expect((await run(['issue', 'show', '1'])).out).toContain('Came back: 1 address does not exist.');
    expect((await run(['issue', 'verify', '1'])).code).toBe(0);
    const status = JSON.parse((await run(['status', '--json'])).out);
    expect(status.feedback).toMatchObject({ ties: { tied: 1 }, domains: [{ domain: 'example.org', hard: 1 }] });
  });

  it('read of nothing has nothing to do, and a path that is not there is named', async () => {
    const { run } = await afterSending();
    expect((await run(['feedback', 'read', '-'])).code).toBe(3);
    const missing = await run(['feedback', 'read', '/nowhere/mails']);
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('/nowhere/mails')]);
  });

  it('pipe takes a mail silently, and asks for it again when the database fails', async () => {
    const { run, mail, to, store } = await afterSending();
    expect(await run(['feedback', 'pipe', '--recipient', to], mail)).toMatchObject({ code: 0, out: '', err: '' });
    expect(await store.audience.suppression('ann@example.org')).toBe('hard-bounce');
    await store.close();
    expect(await run(['feedback', 'pipe', '--recipient', to], mail)).toMatchObject({ code: 75, out: '' });
  });
});

describe('gazette subscribers tidy', () => {
  it('lists who bounced, and ends their subscriptions only when asked to', async () => {
    const { run, mail, to, store } = await afterSending();
    await run(['feedback', 'pipe', '--recipient', to], mail);
    expect((await run(['subscribers', 'tidy'])).out).toMatch(
      /^ann@example\.org\tweekly\thard-bounce\t\d{4}-\d\d-\d\d\n$/,
    );
    expect((await run(['subscribers', 'tidy', '--remove'])).code).toBe(2);
    expect(await run(['subscribers', 'tidy', '--remove', '--yes', '--json'])).toMatchObject({ out: '{"removed":1}\n' });
    expect((await run(['subscribers', 'tidy', '--remove', '--yes'])).code).toBe(3);
    expect(await store.audience.suppression('ann@example.org')).toBe('hard-bounce');
  });
});
