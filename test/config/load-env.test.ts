import { describe, expect, it } from 'vitest';
import { loadEnv, type OperatorSettings } from '../../src/config/load-env.js';
import { sourceVariableName } from '../../src/config/read-variables.js';
import { GazetteError } from '../../src/domain/errors.js';
import { memoryFiles, ROOT } from '../support/config-files.js';

const SECRET = 'abcdefghijklmnopqrstuvwxyz-012345';
const OTHER_SECRET = 'zyxwvutsrqponmlkjihgfedcba-543210';
const KEY = '-----BEGIN PRIVATE KEY-----\nnot-a-real-key\n-----END PRIVATE KEY-----';

type Env = { readonly [name: string]: string };

function load(env: Env, dotenv = '', texts: Env = {}): Promise<OperatorSettings> {
  return loadEnv({ env, dotenv, files: memoryFiles(texts), root: ROOT });
}

async function errorOf(env: Env, dotenv = '', texts: Env = {}): Promise<GazetteError> {
  const error: unknown = await load(env, dotenv, texts).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(GazetteError);
  return error as GazetteError;
}

async function problemsOf(env: Env, dotenv = '', texts: Env = {}): Promise<readonly string[]> {
  return (await errorOf(env, dotenv, texts)).problems.map(({ where, message }) => `${where} ${message}`);
}

