import { expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import type { MailAddress } from '../../src/domain/ports/content.js';
import type { LinkAnswer } from '../../src/domain/ports/host.js';
import { findingsIn } from '../../src/issue/check-web.js';
import { aContext, addReaders } from '../support/app-context.js';
import { aPost } from '../support/builders.js';

const LINK: MailAddress = { kind: 'link', url: 'https://blog.example.org/a', where: 'a.md' };
const IMAGE: MailAddress = { kind: 'image', url: 'https://blog.example.org/a.png', where: 'a.md' };

function answered(with_: Partial<LinkAnswer & { kind: 'answered' }>): LinkAnswer {
  return { kind: 'answered', status: 200, url: LINK.url, ...with_ };
}
const picture = (bytes: number, type = 'image/png') => answered({ url: IMAGE.url, type, bytes });

it.each<[string, MailAddress, LinkAnswer, string[], LinkAnswer]>([
  ['a page that is gone', LINK, answered({ status: 410 }), ['link.broken'], answered({})],
  ['a page that refuses', LINK, answered({ status: 403 }), ['link.unreachable'], answered({ status: 204 })],
  ['a server in trouble', LINK, answered({ status: 503 }), ['link.unreachable'], answered({})],
  ['a host that is not there', LINK, { kind: 'no-such-host' }, ['link.broken'], answered({})],
  ['no answer', LINK, { kind: 'failed', text: 'ECONNREFUSED' }, ['link.unreachable'], answered({})],
  ['a private network', LINK, { kind: 'private', url: 'http://10.0.0.1/' }, ['link.private'], answered({})],
  [
    'a page that moved',
    LINK,
    answered({ moved: 'for-good', url: 'https://b.example/' }),
    ['link.moved'],
    answered({ moved: 'for-now', url: 'https://b.example/' }),
  ],
  ['a picture that is gone', IMAGE, answered({ status: 404 }), ['image.broken'], picture(1000)],
  ['a page in place of a picture', IMAGE, answered({ type: 'text/html' }), ['image.broken'], picture(1000)],
  ['a picture of more than 1 MB', IMAGE, picture(1_000_001), ['image.heavy'], picture(1_000_000)],
  ['a picture of more than 3 MB', IMAGE, picture(3_000_001), ['image.too-heavy'], picture(1000)],
  [
    'a picture in a form Outlook cannot show',
    IMAGE,
    picture(1000, 'image/webp'),
    ['image.format'],
    picture(1000, 'image/gif'),
  ],
])('Following %s is told from what is nearly so', (_, address, answer, codes, near) => {
  expect(findingsIn(answer, address).map(({ code }) => code)).toEqual(codes);
  for (const code of codes) expect(findingsIn(near, address).map((each) => each.code)).not.toContain(code);
});

const image = { src: 'https://blog.example.org/a.png', alt: 'A pump' };
const url = 'https://blog.example.org/a/';

/** Checks an issue of one post with one picture, in several editions. */
async function follow(answerTo: (address: string) => LinkAnswer) {
  const at = new Date('2026-06-12T08:00:00Z');
  const deps = await aContext({
    posts: [aPost({ publishedAt: at, url, image, categories: ['software'], place: 'a.md' })],
  });
  await addReaders(deps, [{}, { preferences: ['software'] }, { language: 'de' }]);
  const [newsletter] = [...deps.newsletters.values()];
  if (!newsletter) throw new Error('no newsletter');
  const asked: string[] = [];
  const askLink = async (address: string): Promise<LinkAnswer> => {
    asked.push(address);
    return answerTo(address);
  };
  const { findings } = await openUseCases({ ...deps, askLink }).issues.check({ newsletter, links: true });
  return { asked: asked.sort(), told: findings.map(({ code, where }) => [code, where]) };
}

it('Each address is asked once, whatever editions there are, and a reader’s own links never', async () => {
  const { asked, told } = await follow(() => answered({ status: 404 }));
  expect(asked).toEqual([image.src, url]);
  expect(told).toEqual(
    expect.arrayContaining([
      ['link.broken', 'a.md'],
      ['image.broken', 'a.md'],
    ]),
  );
});

it('Where nobody answers, no address is called broken', async () => {
  expect((await follow(() => ({ kind: 'no-such-host' }))).told).toEqual([['link.unreachable', 'the network']]);
  const one = await follow((address) => (address === url ? { kind: 'no-such-host' } : picture(1000)));
  expect(one.told).toEqual([['link.broken', 'a.md']]);
});
