/** What doctor checks on this machine: time zone data, disk space, and who can read private files. */
import type { Host } from '../domain/ports/host.js';
import type { Finding } from '../domain/sender-records.js';

export interface HostCheckDeps {
  readonly host: Host;
  /** Where this workspace keeps its database. */
  readonly stateFolder: string;
  /** Files and folders, absolute, that no other user of this host should be able to read; folders before their content. */
  readonly privatePaths: readonly string[];
  /** The folder mails are written to; absent where they are sent elsewhere. */
  readonly outbox: string | undefined;
  readonly now: Date;
}

export async function checkHost(deps: HostCheckDeps): Promise<readonly Finding[]> {
  return [zoneFinding(deps.host.zoneData, deps.now), await checkDisk(deps), ...(await checkPermissions(deps))];
}

/** Governments change their clocks at short notice: data of this age may give the wrong hour somewhere. */
const OLD_ZONE_YEARS = 2;

function zoneFinding(zoneData: string | undefined, now: Date): Finding {
  const check = 'zones';
  if (zoneData === undefined) {
    const text = 'This build of Node has no time zone data.';
    return { check, level: 'warn', text, hint: 'Use an official build of Node.' };
  }
  const age = now.getUTCFullYear() - Number.parseInt(zoneData, 10);
  if (age < OLD_ZONE_YEARS) return { check, level: 'ok', text: `Time zone data ${zoneData}` };
  const hint = 'Update Node: in zones whose rules have changed since, issues are sent at the wrong hour.';
  return { check, level: 'warn', text: `The time zone data is old: ${zoneData}.`, hint };
}

const LOW_DISK_BYTES = 500_000_000;

async function checkDisk({ host, stateFolder }: HostCheckDeps): Promise<Finding> {
  const check = 'disk';
  try {
    const free = await host.freeBytes(stateFolder);
    const text = `${Math.round(free / 1e6).toLocaleString('en')} MB free on the disk of ${stateFolder}`;
    return free < LOW_DISK_BYTES
      ? { check, level: 'warn', text, hint: 'Free disk space.' }
      : { check, level: 'ok', text };
  } catch (error) {
    return { check, level: 'warn', text: String(error), hint: 'Check that the folder exists.' };
  }
}

/** Tells for each private path who else can read it. A file in a closed folder is closed as well. */
async function checkPermissions({ host, privatePaths, outbox }: HostCheckDeps): Promise<readonly Finding[]> {
  const check = 'permissions';
  const findings: Finding[] = [];
  const closed: string[] = [];
  for (const path of [...privatePaths, ...(outbox === undefined ? [] : [outbox])]) {
    const mode = await host.mode(path);
    if (mode === undefined || closed.some((folder) => path.startsWith(`${folder}/`))) continue;
    if ((mode & 0o077) === 0) {
      closed.push(path);
      continue;
    }
    const isForAll = (mode & 0o007) !== 0;
    const who = isForAll ? 'every user of this host' : 'the users of its group';
    const text = `${path} is open to ${who} (mode ${mode.toString(8).padStart(4, '0')}).`;
    findings.push({ check, level: isForAll ? 'fail' : 'warn', text, hint: `Run: chmod go-rwx ${shellWord(path)}` });
  }
  const text = 'Other users of this host cannot read secrets, database or mails.';
  return closed.length > 0 && findings.length === 0 ? [{ check, level: 'ok', text }] : findings;
}

/** A path quoted so that a shell takes it for one word. */
function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
