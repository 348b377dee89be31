import { expect, it } from 'vitest';
import { readDemoSettings } from '../../src/config/read-demo.js';
import { memoryFiles, ROOT } from '../support/config-files.js';

const read = (text: string) =>
  readDemoSettings(memoryFiles({ 'content/demo.yaml': text }), `${ROOT}/content/demo.yaml`);

it('gives the newsletter and the moment of the sample', async () => {
  expect(await read('newsletter: weekly\nnow: 2026-06-15T08:00:00+01:00\n')).toEqual({
    newsletter: 'weekly',
    now: new Date('2026-06-15T07:00:00Z'),
  });
});

it.each([
  ['newsletter: weekly\nnow: 2026-06-15\n', 'content/demo.yaml:2:6', /^now: Must be a moment with an offset/],
  ['newsletter: a: b\n', 'content/demo.yaml:1:13', /^There is a colon/],
  ['', 'content/demo.yaml:1:1', /^newsletter: Is missing/],
])('says what is wrong in %j, and where', async (text, where, message) => {
  const problem = { where, message: expect.stringMatching(message) };
  await expect(read(text)).rejects.toMatchObject({ problems: expect.arrayContaining([problem]) });
});
