import { expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import { newsletterNamed } from '../../src/domain/newsletter.js';
import type { Source } from '../../src/domain/ports/content.js';
import type { LinkAnswer } from '../../src/domain/ports/host.js';
import { withPictureSources } from '../../src/render/index.js';
import { aContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { memoryFiles } from '../support/config-files.js';
import { aStudio } from '../support/studio.js';

const BYTES = Uint8Array.from([1, 2, 3]);
const DATA = 'data:image/png;base64,AQID';
const image = { src: 'https://blog.example.org/a/a.png?a=1&b=2', alt: 'A pump' };
const POST = aPost({
  publishedAt: new Date('2026-06-12T08:00:00Z'),
  ...{ url: 'https://blog.example.org/a/', image, place: 'a.md', categories: ['software'] },
});
const onDisk: Source['picture'] = async (address, posts) =>
  address === image.src && posts.some(({ place }) => place === 'a.md')
    ? { file: '/blog/a.png', type: 'image/png', bytes: BYTES }
    : undefined;

async function withPicture(picture: Source['picture'] = onDisk) {
  const deps = await aContext({ posts: [POST] });
  if (picture) deps.source.picture = picture;
  return { deps, newsletter: newsletterNamed(deps, 'weekly') };
}

it('A preview shows a picture from its file; the mail keeps the address', async () => {
  const { deps, newsletter } = await withPicture();
  const files = memoryFiles({});
  const { issues } = openUseCases({ ...deps, files });
  const report = await issues.preview({ newsletter });
  if (report.kind !== 'preview') throw new Error(report.kind);
  const written = await issues.writePreview(report, '/workspace/out');
  const textOf = async (path: string) => new TextDecoder().decode(await files.read(path));
  const html = await textOf(written.html);
  expect(html).toContain(`src="${DATA}"`);
  expect(html).not.toContain('src="https://blog.example.org/a/a.png');
  expect(await textOf(written.eml)).toContain('https://blog.example.org/a/a.png');
  expect(await textOf(written.eml)).not.toContain('data:image');
});

it('The studio shows it in its frame', async () => {
  const studio = await aStudio({ posts: [POST] });
  const before = await studio.read('/n/weekly/frame');
  studio.deps.source.picture = onDisk as NonNullable<Source['picture']>;
  const after = await studio.read('/n/weekly/frame');
  studio.stop.abort();
  expect(before).toContain('src="https://blog.example.org/a/a.png');
  expect(after).toContain(`src="${DATA}"`);
});

it('Pictures for which there is no more room keep their addresses', async () => {
  const { deps } = await withPicture(async (address) => ({
    file: address,
    type: 'image/png',
    bytes: new Uint8Array(10_000_000),
  }));
  const html = ['a', 'b', 'c'].map((name) => `<img alt="" src="https://x.example/${name}.png">`).join('');
  const shown = await deps.issues.withLocalPictures(html, [POST]);
  expect([...shown.matchAll(/src="([^"]{10})/g)].map(([, start]) => start)).toEqual([
    'data:image',
    'data:image',
    'https://x.',
  ]);
});

it('Only the source of a picture is exchanged, once for each address', async () => {
  const asked: string[] = [];
  const html = `<img data-src="https://x/a.png" alt="> src=&quot;" src="https://x/a.png"><a href="https://x/a.png"></a><IMG SRC="https://x/a.png">`;
  const shown = await withPictureSources(html, async (address) => {
    asked.push(address);
    return 'data:$1';
  });
  expect(asked).toEqual(['https://x/a.png']);
  expect(shown).toBe(
    html
      .replace(' src="https://x/a.png"', ' src="data:$1"'.replace('$', '$$$$'))
      .replace('SRC="https://x/a.png"', 'SRC="data:$$1"'),
  );
});

it('Of a picture that is not on the web yet, check names the file', async () => {
  const { deps, newsletter } = await withPicture();
  const check = async (answer: LinkAnswer) => {
    const askLink = async (url: string): Promise<LinkAnswer> =>
      url === image.src ? answer : { kind: 'answered', status: 200, url };
    const { findings } = await openUseCases({ ...deps, askLink }).issues.check({ newsletter, links: true });
    return findings.map(({ code, level, where, message }) => ({ code, level, where, message }));
  };
  const missing: LinkAnswer = { kind: 'answered', status: 404, url: image.src };
  const finding = {
    ...{ code: 'image.unpublished', level: 'warning', where: 'a.md' },
    message: `The picture ${image.src} is not on the web yet. Its file is /blog/a.png.`,
  };
  expect(await check(missing)).toEqual([finding]);
  expect(await check({ kind: 'answered', status: 200, url: image.src, type: 'image/png', bytes: 3 })).toEqual([]);
  deps.source.picture = async () => {
    throw new Error('EACCES');
  };
  expect((await check(missing)).map(({ code }) => code)).toEqual(['image.broken']);
});
