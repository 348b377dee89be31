import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { aPostFile, aWorkspace, gazetteJson, type Running, startGazette } from '../support/e2e-gazette.js';

/** Emphasis that the Markdown parser itself takes hours over. */
const ENDLESS = `---\ntitle: Endless\ndate: 2026-01-01\n---\n\n${'*a_b*'.repeat(100_000)}\n`;
/** The post that once hung the service: patterns were made of its definitions. */
const DEFINITIONS = `---\ntitle: Definitions\ndate: ${new Date(Date.now() - 86_400_000).toISOString()}\n---\n\n{{ x }}\n\n[${'a{{x}}'.repeat(9)}]: /\n\n[${'a'.repeat(90)}!\n`;

const env = {
  GAZETTE_SECRET: `k1:${'0123456789abcdef'.repeat(4)}`,
  GAZETTE_PUBLIC_URL: 'https://news.example.org',
  GAZETTE_LOG: 'info json',
  SMTP_URL: 'file:outbox',
};

function aHostileWorkspace(posts: { readonly [name: string]: string }): Promise<string> {
  const files = Object.fromEntries(Object.entries(posts).map(([name, text]) => [`content/posts/${name}.md`, text]));
  return aWorkspace({ files: { ...files, 'content/posts/plain.md': aPostFile('A plain post') } }, env);
}

/** How it ended after SIGTERM; SIGKILL when it did not hear it in the time a supervisor gives. */
async function stopped({ child, ended }: Running) {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 8_000);
  const { code, stdout, stderr } = await ended;
  clearTimeout(late);
  return { code, signal: child.signalCode, stdout, stderr };
}

/** Once it has burnt so much of the processor that only the endless post can be what it is at. */
async function busy({ child }: Running): Promise<void> {
  const { readFile } = await import('node:fs/promises');
  for (;;) {
    const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8');
    const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13).map(Number);
    if ((user + system) * 10 > 3_000) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('a hostile post', () => {
  it('of 245 bytes is planned beside the others', async () => {
    const folder = await aHostileWorkspace({ definitions: DEFINITIONS });
    const { code, json } = await gazetteJson(['plan'], { folder, env });
    expect(code).toBe(0);
    expect(JSON.stringify(json)).toContain('A plain post');
    expect(JSON.stringify(json)).toContain('Definitions');
  });
});
