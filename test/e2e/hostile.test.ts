/** Posts made to hang whoever reads them: the program answers all the while, hears SIGTERM, and reads the other posts. */
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  aPostFile,
  aReadersFile,
  aWorkspace,
  type Env,
  gazette,
  gazetteJson,
  type Running,
  startGazette,
} from '../support/e2e-gazette.js';

const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString();
/** Emphasis over which the Markdown parser itself would sit for hours. First in the order of files. */
const ENDLESS = `---\ntitle: Endless\ndate: ${YESTERDAY}\n---\n\n${'_'.repeat(300_000)}a${'_'.repeat(300_000)}\n`;
/** Its body is read with its head, because a title may be in it: a service that only collects reads it as well. */
const ENDLESS_UNTITLED = ENDLESS.replace('title: Endless\n', '');
/** A pattern was once made of its definition. */
const DEFINITIONS = `---\ntitle: Definitions\ndate: ${YESTERDAY}\n---\n\n{{ x }}\n\n[${'a{{x}}'.repeat(9)}]: /\n\n[${'a'.repeat(90)}!\n`;

const ENV: Env = {
  GAZETTE_SECRET: `k1:${'0123456789abcdef'.repeat(4)}`,
  GAZETTE_PUBLIC_URL: 'https://news.example.org',
  GAZETTE_LOG: 'info json',
  SMTP_URL: 'file:outbox',
};

async function aHostileWorkspace(name: string, text: string): Promise<string> {
  const files = { [`content/posts/${name}.md`]: text, 'content/posts/plain.md': aPostFile('A plain post') };
  const folder = await aWorkspace({ files });
  await gazette(['subscribers', 'import', '-'], {
    folder,
    env: ENV,
    input: aReadersFile([{ address: 'a@example.org' }]),
  });
  return folder;
}

/** Says when a thread has its program and with it its first file. */
const TELL_THREADS =
  'process.on("worker",(worker)=>worker.once("message",()=>process.stderr.write("a thread begins\\n")))';

interface Stuck extends Running {
  /** Resolves with the first line that matches. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
}

/** A command that has begun to read the endless post. */
async function stuck(args: readonly string[], post = ENDLESS): Promise<Stuck> {
  const folder = await aHostileWorkspace('a-first', post);
  const run = startGazette(args, { folder, env: ENV, node: ['--import', `data:text/javascript,${TELL_THREADS}`] });
  onTestFinished(async () => {
    run.child.kill('SIGKILL');
    await run.ended;
  });
  const line = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = (each: string) => {
        const found = pattern.exec(each);
        if (found) resolve(found);
      };
      run.said.forEach(look);
      run.onLine(look);
      void run.ended.then(({ stdout, stderr }) => reject(new Error(`it ended: ${stdout}${stderr}`)));
    });
  await line(/a thread begins/);
  return { ...run, line };
}

/** Asks it to end; one that does not hear is killed, as a supervisor does. */
async function terminated({ child, ended }: Running) {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 9_000);
  const { code, stdout, stderr } = await ended;
  clearTimeout(late);
  return { code, signal: child.signalCode, stdout, stderr };
}

describe('a hostile post', () => {
  it('of 245 bytes is planned beside the others', async () => {
    const folder = await aHostileWorkspace('definitions', DEFINITIONS);
    const run = startGazette(['plan', '--json'], { folder, env: ENV });
    const late = setTimeout(() => run.child.kill('SIGKILL'), 60_000);
    const { code, stdout } = await run.ended;
    clearTimeout(late);
    expect(code).toBe(0);
    expect(stdout).toContain('A plain post');
    expect(stdout).toContain('Definitions');
  });

  it('without an end is broken with its place, and the others are planned', async () => {
    const folder = await aHostileWorkspace('a-first', ENDLESS);
    const { code, json } = await gazetteJson(['plan'], { folder, env: ENV });
    expect(code).toBe(0);
    const told = JSON.stringify(json);
    expect(told).toContain('A plain post');
    expect(told).toMatch(/posts\/a-first\.md:1:1.*took longer than 10 s/);
  });

  it.each([['plan'], ['preview'], ['check'], ['send', '--yes']])(
    'does not keep `%s` from ending at SIGTERM',
    async (...args) => {
      const run = await stuck([...args, '--json']);
      const { code, signal, stdout } = await terminated(run);
      expect({ code, signal }).toEqual({ code: 1, signal: null });
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'stopped' } });
    },
  );

  it('does not keep the service from answering, nor from ending at SIGTERM', async () => {
    const run = await stuck(['serve', '--port', '0', '--metrics-port', '0'], ENDLESS_UNTITLED);
    const [opened] = await run.line(/.*"monitor\.opened".*/);
    const { port } = JSON.parse(opened) as { port: number };
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect(await answer.json()).toEqual({ ok: true });
    expect(run.said.join('\n')).not.toContain('"source.collected"');
    const { code, signal, stderr } = await terminated(run);
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(stderr).not.toContain('job.failed');
  });

  it('does not keep the studio from ending at SIGTERM', async () => {
    const { signal } = await terminated(await stuck(['studio', '--port', '0']));
    expect(signal).toBe(null);
  });
});