describe('the environment', () => {
  it('says how long deliveries are kept, at least three months', async () => {
    expect(await load({})).not.toHaveProperty('keepMs');
    expect(await load({ GAZETTE_KEEP: '400d' })).toMatchObject({ keepMs: 400 * 86_400_000 });
    for (const text of ['30d', 'for ever', '0d'])
      expect(await problemsOf({ GAZETTE_KEEP: text })).toEqual([expect.stringContaining('GAZETTE_KEEP')]);
  });

  it('may be empty', async () => {
    expect(await load({})).toEqual({ secrets: [], rate: {}, proxies: {}, sourceCredentials: new Map(), log: {} });
    expect(await load({ SMTP_URL: '', GAZETTE_SECRET: ' ' })).toEqual(await load({}));
  });

  it('may say everything', async () => {
    const settings = await load({
      SMTP_URL: 'smtps://user:password@mail.example.org',
      DATABASE_URL: 'postgres://localhost/gazette',
      GAZETTE_SECRET: `k2:${SECRET}, k1:${OTHER_SECRET}`,
      GAZETTE_PUBLIC_URL: 'https://news.example.org/letters/',
      GAZETTE_BOUNCE_ADDRESS: 'bounces@bücher.example.org',
      GAZETTE_RATE: '10/s, 5000/h 50000/d',
      GAZETTE_LOG: 'warn json',
      DKIM_DOMAIN: 'Example.org',
      DKIM_SELECTOR: 'gazette1',
      DKIM_KEY: KEY,
      https_proxy: 'proxy.example.org:3128',
      NO_PROXY: '.example.net',
      GAZETTE_SOURCE_MY_BLOG: 'reader:password',
      PATH: '/usr/bin',
    });
    expect(settings).toEqual({
      smtpUrl: 'smtps://user:password@mail.example.org',
      databaseUrl: 'postgres://localhost/gazette',
      secrets: [
        { kid: 'k2', secret: SECRET },
        { kid: 'k1', secret: OTHER_SECRET },
      ],
      publicUrl: 'https://news.example.org/letters',
      bounceAddress: 'bounces@xn--bcher-kva.example.org',
      rate: { perSecond: 10, perHour: 5000, perDay: 50_000 },
      log: { level: 'warn', format: 'json' },
      proxies: { https: 'http://proxy.example.org:3128', none: '.example.net' },
      sourceCredentials: new Map([['GAZETTE_SOURCE_MY_BLOG', 'reader:password']]),
      dkim: { domain: 'example.org', selector: 'gazette1', privateKey: KEY },
    });
    expect(sourceVariableName('my-blog')).toBe('GAZETTE_SOURCE_MY_BLOG');
  });

  it('refuses a proxy that is no http address, without its password', async () => {
    expect(await problemsOf({ HTTP_PROXY: 'ftp://me:secret@proxy.example.org' })).toEqual([
      'environment HTTP_PROXY: Must be the http or https address of a proxy, such as http://proxy.example.org:3128.',
    ]);
  });

  it('names a database by a path, or by a URL of Postgres; any other URL is refused, without its password', async () => {
    expect(await load({ DATABASE_URL: 'data/gazette.db' })).toMatchObject({ databaseUrl: 'data/gazette.db' });
    expect(await load({ DATABASE_URL: 'C:\\data\\gazette.db' })).toMatchObject({ databaseUrl: 'C:\\data\\gazette.db' });
    expect(await problemsOf({ DATABASE_URL: 'mysql://me:secret@localhost/gazette' })).toEqual([
      'environment DATABASE_URL: “mysql:” is no database Gazette knows; write postgres://…, or the path of a file.',
    ]);
  });

  it('wins over .env, unless it is empty', async () => {
    const dotenv = '# settings\nGAZETTE_PUBLIC_URL=https://a.example.org\nexport SMTP_URL="smtp://localhost"\n';
    expect(await load({ GAZETTE_PUBLIC_URL: 'https://b.example.org' }, dotenv)).toMatchObject({
      publicUrl: 'https://b.example.org',
      smtpUrl: 'smtp://localhost',
    });
    expect(await load({ GAZETTE_PUBLIC_URL: '' }, dotenv)).toMatchObject({ publicUrl: 'https://a.example.org' });
  });

  it('takes secrets from files, relative to the workspace', async () => {
    const texts = { 'keys/dkim.pem': `${KEY}\n`, secret: `k1:${SECRET}\n` };
    const env = {
      DKIM_KEY_FILE: 'keys/dkim.pem',
      DKIM_DOMAIN: 'example.org',
      DKIM_SELECTOR: 's',
      GAZETTE_SECRET_FILE: `${ROOT}/secret`,
    };
    expect(await load(env, '', texts)).toMatchObject({
      secrets: [{ kid: 'k1', secret: SECRET }],
      dkim: { privateKey: KEY },
    });
  });

  it('refuses a secret given twice, or by a file that is not there', async () => {
    expect(
      await problemsOf({ SMTP_URL: 'smtp://localhost', SMTP_URL_FILE: 'x', DATABASE_URL_FILE: 'y' }, '', { x: 'z' }),
    ).toEqual([
      'environment SMTP_URL: Is set twice, by SMTP_URL_FILE as well.',
      'environment DATABASE_URL_FILE: There is no such file, or it is empty.',
    ]);
  });

  it('reports every problem at once, each with the place it was set at', async () => {
    const dotenv = '\n# x\nGAZETTE_RATE=fast\nGAZETTE_PUBLIC_ULR=https://a.example.org\n';
    expect(await problemsOf({ GAZETTE_LOG: 'jsno', DKIM_DOMAIN: 'example.org' }, dotenv)).toEqual([
      '.env:4 GAZETTE_PUBLIC_ULR: There is no such variable. Did you mean “GAZETTE_PUBLIC_URL”?',
      '.env:3 GAZETTE_RATE: Must be limits such as 10/s, 5000/h or 50000/d.',
      expect.stringMatching(/^environment GAZETTE_LOG: Must be a level .* Did you mean “json”\?$/),
      'environment DKIM_SELECTOR: Is missing; DKIM_DOMAIN is set.',
      'environment DKIM_KEY: Is missing; DKIM_DOMAIN is set.',
    ]);
  });

  it('leaves alone what other programs set under a name like ours', async () => {
    expect(await load({ GAZETTE_SERVICE_HOST: '10.0.0.1' })).toEqual(await load({}));
  });

  it.each([
    [{ GAZETTE_PUBLIC_URL: 'http://news.example.org' }, /Must be an https address/],
    [{ GAZETTE_PUBLIC_URL: 'news.example.org' }, /Must be an https address/],
    [{ GAZETTE_PUBLIC_URL: 'https://news.example.org/?a=b' }, /without “\?”/],
    [{ GAZETTE_BOUNCE_ADDRESS: 'nobody' }, /Must be an address/],
    [{ GAZETTE_RATE: '0/s' }, /Must be limits/],
    [{ GAZETTE_RATE: '600/m' }, /Must be limits/],
    [{ GAZETTE_RATE: '1/s 2/s' }, /two limits for the same span/],
    [{ DKIM_DOMAIN: 'localhost', DKIM_SELECTOR: 's', DKIM_KEY: KEY }, /DKIM_DOMAIN: Must be a domain/],
    [{ DKIM_DOMAIN: 'example.org', DKIM_SELECTOR: 's s', DKIM_KEY: KEY }, /DKIM_SELECTOR: Must be a name/],
  ])('refuses %j', async (env, why) => {
    expect(await problemsOf(env as unknown as Env)).toEqual([expect.stringMatching(why)]);
  });

  it('takes http on this very machine', async () => {
    expect(await load({ GAZETTE_PUBLIC_URL: 'http://127.0.0.1:8080/' })).toMatchObject({
      publicUrl: 'http://127.0.0.1:8080',
    });
  });

  it.each([
    ['hunter2-too-short', 'k1:hunter2-too-short', /at least 32 characters; it has 17/],
    [SECRET, SECRET, /name:secret/],
    [SECRET, `K1:${SECRET}`, /name:secret/],
    [SECRET, `k1:${SECRET},k1:${OTHER_SECRET}`, /two secrets of the name k1/],
    ['hunter2', `k1:${SECRET},k2:hunter2`, /Part 2 must hold a secret/],
  ])('never shows a secret it refuses', async (secret, value, why) => {
    const error = await errorOf({ GAZETTE_SECRET: value });
    expect(error.problems[0]?.message).toMatch(why);
    expect(JSON.stringify([error.message, error.hint, error.problems])).not.toContain(secret);
  });

  it('never shows a key it refuses', async () => {
    const error = await errorOf({ DKIM_DOMAIN: 'example.org', DKIM_SELECTOR: 's', DKIM_KEY: 'hunter2' });
    expect(error.message).toBe('DKIM_KEY: Must be a private key in PEM.');
  });
});

