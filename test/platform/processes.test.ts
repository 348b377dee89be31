import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { thisProcess } from '../../src/platform/processes.js';

const processes = thisProcess();
const [host, pid, start] = processes.self.split(':') as [string, string, string];

it('names itself by host, pid, start and a random part', () => {
  expect(processes.self.split(':')).toHaveLength(4);
  expect(pid).toBe(String(process.pid));
  expect(thisProcess().self).not.toBe(processes.self);
});

it('knows itself and another owner in this very process as alive', () => {
  expect(processes.stateOf(processes.self)).toBe('alive');
  expect(processes.stateOf(thisProcess().self)).toBe('alive');
});

it('knows a process id that was given to somebody else as dead', () => {
  expect(processes.stateOf(`${host}:${pid}:${start}0:abcdef01`)).toBe('dead');
});

it('knows a process that ended as dead', async () => {
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
  await once(child, 'exit');
  expect(processes.stateOf(`${host}:${child.pid}:${start}:abcdef01`)).toBe('dead');
});

it('knows nothing of owners on another host, or of names it did not give', () => {
  expect(processes.stateOf(`not-${host}:${pid}:${start}:abcdef01`)).toBe('elsewhere');
  expect(processes.stateOf('')).toBe('elsewhere');
  expect(processes.stateOf(`${host}:0:x:y`)).toBe('elsewhere');
});

it('knows nothing of a process in another pid namespace, though the host is called the same', () => {
  const inAnother = thisProcess(`${hostname()}/1`);
  expect(inAnother.stateOf(processes.self)).toBe('elsewhere');
  expect(processes.stateOf(inAnother.self)).toBe('elsewhere');
  expect(inAnother.stateOf(thisProcess(`${hostname()}/1`).self)).toBe('alive');
});

it.runIf(process.platform === 'linux')('names the pid namespace it counts in', () => {
  const [inode] = /\d+/.exec(readlinkSync('/proc/self/ns/pid')) ?? [];
  expect(host).toBe(`${hostname()}/${inode}`);
});

it('takes a running process with an unknown start for alive', () => {
  expect(processes.stateOf(`${host}:${pid}:unknown:abcdef01`)).toBe('alive');
});
