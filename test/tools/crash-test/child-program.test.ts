import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startProgram } from '../../../tools/crash-test/child-program.js';
import { openTempFolder } from '../../../tools/support/temp-folder.js';

async function aProgram(code: string): Promise<string> {
  const folder = await openTempFolder('test');
  onTestFinished(() => folder.remove());
  const program = join(folder.path, 'program.mjs');
  await writeFile(program, code);
  return program;
}

it('tells how a program ended and what it said last', async () => {
  const program = await aProgram('console.log(process.argv[2], process.env.WORD); process.exitCode = 4;');
  const child = startProgram(program, ['hello'], { WORD: 'there' });
  expect(await child.ended).toEqual({ code: 4, lastWords: 'hello there' });
});

it('gives a program no other environment than it was told', async () => {
  const child = startProgram(await aProgram('console.log(JSON.stringify(process.env.PATH ?? null))'), [], {});
  expect((await child.ended).lastWords).toBe('null');
});

it('hears what a program says, and kills it without warning', async () => {
  const program = await aProgram(
    "process.on('SIGTERM', () => console.log('spared')); console.error('ready now'); setInterval(() => {}, 1000);",
  );
  const child = startProgram(program, [], {});
  await child.untilItSays('ready');
  expect(await child.kill()).toEqual({ signal: 'SIGKILL', lastWords: 'ready now' });
});

it('stops listening for words when the program has ended without them', async () => {
  const child = startProgram(await aProgram('process.exit(3)'), [], {});
  await child.untilItSays('never said');
  expect((await child.ended).code).toBe(3);
});

it('removes a temporary folder with all that is in it', async () => {
  const folder = await openTempFolder('test');
  await writeFile(join(folder.path, 'file'), 'x');
  await folder.remove();
  expect(existsSync(folder.path)).toBe(false);
});
