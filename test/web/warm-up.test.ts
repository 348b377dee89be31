/** What prints the pages is loaded and compiled before the first request (rule: strangers-cost-little). */
import { expect, it } from 'vitest';
import { localFiles } from '../../src/platform/files.js';
import { openTemplateFiles } from '../../src/render/index.js';
import { TEMPLATES } from '../support/app-context.js';
import { aPublicSite } from '../support/public-site.js';

it('has every template of the pages compiled before one is asked for, and writes nothing', async () => {
  const templates = openTemplateFiles({ files: localFiles(), folders: [TEMPLATES] });
  const site = await aPublicSite({ templates });
  expect(templates.parses).toBe(0);
  await site.app.warmUp();
  const compiled = templates.parses;
  expect(compiled).toBeGreaterThan(0);
  const paths = [
    '/',
    '/s/weekly',
    '/archive/weekly',
    '/archive/weekly/category/chemistry',
    '/archive/weekly/feed.atom',
  ];
  for (const path of [...paths, `/p/${site.token(1)}`, `/u/${site.token(2)}`]) {
    expect((await site.get(path)).status, path).toBe(200);
  }
  expect(templates.parses).toBe(compiled);
  expect(site.events).toEqual([]);
});

it('leaves a page that cannot be made to who asks for it', async () => {
  const templates = openTemplateFiles({ files: localFiles(), folders: ['/nowhere'] });
  const site = await aPublicSite({ templates });
  await site.app.warmUp();
  expect((await site.get('/s/weekly')).status).toBe(500);
});
