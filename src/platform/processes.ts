/**
 * Who this process is, and whether the owner of a lease still lives (rule: owner).
 * A process id alone proves nothing, since hosts reuse them: the start time tells two processes apart.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Processes } from '../domain/ports/host.js';
import { randomId } from './ids.js';

/**
 * This process under a name of the form `host:pid:start:random`; host and start hold no colon.
 * @param place names where process ids mean the same
 */
export function thisProcess(place = hostAndNamespace()): Processes {
  const host = place.replaceAll(':', '-');
  const self = [host, process.pid, startOf(process.pid) ?? 'unknown', randomId().slice(0, 8)].join(':');
  return { self, stateOf: (owner) => (owner === self ? 'alive' : stateOf(owner, host)) };
}

/**
 * Containers may share a hostname and yet count their processes each for itself: a sender in another one is nowhere to be
 * seen from here, and would be taken for dead while its mails are on the wire.
 */
function hostAndNamespace(): string {
  try {
    const [inode] = /\d+/.exec(readlinkSync('/proc/self/ns/pid')) ?? [];
    return inode === undefined ? hostname() : `${hostname()}/${inode}`;
  } catch {
    return hostname();
  }
}

function stateOf(owner: string, host: string): 'alive' | 'dead' | 'elsewhere' {
  const [ownerHost, pidText, start] = owner.split(':');
  const pid = Number(pidText);
  if (ownerHost !== host || !Number.isSafeInteger(pid) || pid < 1) return 'elsewhere';
  if (!isRunning(pid)) return 'dead';
  const present = startOf(pid);
  // Where no start time can be had, a running pid is taken for the owner: its lease will end by itself.
  if (present === undefined || start === 'unknown') return 'alive';
  return present === start ? 'alive' : 'dead';
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process started, in a form that differs between two boots; `undefined` where the host does not say. */
function startOf(pid: number): string | undefined {
  return startFromProc(pid) ?? startFromPs(pid);
}

function startFromProc(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8);
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 2, the command, is in brackets and may hold spaces and brackets of its own; field 22 is the start time.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks && `${boot}.${ticks}`;
  } catch {
    return undefined;
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return line.trim().replace(/[^0-9A-Za-z]+/g, '-') || undefined;
  } catch {
    return undefined;
  }
}
