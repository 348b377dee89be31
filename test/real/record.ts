/**
 * Writes test/sources/recorded/*.json from real servers: the posts as their APIs give them, with the address of the server
 * replaced and what no source reads left out. Run it with `npx tsx test/real/record.ts` after changing the seeds.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startGhost } from './ghost-server.js';
import { startWordPress } from './wordpress-server.js';

const FOLDER = fileURLToPath(new URL('../sources/recorded/', import.meta.url));
/** Of no use to a source, and long. */
const LEFT_OUT =
  /^(?:_links|avatar_urls|image_meta|ping_status|comment_\w+|template|meta|curies|filesize|mime_type|file|og_\w+|twitter_\w+|codeinjection_\w+|profile_image|cover_image|bio|website|location|facebook|twitter|threads|bluesky|mastodon|tiktok|youtube|instagram|linkedin|meta_title|meta_description|accent_color|canonical_url|custom_template|email_\w+|frontmatter|description|count|uuid)$/;

async function main(): Promise<void> {
  const wordPress = await startWordPress();
  try {
    await save('wordpress', wordPress.url, await readWordPress(wordPress.url));
  } finally {
    await wordPress.stop();
  }
  const ghost = await startGhost();
  try {
    await save('ghost', ghost.url, await readGhost(ghost.url, ghost.key));
  } finally {
    await ghost.stop();
  }
}

async function readWordPress(url: string) {
  const rest = `${url}/wp-json/wp/v2`;
  const json = async (address: string) => (await (await fetch(address)).json()) as never;
  const category = await fetch(`${url}/notes/category/physics-light/`, { redirect: 'follow' });
  const page = category.ok
    ? category
    : await fetch(((await json(`${rest}/categories?slug=physics-light`)) as { link: string }[])[0]?.link ?? url);
  return {
    page: { url: page.url, link: page.headers.get('link') },
    root: { namespaces: ((await json(`${url}/wp-json/`)) as { namespaces: string[] }).namespaces },
    categories: await json(`${rest}/categories`),
    posts: await json(`${rest}/posts?per_page=12&_embed=author,wp:term,wp:featuredmedia`),
    talks: await json(`${rest}/talks?_embed=author,wp:term,wp:featuredmedia`),
    refused: await json(`${rest}/nothing-here`),
  };
}

async function readGhost(url: string, key: string) {
  const content = `${url}/ghost/api/content`;
  const json = async (address: string) => (await (await fetch(address)).json()) as never;
  const { posts } = (await json(`${content}/posts/?key=${key}&include=tags,authors&limit=8`)) as { posts: unknown };
  const { pages } = (await json(`${content}/pages/?key=${key}&include=tags,authors&filter=slug:a-page`)) as {
    pages: unknown;
  };
  return { posts, pages, refused: await json(`${content}/posts/?key=00`) };
}

async function save(name: string, url: string, answers: unknown): Promise<void> {
  const text = JSON.stringify(answers, (key, value: unknown) => (LEFT_OUT.test(key) ? undefined : value), 1)
    .replaceAll(url, `https://${name}.example.org`)
    .replaceAll(encodeURIComponent(url), encodeURIComponent(`https://${name}.example.org`))
    .replaceAll(new URL(url).host, `${name}.example.org`)
    .replaceAll('127.0.0.1', `${name}.example.org`);
  await writeFile(`${FOLDER}${name}.json`, `${text}\n`);
}

await main();
