import { beforeEach, describe, expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import { erasedKeyOf } from '../../src/audience/tokens.js';
import { aContext, addReaders, type TestContext } from '../support/app-context.js';
import { listed } from '../support/store-plans.js';
import { typed } from '../support/typed.js';

let deps: TestContext;

beforeEach(async () => {
  const built = await aContext();
  deps = openUseCases({
    ...built,
    erasedKeys: (key) => [erasedKeyOf({ kid: 'k1', secret: '0123456789abcdef0123456789abcdef' }, key)],
  });
  await addReaders(deps, [{ address: 'ann@example.org', name: 'Ann' }]);
});

const run = (argv: readonly string[], input?: string) => typed(deps, argv, input === undefined ? {} : { input });

const readers = async () => (await listed(deps.store.audience.list())).map(({ subscriber }) => subscriber.address);

describe('gazette subscribers', () => {
  it('adds a reader with the source of their consent, and refuses one without', async () => {
    const said = await run([
      'subscribers',
      'add',
      'bob@example.org',
      '--consent-source',
      'paper',
      '--categories',
      'chemistry',
    ]);
    expect(said).toMatchObject({ code: 0, out: 'bob@example.org is subscribed (weekly).\n' });
    expect((await deps.store.audience.find('bob@example.org'))?.subscriptions).toMatchObject([
      { state: 'active', preferences: ['chemistry'], consent: { source: 'paper' } },
    ]);
    expect((await run(['subscribers', 'add', 'eve@example.org'])).code).toBe(2);
    expect((await run(['subscribers', 'add', 'eve', '--consent-source', 'paper'])).code).toBe(1);
    expect(
      (await run(['subscribers', 'add', 'eve@example.org', '--consent-source', 'p', '--categories', 'no'])).code,
    ).toBe(2);
    expect(await readers()).toEqual(['ann@example.org', 'bob@example.org']);
  });

  it('ends a subscription, and says when there is none to end', async () => {
    expect(await run(['subscribers', 'remove', 'ann@example.org', '--json'])).toMatchObject({
      code: 0,
      out: '{"ended":["weekly"]}\n',
    });
    expect((await run(['subscribers', 'remove', 'ann@example.org'])).code).toBe(3);
    expect((await run(['subscribers', 'remove', 'eve@example.org'])).code).toBe(1);
  });

  it('names what a reader chose `wishes` in JSON', async () => {
    await run(['subscribers', 'add', 'bob@example.org', '--consent-source', 'paper', '--categories', 'chemistry']);
    const shown = JSON.parse((await run(['subscribers', 'show', 'bob@example.org', '--json'])).out);
    expect(shown.subscriptions).toMatchObject([{ newsletter: 'weekly', wishes: ['chemistry'] }]);
    expect(shown.subscriptions[0]).not.toHaveProperty('preferences');
    const list = JSON.parse((await run(['subscribers', 'list', '--json'])).out);
    expect(list.subscribers).toContainEqual(expect.objectContaining({ wishes: ['chemistry'] }));
  });

  it('shows everything that is stored', async () => {
    const { out } = await run(['subscribers', 'show', 'ann@example.org', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      subscriber: { name: 'Ann' },
      subscriptions: [{ newsletter: 'weekly' }],
      evidence: [],
    });
    expect((await run(['subscribers', 'show', 'ann@example.org'])).out).toContain('weekly  active, everything');
  });

  it('prints the consent of everybody who confirmed, one per line', async () => {
    const asked = { at: deps.clock.now(), form: 'https://x.example.org/s/weekly', text: 'Yes', textVersion: 'v1' };
    const by = { ip: '192.0.2.7', userAgent: 'Browser' };
    for (const name of ['bob', 'eve']) {
      const address = `${name}@example.org`;
      const who = { address, addressKey: address, name, language: 'en', preferences: ['chemistry'] };
      const { signUps } = deps.store;
      await signUps.ask({ purpose: 'sign-up', newsletter: 'weekly', ...who, asked: { ...asked, ...by } });
      const [waiting] = await signUps.toMail(asked.at, asked.at, 1);
      const id = waiting?.id ?? 0;
      const expiresAt = new Date(asked.at.getTime() + 1_000);
      await signUps.keepToken(id, { tokenHash: name, purpose: 'sign-up', expiresAt });
      await signUps.mailed(id, { messageId: '<1@x>', textVersion: 'm1', isReminder: false, at: asked.at });
    }
    await deps.store.signUps.confirm('bob', 'sign-up', { at: asked.at, ...by });
    const { code, out } = await run(['subscribers', 'evidence']);
    const lines = out.trim().split('\n');
    expect([code, lines.length]).toEqual([0, 1]);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      address: 'bob@example.org',
      wishes: ['chemistry'],
      newsletter: 'weekly',
      asked: { text: 'Yes', textVersion: 'v1', ip: '192.0.2.7', userAgent: 'Browser' },
      mailed: { messageId: '<1@x>' },
      confirmed: by,
    });
  });

  it('erases nobody without a secret: an import could bring them back', async () => {
    deps = openUseCases({ ...deps, erasedKeys: () => [] });
    const said = await run(['subscribers', 'erase', 'ann@example.org', '--yes']);
    expect(said).toMatchObject({ code: 1, err: expect.stringContaining('GAZETTE_SECRET') });
    expect(await readers()).toEqual(['ann@example.org']);
  });

  it('erases for ever, without a public URL, asks first, and imports the address no more', async () => {
    expect((await typed(deps, ['subscribers', 'erase', 'ann@example.org'], { answers: ['n'] })).code).toBe(3);
    expect((await run(['subscribers', 'erase', 'ann@example.org'])).code).toBe(2);
    expect(await readers()).toEqual(['ann@example.org']);
    expect((await run(['subscribers', 'erase', 'ann@example.org', '--yes'])).code).toBe(0);
    const csv = 'email\nANN@example.org\nbob@example.org\n';
    const { out, code } = await run(['subscribers', 'import', '-', '--consent-source', 'paper', '--json'], csv);
    expect(code).toBe(4);
    expect(JSON.parse(out)).toMatchObject({
      added: 1,
      refused: [{ line: 2, message: expect.stringContaining('erased') }],
    });
    expect((await run(['subscribers', 'add', 'ann@example.org', '--consent-source', 'paper'])).code).toBe(2);
    expect(await readers()).toEqual(['bob@example.org']);
    expect((await run(['suppressions', 'list'])).out).not.toContain('ann');
  });
});

