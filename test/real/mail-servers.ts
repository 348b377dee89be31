/**
 * A real Postfix and a real Dovecot, with settings, queues and mailboxes of their own: readers who are there, who are not, whose mailbox is
 * full, and who answer automatically.
 */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, installDebian, run, until } from './processes.js';

export interface MailServers {
  /** For SMTP_URL. */
  readonly smtpUrl: string;
  /** For GAZETTE_BOUNCE_MAILBOX. */
  readonly mailbox: string;
  /** Delivers what comes back by LMTP to this port, or to the mailbox. */
  returnTo(port: number | 'mailbox'): Promise<void>;
  /** The mails in a folder of the mailbox of what comes back; below another one after a dot. */
  inMailbox(folder: string): Promise<number>;
  /** What the servers say, for a test that fails. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

const PACKAGES = ['postfix', 'dovecot-imapd', 'dovecot-lmtpd'];
export const BOUNCES = 'bounces@gazette.test';

/** Needs root, as mail servers do. */
export async function startMailServers(): Promise<MailServers> {
  await installDebian(PACKAGES);
  const folder = await mkdtemp(join(tmpdir(), 'gazette-mail-'));
  await chmod(folder, 0o755);
  const ports = { smtp: await freePort(), imap: await freePort(), lmtp: await freePort() };
  const dovecot = await startDovecot(join(folder, 'dovecot'), ports);
  const postfix = await startPostfix(join(folder, 'postfix'), ports);
  return {
    smtpUrl: `smtp://127.0.0.1:${ports.smtp}`,
    mailbox: `imap://bounces:secret@127.0.0.1:${ports.imap}`,
    returnTo: postfix.returnTo,
    inMailbox: dovecot.inMailbox,
    log: () => run('sh', ['-c', `tail -n 200 ${folder}/*/log`]),
    async stop() {
      await postfix.stop();
      await dovecot.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

interface Ports {
  readonly smtp: number;
  readonly imap: number;
  readonly lmtp: number;
}

async function startDovecot(folder: string, ports: Ports) {
  await mkdir(join(folder, 'mail'), { recursive: true });
  const config = join(folder, 'dovecot.conf');
  const users = ['ann', 'full', 'bounces'].map((name) => {
    const quota = name === 'full' ? 'userdb_quota_rule=*:bytes=10' : '';
    return `${name}:{PLAIN}secret:8:8::${folder}/mail/${name}::${quota}`;
  });
  await writeFile(join(folder, 'users'), `${users.join('\n')}\n`);
  await writeFile(
    config,
    `base_dir = ${folder}/run
log_path = ${folder}/log
protocols = imap lmtp
ssl = no
listen = 127.0.0.1
disable_plaintext_auth = no
mail_location = maildir:${folder}/mail/%n
first_valid_uid = 1
auth_username_format = %Ln
recipient_delimiter = +
quota_full_tempfail = no
mail_plugins = quota
plugin {
  quota = maildir:User quota
}
service imap-login {
  inet_listener imap {
    port = ${ports.imap}
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${ports.lmtp}
  }
}
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = passwd-file
  args = ${folder}/users
}
`,
  );
  await run('chown', ['-R', 'mail:mail', join(folder, 'mail')]);
  await runDaemon(`dovecot -c ${config}`);
  return {
    async inMailbox(name: string): Promise<number> {
      const args = ['-c', config, 'search', '-u', 'bounces', 'mailbox', name, 'ALL'];
      return (await run('doveadm', args)).split('\n').filter((line) => line !== '').length;
    },
    stop: async () => void (await run('doveadm', ['-c', config, 'stop'])),
  };
}

/** Says that it is away, whatever it is sent, as programs do that know no better (RFC 3834). */
const AWAY = `#!/bin/bash
cat > /dev/null
exec 3<>/dev/tcp/127.0.0.1/$2
say() { printf '%s\\r\\n' "$1" >&3; }
hear() { read -r _ <&3; }
hear
say 'HELO away'; hear
say 'MAIL FROM:<>'; hear
say "RCPT TO:<$1>"; hear
say 'DATA'; hear
say 'From: Away <away@readers.test>'
say "To: <$1>"
say 'Subject: Out of office'
say 'Auto-Submitted: auto-replied'
say "Message-ID: <away-$$@readers.test>"
say ''
say 'I am away until Monday.'
say '.'; hear
say 'QUIT'
`;

/** A server that goes on in the background keeps what it was given to write to, and would be waited for. */
function runDaemon(command: string): Promise<string> {
  return run('sh', ['-c', `${command} > /dev/null 2>&1 < /dev/null`]);
}

async function startPostfix(folder: string, ports: Ports) {
  await mkdir(folder, { recursive: true });
  for (const name of ['queue', 'data']) await mkdir(join(folder, name));
  await run('chown', ['postfix', join(folder, 'data')]);
  await writeFile(join(folder, 'away'), AWAY, { mode: 0o755 });
  await writeFile(join(folder, 'master.cf'), masterOf(folder, ports));
  const configure = (returnTo: number) => writeFile(join(folder, 'main.cf'), mainOf(folder, ports, returnTo));
  await configure(ports.lmtp);
  const postfix = (command: string) => runDaemon(`postfix -c ${folder} ${command}`);
  await postfix('start');
  return {
    async returnTo(port: number | 'mailbox'): Promise<void> {
      await configure(port === 'mailbox' ? ports.lmtp : port);
      await postfix('reload');
    },
    stop: async () => {
      await postfix('stop');
      await until(
        () =>
          postfix('status').then(
            () => Promise.reject(new Error('It still runs.')),
            () => undefined,
          ),
        40,
      );
    },
  };
}

function mainOf(folder: string, { lmtp }: Ports, returnTo: number): string {
  return `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
myhostname = mail.gazette.test
mydestination =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
# Accepts first and returns later, as servers do behind others.
smtpd_reject_unlisted_recipient = no
virtual_mailbox_domains = readers.test, gazette.test
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:127.0.0.1:${lmtp}
recipient_delimiter = +
transport_maps = inline:{ { away@readers.test = away: }, { ${BOUNCES} = lmtp:inet:127.0.0.1:${returnTo} } }
`;
}

function masterOf(folder: string, { smtp }: Ports): string {
  const unix = (name: string, command: string, chances = '-  -  n  -  -') => `${name} unix ${chances} ${command}`;
  return [
    `127.0.0.1:${smtp} inet n - n - - smtpd`,
    unix('pickup', 'pickup', 'n  -  n  60  1'),
    unix('cleanup', 'cleanup', 'n  -  n  -  0'),
    unix('qmgr', 'qmgr', 'n  -  n  300  1'),
    unix('rewrite', 'trivial-rewrite'),
    unix('bounce', 'bounce', '-  -  n  -  0'),
    unix('defer', 'bounce', '-  -  n  -  0'),
    unix('trace', 'bounce', '-  -  n  -  0'),
    unix('verify', 'verify', '-  -  n  -  1'),
    unix('flush', 'flush', 'n  -  n  1000?  0'),
    unix('proxymap', 'proxymap'),
    unix('smtp', 'smtp'),
    unix('relay', 'smtp'),
    unix('error', 'error'),
    unix('retry', 'error'),
    unix('discard', 'discard'),
    unix('lmtp', 'lmtp'),
    unix('anvil', 'anvil', '-  -  n  -  1'),
    unix('scache', 'scache', '-  -  n  -  1'),
    'postlog unix-dgram n - n - 1 postlogd',
    unix('away', `pipe flags= user=nobody argv=${folder}/away \${sender} ${smtp}`, '-  n  n  -  -'),
    '',
  ].join('\n');
}
