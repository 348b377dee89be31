/** All commands, in the order of the help. A new one is a file in `commands/` and a line here. */
import type { CommandEntry } from './context.js';

export const COMMANDS: readonly CommandEntry[] = [
  { name: 'init', summary: 'create a workspace here', load: () => import('./commands/init.js') },
  {
    name: 'plan',
    summary: 'show the next issue: every post with its reason, every reader count',
    load: () => import('./commands/plan.js'),
  },
  {
    name: 'preview',
    summary: 'write the next issue as HTML, text and .eml',
    load: () => import('./commands/preview.js'),
  },
  {
    name: 'check',
    summary: 'find what to fix in the next issue',
    load: () => import('./commands/check.js'),
  },
  {
    name: 'studio',
    summary: 'open the editor’s pages: arrange, check, approve and send',
    load: () => import('./commands/studio.js'),
  },
  { name: 'rehearse', summary: 'replay the schedule over the archive', load: () => import('./commands/rehearse.js') },
  { name: 'send', summary: 'send the next issue now', load: () => import('./commands/send.js') },
  { name: 'doctor', summary: 'check everything a send needs', load: () => import('./commands/doctor.js') },
  {
    name: 'status',
    summary: 'show what comes next, what is being sent and what is wrong',
    load: () => import('./commands/status.js'),
  },
  {
    name: 'source',
    summary: 'confirm that posts missing from a source are really gone',
    load: () => import('./commands/source.js'),
  },
  {
    name: 'history',
    summary: 'mark what another program has mailed before',
    load: () => import('./commands/history.js'),
  },
  { name: 'issues', summary: 'list past and running issues', load: () => import('./commands/issues.js') },
  {
    name: 'issue',
    summary: 'approve, show, verify, resume, resend, pause or cancel one issue',
    load: () => import('./commands/issue.js'),
  },
  {
    name: 'subscribers',
    summary: 'import, list, export, add, remove, show or erase readers',
    load: () => import('./commands/subscribers.js'),
  },
  {
    name: 'suppressions',
    summary: 'list, add or remove addresses that get no mail',
    load: () => import('./commands/suppressions.js'),
  },
  {
    name: 'feedback',
    summary: 'read bounces, complaints and other mails that came back',
    load: () => import('./commands/feedback.js'),
  },
  { name: 'backup', summary: 'write a consistent copy of the database', load: () => import('./commands/backup.js') },
  {
    name: 'adopt',
    summary: 'let a restored copy of the database send',
    load: () => import('./commands/adopt.js'),
  },
  {
    name: 'serve',
    summary: 'send issues on time, and serve the pages readers see',
    load: () => import('./commands/serve.js'),
  },
  {
    name: 'demo',
    summary: 'send the sample issue to an inbox on this machine',
    load: () => import('./commands/demo.js'),
  },
];
