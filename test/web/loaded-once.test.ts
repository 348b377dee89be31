/** No request reads or parses a template, a catalogue or a theme again. */
import Handlebars from 'handlebars';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Parser } from 'yaml';
import { localFiles } from '../../src/platform/files.js';
import { openTemplateFiles } from '../../src/render/index.js';
import { TEMPLATES } from '../support/app-context.js';
import { plainRenderer } from '../support/plain-renderer.js';
import { aPublicSite } from '../support/public-site.js';
import { aStudio } from '../support/studio.js';

function countParses(): () => number {
  const spies = [vi.spyOn(Parser.prototype, 'parse'), vi.spyOn(Handlebars, 'create')];
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
  return () => spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
}

describe('a page that was shown before', () => {
  it('is shown again without parsing anything, whichever public page it is', async () => {
    const parses = countParses();
    const read = vi.fn(localFiles().read);
    const templates = openTemplateFiles({ files: { ...localFiles(), read }, folders: [TEMPLATES] });
    const { get, token } = await aPublicSite({ templates });
    const paths = [
      '/',
      '/archive/weekly',
      '/archive/weekly/feed.atom',
      '/archive/weekly/category/chemistry',
      '/s/weekly',
      '/s/weekly?lang=de-AT',
      '/s/weekly?lang=tlh',
      `/p/${token(1)}`,
      `/u/${token(2)}`,
      '/u/wrong',
      '/nothing',
    ];
    const showAll = async () => {
      const statuses: number[] = [];
      for (const path of paths) statuses.push((await get(path)).status);
      return statuses;
    };
    const statuses = await showAll();
    expect(statuses.filter((status) => status === 200)).toHaveLength(9);
    const before = [parses(), read.mock.calls.length, templates.parses];
    expect(before.every((count) => count > 0)).toBe(true);
    expect(await showAll()).toEqual(statuses);
    expect([parses(), read.mock.calls.length, templates.parses]).toEqual(before);
  });

  it('is shown again without parsing anything in the studio', async () => {
    const { read } = await aStudio({ renderer: plainRenderer });
    const parses = countParses();
    const first = await read('/n/weekly');
    const before = parses();
    expect(before).toBeGreaterThan(0);
    expect(await read('/n/weekly')).toHaveLength(first.length);
    expect(parses()).toBe(before);
  });
});
