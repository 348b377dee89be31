/** Settings that are edited while the service runs (rule: settings-followed). */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { aWorkspace, startGazette, WEEKLY } from '../support/e2e-gazette.js';

const ENV = {
  GAZETTE_PUBLIC_URL: 'http://localhost:8080',
  GAZETTE_SECRET: 'k1:a-secret-of-this-test-that-is-long-enough',
};

async function aService(folder: string) {
  const service = startGazette(['serve', '--port', '0'], { folder, env: ENV });
  onTestFinished(async () => {
    service.child.kill('SIGKILL');
    await service.ended;
  });
  const saidOnce = (part: string) =>
    new Promise<string>((resolve, reject) => {
      const known = service.said.find((line) => line.includes(part));
      if (known !== undefined) resolve(known);
      service.onLine((line) => line.includes(part) && resolve(line));
      void service.ended.then(({ stdout, stderr }) => reject(new Error(`it ended: ${stdout}${stderr}`)));
    });
  const { url } = JSON.parse(await saidOnce('"web.opened"')) as { readonly url: string };
  const read = async (path: string) => (await fetch(`${url}${path}`)).text();
  return { ...service, saidOnce, read };
}

it('show on the next page without a restart; broken ones are said once, and the last good ones stay', async () => {
  const folder = await aWorkspace();
  const write = (text: string) => writeFile(join(folder, 'content/newsletters/weekly.yaml'), text);
  const service = await aService(folder);
  const shown = async (path: string, text: string) => {
    for (;;) if ((await service.read(path)).includes(text)) return;
  };
  for (const path of ['/', '/s/weekly', '/archive/weekly']) expect(await service.read(path)).toContain('Notes');
  await write(WEEKLY.replaceAll('title: Notes', 'title: Letters'));
  await service.saidOnce('"settings.used"');
  for (const path of ['/', '/s/weekly', '/archive/weekly']) await shown(path, 'Letters');

  await write(WEEKLY.replaceAll('title: Notes', 'title: [Papers'));
  const broken = await service.saidOnce('"settings.broken"');
  expect(broken).toContain('content/newsletters/weekly.yaml');
  expect(await service.read('/s/weekly')).toContain('Letters');

  await write(WEEKLY.replaceAll('title: Notes', 'title: Papers'));
  for (const path of ['/', '/s/weekly', '/archive/weekly']) await shown(path, 'Papers');
  expect(service.said.filter((line) => line.includes('"settings.broken"'))).toHaveLength(1);
});
