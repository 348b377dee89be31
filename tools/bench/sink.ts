/** An SMTP server in a process of its own that takes everything: Postfix's smtp-sink where it is installed, or else ours. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { SinkLimits } from './limiting-sink.js';

export interface Sink {
  readonly name: string;
  readonly port: number;
  close(): void;
}

export function isInstalled(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}

/** @param delayMs how long it takes to answer the end of a message: only ours can wait */
export async function openSink(delayMs = 0): Promise<Sink> {
  const port = await freePort();
  const isPostfix = delayMs === 0 && isInstalled('smtp-sink');
  const child = isPostfix ? postfixSink(port) : nodeSink(port, delayMs);
  await untilUp(port);
  return { name: isPostfix ? 'smtp-sink' : 'a sink in Node', port, close: () => void child.kill() };
}

/** A server of ours with limits. */
export async function openLimitingSink(limits: SinkLimits): Promise<Sink> {
  const port = await freePort();
  const child = inNode('limiting-sink.ts', [String(port), JSON.stringify(limits)]);
  await untilUp(port);
  return { name: 'a sink with limits', port, close: () => void child.kill() };
}

function postfixSink(port: number): ChildProcess {
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  return spawn('smtp-sink', [...user, `127.0.0.1:${port}`, '1000'], { stdio: 'ignore' });
}

function nodeSink(port: number, delayMs: number): ChildProcess {
  return inNode('node-sink.ts', [String(port), String(delayMs)]);
}

function inNode(file: string, args: readonly string[]): ChildProcess {
  const script = fileURLToPath(new URL(file, import.meta.url));
  return spawn(process.execPath, ['--import', 'tsx', script, ...args], { stdio: 'ignore' });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilUp(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const isUp = await new Promise<boolean>((resolve) =>
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
    );
    socket.destroy();
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The sink did not start.');
}
