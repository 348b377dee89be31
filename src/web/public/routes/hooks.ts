/**
 * `/hooks/:provider`: reports of a provider. Answers 200 only when what a call says is committed; a provider without a setting has no
 * route (rule: feedback).
 */
import type { Hook, HookEnd } from '../../../feedback/hooks.js';
import { PRIVATE_HEADERS } from '../../http-errors.js';
import { errorPage, peerOf } from '../answer.js';
import { readAtMost } from '../read-at-most.js';
import type { PublicContext, Route, RouteDeps } from '../route.js';

/** Calls whose bodies are held at once; further ones are asked to come again. */
const MOST_AT_ONCE = 200;
const MOST_BYTES_AT_ONCE = 64 * 1024 * 1024;

const STATUS: { readonly [end in HookEnd]: 200 | 400 | 401 | 503 } = {
  taken: 200,
  forged: 401,
  late: 401,
  unreadable: 400,
  later: 503,
};

export const hooksRoute: Route = {
  name: 'hooks',
  add(app, deps) {
    const held = { calls: 0, bytes: 0 };
    app.post('/hooks/:provider', async (context) => {
      const hook = deps.hooks?.named(context.req.param('provider'));
      if (!hook) return errorPage(context, deps, 404);
      const { ip } = peerOf(context, deps);
      if (!deps.limits.mayCallHook(ip)) return answer(context, 429);
      const header = (name: string) => context.req.header(name);
      if (!hook.admits(header)) return refuse(context, deps, ip, 401);
      const bytes = declaredBytes(context, hook);
      if (bytes > hook.mostBytes) return refuse(context, deps, ip, 413);
      if (held.calls >= MOST_AT_ONCE || held.bytes + bytes > MOST_BYTES_AT_ONCE) return answer(context, 503);
      held.calls += 1;
      held.bytes += bytes;
      try {
        const body = await readAtMost(context.req.raw.body, hook.mostBytes);
        if (!body) return refuse(context, deps, ip, 413);
        const status = STATUS[await hook.take({ header, body })];
        return status === 200 || status === 503 ? answer(context, status) : refuse(context, deps, ip, status);
      } finally {
        held.calls -= 1;
        held.bytes -= bytes;
      }
    });
  },
};

/** What a body may take: a call that does not say counts as the longest. */
function declaredBytes(context: PublicContext, hook: Hook): number {
  const length = Number(context.req.header('Content-Length') ?? Number.NaN);
  return length >= 0 ? length : hook.mostBytes;
}

function refuse(context: PublicContext, deps: RouteDeps, ip: string, status: 400 | 401 | 413): Response {
  deps.limits.hookRefused(ip);
  return answer(context, status);
}

/** Read by programs only. */
function answer(context: PublicContext, status: 200 | 400 | 401 | 413 | 429 | 503): Response {
  const later = status === 429 || status === 503 ? { 'Retry-After': '10' } : {};
  return context.text('', status, { ...PRIVATE_HEADERS, ...later });
}