describe('gazette subscribers import', () => {
  const CSV = 'E-Mail;Wer\nbob@example.org;Bob\n';

  it('reads mapped columns, and writes nothing in a dry run', async () => {
    const args = [
      'subscribers',
      'import',
      '-',
      '--map',
      'E-Mail=email',
      '--map',
      'Wer=name',
      '--consent-source',
      'paper',
      '--json',
    ];
    const dry = JSON.parse((await run([...args, '--dry-run'], CSV)).out) as object;
    expect(dry).toMatchObject({ dryRun: true, added: 1, lines: 1 });
    expect(await readers()).toEqual(['ann@example.org']);
    expect(JSON.parse((await run(args, CSV)).out)).toMatchObject({ added: 1 });
    expect((await deps.store.audience.find('bob@example.org'))?.subscriber.name).toBe('Bob');
  });

  it('refuses an unknown field and an unknown program', async () => {
    expect((await run(['subscribers', 'import', '-', '--map', 'a=b'], CSV)).code).toBe(2);
    expect((await run(['subscribers', 'import', '-', '--map', 'nothing'], CSV)).code).toBe(2);
    expect((await run(['subscribers', 'import', '-', '--from', 'pigeon'], CSV)).code).toBe(2);
  });

  it.each([
    [
      'listmonk',
      'uuid,email,name,attributes,status,created_at,updated_at\n5f8c5b0e-7b1a-4e0e-9d5e-0c3f6d1f2a11,bob@example.org,Bob,"{""city"": ""Bengaluru""}",enabled,2025-01-02 03:04:05.123456 +0000 UTC,2025-01-02 03:04:05.123456 +0000 UTC\n9a1d0c9e-0f53-4f7c-8a49-6a5b6f0f4c22,eve@example.org,Eve,{},blocklisted,2025-01-02 03:04:05.6 +0000 +0000,2025-02-02 03:04:05 +0100 CET\n',
      ['active', 'unsubscribed'],
    ],
    [
      'mailchimp',
      'Email Address,First Name,Last Name,CONFIRM_TIME,TAGS\nbob@example.org,Bob,B,2025-01-02 03:04:05,"""vip"""\n',
      ['active'],
    ],
    [
      'mailchimp',
      'Email Address,First Name,CONFIRM_TIME,UNSUB_TIME,UNSUB_REASON\nbob@example.org,Bob,2025-01-02 03:04:05,2025-02-02 03:04:05,no reason\n',
      ['unsubscribed'],
    ],
    [
      'ghost',
      'id,email,name,subscribed_to_emails,created_at\n1,bob@example.org,Bob,true,2025-01-02T03:04:05.000Z\n2,eve@example.org,Eve,false,2025-01-02T03:04:05.000Z\n',
      ['active', 'unsubscribed'],
    ],
    [
      'substack',
      'email,active_subscription,email_disabled,created_at\nbob@example.org,false,false,2025-01-02T03:04:05.000Z\neve@example.org,false,true,2025-01-02T03:04:05.000Z\n',
      ['active', 'unsubscribed'],
    ],
    [
      'buttondown',
      'email_address,type,tags,creation_date,source\nbob@example.org,regular,vip,2025-01-02T03:04:05Z,import\neve@example.org,unactivated,,2025-01-02T03:04:05Z,form\n',
      ['active', 'pending'],
    ],
  ])('reads the export of %s', async (program, csv, states) => {
    const { out } = await run(
      ['subscribers', 'import', '-', '--from', program, '--consent-source', 'old site', '--json'],
      csv,
    );
    expect(JSON.parse(out)).toMatchObject({ added: states.length, refused: [] });
    const rows = await listed(deps.store.audience.list());
    expect(rows.slice(1).map(({ subscription }) => subscription.state)).toEqual(states);
    expect(rows[1]?.subscription.consent.at.getUTCFullYear()).toBe(2025);
  });
});

describe('gazette suppressions', () => {
  it('adds, lists and removes an address', async () => {
    expect((await run(['suppressions', 'add', 'Bob@example.org'])).code).toBe(0);
    expect((await run(['suppressions', 'add', 'bob@example.org'])).code).toBe(3);
    expect(JSON.parse((await run(['suppressions', 'list', '--json'])).out)).toEqual({
      suppressions: [{ address: 'bob@example.org', reason: 'manual', at: '2026-06-15T07:00:00.000Z' }],
    });
    expect((await run(['suppressions', 'remove', 'bob@example.org'])).code).toBe(0);
    expect((await run(['suppressions', 'remove', 'bob@example.org'])).code).toBe(3);
  });
});
