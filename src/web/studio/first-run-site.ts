/** The studio where there is no workspace yet: finds a blog, shows what was found, and writes the first settings when told to. */
import { type Context, Hono } from 'hono';
import type { GazetteError } from '../../domain/errors.js';
import { machineFault } from '../../domain/machine-fault.js';
import { scheduleWords } from '../../domain/schedule-words.js';
import type { FoundWorkspace, InitFromRequest } from '../../operate/init-from.js';
import { type SubmittedForm, submittedForm } from './form.js';
import { guardStudio, type StudioGuard } from './guard-studio.js';

export interface FirstRunOptions {
  readonly guard: StudioGuard;
  /** Reads a blog; writes its settings unless it is only to be looked at. Throws a GazetteError where that cannot be done. */
  init(request: FirstRunRequest): Promise<FirstRunReport>;
  /** Where the settings will be, as people see it. */
  readonly folder: string;
  /** Prints the page. */
  print(view: object): Promise<string>;
  asset(name: string): Promise<{ readonly type: string; readonly body: Uint8Array } | undefined>;
  /** Called once the settings are written. */
  onWritten(): void;
}

export type FirstRunRequest = Pick<InitFromRequest, 'from' | 'refusesPrivate'> &
  Partial<Pick<InitFromRequest, (typeof FIELDS)[number]>> & { readonly dryRun: boolean };

export interface FirstRunReport {
  readonly found: FoundWorkspace;
  readonly texts: readonly { readonly path: string; readonly text: string }[];
}

const FIELDS = ['title', 'timezone', 'schedule', 'site', 'sender', 'postalAddress'] as const;

const SCHEDULES = ['0 8 * * 1', '0 8 * * 5', '0 8 * * *', '0 8 1 * *'];

/** What the editor typed and what came of it: kept here, so that a page can be loaded again. */
interface FirstRunState {
  readonly from: string;
  readonly isPrivate: boolean;
  readonly report?: FirstRunReport;
  readonly error?: GazetteError;
  /** As typed last. */
  readonly typed?: { readonly [field: string]: string };
}

export function openFirstRunSite({ guard, folder, init, print, asset, onWritten }: FirstRunOptions): Hono {
  const app = new Hono({ strict: false });
  let state: FirstRunState = { from: '', isPrivate: false };
  let isWritten = false;
  guardStudio(app, guard);

  async function tried(request: FirstRunRequest): Promise<Pick<FirstRunState, 'report' | 'error'>> {
    try {
      return { report: await init(request) };
    } catch (error) {
      const fault = machineFault(error);
      if (fault === undefined) throw error;
      return { error: fault };
    }
  }

  app.get('/', async (context) => context.html(await print({ ...viewOf(state, isWritten), folder })));
  app.get('/assets/:name', async (context) => {
    const found = await asset(context.req.param('name'));
    if (!found) return context.notFound();
    return context.body(new Uint8Array(found.body), 200, { 'Content-Type': found.type });
  });
  app.post('/look', async (context) => {
    const form = await submittedForm(context);
    const asked = { from: form.field('from').trim(), isPrivate: form.field('private') === 'yes' };
    state = asked.from === '' ? asked : { ...asked, ...(await tried(requestOf(asked, {}, true))) };
    return context.redirect('/#main', 303);
  });
  app.post('/again', (context) => {
    state = { from: state.from, isPrivate: state.isPrivate };
    return context.redirect('/', 303);
  });
  app.post('/write', (context) => write(context));
  // An address of the studio that was opened before.
  app.notFound((context) => context.redirect('/', 302));
  return app;

  async function write(context: Context): Promise<Response> {
    const typed = typedIn(await submittedForm(context));
    const { report, error: _, ...asked } = state;
    if (report !== undefined && !isWritten) {
      const { error } = await tried(requestOf(asked, typed, false));
      state = { ...asked, report, typed, ...(error && { error }) };
      isWritten = error === undefined;
      if (isWritten) onWritten();
    }
    return context.redirect('/#main', 303);
  }
}

function requestOf(
  { from, isPrivate }: Pick<FirstRunState, 'from' | 'isPrivate'>,
  typed: { readonly [field: string]: string },
  dryRun: boolean,
): FirstRunRequest {
  const said = Object.entries(typed).filter(([, value]) => value !== '');
  return { ...Object.fromEntries(said), from, refusesPrivate: !isPrivate, dryRun };
}

function typedIn(form: SubmittedForm): { readonly [field: string]: string } {
  return Object.fromEntries(FIELDS.map((name) => [name, form.field(name).trim()]));
}

function viewOf({ from, isPrivate, report, error, typed = {} }: FirstRunState, isWritten: boolean): object {
  return {
    ...{ from, isPrivate, isWritten },
    error: error ? { message: error.message, hint: error.hint } : null,
    found: report === undefined ? null : foundView(report, typed),
  };
}

function foundView({ found, texts }: FirstRunReport, typed: { readonly [field: string]: string }): object {
  const { what, notes, posts, categories, latest, look, title, timezone, schedule, sender, unknown } = found;
  const chosen = typed.schedule || schedule;
  return {
    ...{ what, notes, posts, categories, latest, texts },
    look: { accent: look?.accent ?? null, logo: look?.logo ?? null },
    title: typed.title || title,
    timezone: typed.timezone || timezone,
    schedules: [...new Set([...SCHEDULES, chosen])].map((value) => ({
      ...{ value, words: scheduleWords(value), isChosen: value === chosen },
    })),
    site: unknown.includes('site') ? { value: typed.site ?? '' } : null,
    sender: typed.sender ?? (sender.isGuessed ? '' : sender.address),
    senderExample: sender.address,
    postalAddress: typed.postalAddress ?? '',
  };
}