describe('what comes back', () => {
  const key =
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==';
  const topic = 'arn:aws:sns:eu-central-1:123456789012:gazette';

  it('is proved by a setting for each provider', async () => {
    const { hooks } = await load({
      GAZETTE_HOOK_SES: `${topic}, ${topic}-2`,
      GAZETTE_HOOK_POSTMARK: 'gazette:a, long: password',
      GAZETTE_HOOK_MAILGUN: '0123456789abcdef',
      GAZETTE_HOOK_SENDGRID: key,
      GAZETTE_HOOK_RESEND: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3',
      GAZETTE_HOOK_BREVO: 'a-token-of-brevo',
      GAZETTE_HOOK_MAILJET: 'gazette:a-long-password-2',
      GAZETTE_HOOK_SPARKPOST: 'gazette:a-long-password-3',
    });
    expect([...(hooks ?? [])]).toEqual([
      ['ses', [topic, `${topic}-2`]],
      ['postmark', ['gazette:a, long: password']],
      ['mailgun', ['0123456789abcdef']],
      ['sendgrid', [key]],
      ['resend', ['whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3']],
      ['brevo', ['a-token-of-brevo']],
      ['mailjet', ['gazette:a-long-password-2']],
      ['sparkpost', ['gazette:a-long-password-3']],
    ]);
  });

  it.each([
    ['SES', 'https://sns.example'],
    ['SES', `${topic} ${topic}`],
    ['POSTMARK', 'no-password'],
    ['POSTMARK', 'user:short'],
    ['MAILGUN', 'short'],
    ['SENDGRID', 'short'],
    ['SENDGRID', 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE='],
    ['RESEND', '0123456789abcdef0123456789abcdef'],
    ['BREVO', 'short'],
    ['MAILJET', 'user:short'],
    ['SPARKPOST', 'user:short'],
  ])('is refused where GAZETTE_HOOK_%s is %s, without repeating it', async (name, value) => {
    const [problem, ...more] = await problemsOf({ [`GAZETTE_HOOK_${name}`]: value });
    expect(more).toEqual([]);
    expect(problem).toMatch(new RegExp(`^environment GAZETTE_HOOK_${name}: (?:Must|Has)`));
    expect(problem).not.toContain(value);
  });

  it('is received at an address, where there are addresses to receive', async () => {
    const GAZETTE_BOUNCE_ADDRESS = 'bounces@example.org';
    const receiver = async (text: string) =>
      (await load({ GAZETTE_BOUNCE_ADDRESS, GAZETTE_BOUNCE_LISTEN: text })).receiver;
    expect(await receiver('lmtp://127.0.0.1:2424')).toEqual({ protocol: 'lmtp', host: '127.0.0.1', port: 2424 });
    expect(await receiver('smtp://[::1]:2525/')).toEqual({ protocol: 'smtp', host: '::1', port: 2525 });
    for (const text of ['2424', 'lmtp://127.0.0.1', 'http://127.0.0.1:80', 'lmtp://127.0.0.1:70000'])
      expect(await problemsOf({ GAZETTE_BOUNCE_ADDRESS, GAZETTE_BOUNCE_LISTEN: text })).toHaveLength(1);
    expect(await problemsOf({ GAZETTE_BOUNCE_LISTEN: 'lmtp://127.0.0.1:2424' })).toEqual([
      expect.stringContaining('Needs GAZETTE_BOUNCE_ADDRESS'),
    ]);
  });

  it('is read from a mailbox', async () => {
    const mailbox = async (text: string) => (await load({ GAZETTE_BOUNCE_MAILBOX: text })).mailbox;
    expect(await mailbox('imaps://bounces%40example.org:p%3Aw@mail.example.org')).toEqual({
      ...{ host: 'mail.example.org', port: 993, secure: true, user: 'bounces@example.org', password: 'p:w' },
      folder: 'INBOX',
    });
    expect(await mailbox('imap://bounces:pw@[::1]:1143/Mail/Bounces')).toMatchObject({
      ...{ host: '::1', port: 1143, secure: false, folder: 'Mail/Bounces' },
    });
    for (const text of ['mail.example.org', 'imaps://mail.example.org', 'pop3://a:b@c', 'imaps://a:secret%zz@c']) {
      const [problem] = await problemsOf({ GAZETTE_BOUNCE_MAILBOX: text });
      expect(problem).toContain('GAZETTE_BOUNCE_MAILBOX');
      expect(problem).not.toContain('secret');
    }
  });
});
