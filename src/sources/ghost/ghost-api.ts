/** The questions a Ghost source asks the Content API of its blog. */
import type { FetchWeb, RunJob, WebValidators } from '../../domain/ports/host.js';
import { unfinished } from '../post-reading.js';
import { type ApiAnswer, askApi, failed } from '../web/api-request.js';
import { countAt, instantIn, jsonFrom, listAt, textAt } from '../web/json.js';
import type { HeadPage, ListingApi, Newest, ReadHead } from '../web/listing-api.js';
import { BODY_FIELDS } from './ghost-body.js';
import { type GhostFacts, HEAD_FIELDS, HEAD_INCLUDES } from './ghost-head.js';
import type { GhostOptions } from './ghost-options.js';
import type { GhostSite } from './ghost-site.js';

export interface GhostTools {
  readonly facts: GhostFacts;
  readonly options: GhostOptions;
  readonly site: GhostSite;
  /** Of the Content API. */
  readonly key: string;
  readonly fetchWeb: FetchWeb;
  readonly runParse: RunJob;
}

/** The most the API gives at once. */
const PAGE = 100;

type Parameters = { readonly [name: string]: string | number };
type Listed = Extract<ApiAnswer, { kind: 'json' }>;

export function ghostApi(tools: GhostTools): ListingApi {
  return {
    types: tools.options.types,
    memory: undefined,
    newest: (type, validators, signal) => newest(tools, type, validators, signal),
    page: (type, page, signal) => pageOf(tools, type, page, signal),
    heads: async (type, ids, signal) => {
      const answer = await ask(tools, type, { ...HEADS, filter: `id:[${ids.join(',')}]` }, signal);
      return parseHeads(tools, type, answer, signal);
    },
    bodies: async (type, ids, signal) => {
      const parameters = { limit: PAGE, fields: BODY_FIELDS, filter: `id:[${ids.join(',')}]` };
      const { bytes } = await ask(tools, type, parameters, signal);
      return tools.runParse({ kind: 'ghost-bodies', bytes, type }, signal);
    },
  };
}

const HEADS = { limit: PAGE, fields: HEAD_FIELDS, include: HEAD_INCLUDES };

async function newest(
  tools: GhostTools,
  type: string,
  validators: WebValidators | undefined,
  signal?: AbortSignal,
): Promise<Newest> {
  const parameters = {
    ...filterOf(tools),
    limit: PAGE,
    fields: 'id,updated_at,published_at',
    order: 'published_at desc',
  };
  const answer = await askAny(tools, type, parameters, validators, signal);
  if (answer.kind === 'same') return answer;
  const listed = unlessRefused(tools, type, answer);
  const json = jsonFrom(listed.bytes);
  const marks = listAt(json, type).map((item) => ({
    path: `${type}/${textAt(item, 'id')}`,
    version: textAt(item, 'updated_at') ?? '',
    at: instantIn(item, 'published_at')?.getTime() ?? 0,
  }));
  const kept = listed.validators && { validators: listed.validators };
  return { kind: 'listed', marks, total: totalIn(json), ...kept };
}

/** In the order of their ids, so that a post written meanwhile moves no other to another page. */
async function pageOf(tools: GhostTools, type: string, page: number, signal?: AbortSignal): Promise<HeadPage> {
  const answer = await ask(tools, type, { ...filterOf(tools), ...HEADS, order: 'id asc', page }, signal);
  const json = jsonFrom(answer.bytes);
  const heads = await parseHeads(tools, type, answer, signal);
  return { heads, total: totalIn(json), isLast: page >= (countAt(json, 'meta', 'pagination', 'pages') ?? 1) };
}

function totalIn(json: unknown): number {
  return countAt(json, 'meta', 'pagination', 'total') ?? 0;
}

async function parseHeads(
  { facts, runParse }: GhostTools,
  type: string,
  { bytes }: Listed,
  signal?: AbortSignal,
): Promise<readonly ReadHead[]> {
  const end = await runParse({ kind: 'ghost-heads', bytes, type, facts }, signal);
  if (end.kind === 'done') return end.result as readonly ReadHead[];
  throw failed(facts.name, unfinished(end));
}

function filterOf({ site }: GhostTools): Parameters {
  return site.filter === undefined ? {} : { filter: site.filter };
}

/** Throws `source.failed` when the API refuses. */
async function ask(tools: GhostTools, type: string, parameters: Parameters, signal?: AbortSignal): Promise<Listed> {
  return unlessRefused(tools, type, await askAny(tools, type, parameters, undefined, signal));
}

function unlessRefused({ facts, site }: GhostTools, type: string, answer: ApiAnswer): Listed {
  if (answer.kind === 'json') return answer;
  const status = answer.kind === 'refused' ? answer.status : 304;
  if (status === 401 || status === 403)
    throw failed(facts.name, 'Ghost does not know the key of the Content API.', WHERE_THE_KEY_IS);
  if (status === 404)
    throw failed(
      facts.name,
      `there is no Content API of Ghost at ${site.url}.`,
      'Check `url` in content/sources.yaml.',
    );
  const said = answer.kind === 'refused' ? (answer.message ?? `status ${status}`) : `status ${status}`;
  throw failed(facts.name, `Ghost does not list its ${type}: ${said}`);
}

/** What to do where the key is missing or wrong. */
export const WHERE_THE_KEY_IS =
  'In Ghost, open Settings, Integrations, and add a custom integration; its “Content API key” goes into the environment as docs/ghost.md says.';

function askAny(
  { facts, options, site, key, fetchWeb }: GhostTools,
  type: string,
  parameters: Parameters,
  validators: WebValidators | undefined,
  signal?: AbortSignal,
): Promise<ApiAnswer> {
  const url = new URL(`ghost/api/content/${type}/`, site.url);
  for (const [name, value] of Object.entries({ key, ...parameters })) url.searchParams.set(name, String(value));
  const allowPrivate = options.allowPrivate ? { allowPrivate: [url.hostname] } : {};
  const headers = { 'accept-version': 'v5.0' };
  return askApi(
    { source: facts.name, fetchWeb },
    { url: url.href, headers, ...allowPrivate, ...(validators && { validators }) },
    signal,
  );
}
