/** The questions a WordPress source asks the REST API of its blog (`wp/v2`, from WordPress 5.3). */
import type { FetchWeb, RunJob, WebRequest, WebValidators } from '../../domain/ports/host.js';
import { unfinished } from '../post-reading.js';
import { type ApiAnswer, askApi, failed } from '../web/api-request.js';
import { countAt, instantIn, jsonFrom, textAt } from '../web/json.js';
import type { HeadPage, ListingApi, Newest, ReadHead, Unpublished } from '../web/listing-api.js';
import { BODY_FIELDS } from './wordpress-body.js';
import { HEAD_EMBEDS, HEAD_FIELDS, type ReadHeads, type WordPressFacts } from './wordpress-head.js';
import type { WordPressOptions } from './wordpress-options.js';
import { apiUrl, type WordPressSite } from './wordpress-site.js';

export interface WordPressTools {
  readonly facts: WordPressFacts;
  readonly options: WordPressOptions;
  readonly site: WordPressSite;
  readonly fetchWeb: FetchWeb;
  readonly runParse: RunJob;
  /** `user:application password`. */
  readonly credentials?: string;
}

/** The cause of a failure where WordPress keeps its API to users. */
export const API_CLOSED = Symbol('The REST API is closed.');

/** The most the API gives at once. */
const PAGE = 100;
/** A hundred ids and dates are a few thousand bytes. */
const MARKS_BYTES = 1_000_000;
const MARK_FIELDS = 'id,modified_gmt,date_gmt';
const HEADS = { per_page: PAGE, _fields: HEAD_FIELDS, _embed: HEAD_EMBEDS };

type Parameters = { readonly [name: string]: string | number };

export function wordPressApi(tools: WordPressTools): ListingApi {
  return {
    types: tools.options.types,
    memory: tools.site,
    newest: (type, validators, signal) => newest(tools, type, validators, signal),
    page: (type, page, signal) => pageOf(tools, type, page, signal),
    heads: async (type, ids, signal) => {
      const parameters = { ...filters(tools), include: ids.join(','), ...HEADS };
      return headsIn(tools, type, await ask(tools, type, parameters, signal), signal);
    },
    ...(tools.credentials !== undefined && { unpublished: (type, signal) => unpublished(tools, type, signal) }),
    bodies: async (type, ids, signal) => {
      const parameters = { include: ids.join(','), per_page: PAGE, _fields: BODY_FIELDS };
      const { bytes } = await ask(tools, type, parameters, signal);
      return tools.runParse({ kind: 'wordpress-bodies', bytes, type }, signal);
    },
  };
}

async function newest(
  tools: WordPressTools,
  type: string,
  validators: WebValidators | undefined,
  signal?: AbortSignal,
): Promise<Newest> {
  const parameters = { ...filters(tools), orderby: 'date', order: 'desc', per_page: PAGE, _fields: MARK_FIELDS };
  const more = { maxBytes: MARKS_BYTES, ...(validators && { validators }) };
  const answer = await askAny(tools, type, parameters, signal, more);
  if (answer.kind === 'same') return answer;
  const listed = unlessRefused(tools, type, answer);
  const marks = itemsIn(tools, listed.bytes).map((item) => ({
    path: `${type}/${countAt(item, 'id') ?? 0}`,
    version: textAt(item, 'modified_gmt') ?? '',
    at: instantIn(item, 'date_gmt')?.getTime() ?? 0,
  }));
  const kept = listed.validators && { validators: listed.validators };
  return { kind: 'listed', marks, total: numberIn(listed.headers.get('x-wp-total')), ...kept };
}

/** In the order of their ids, so that a post written meanwhile moves no other to another page. */
async function pageOf(tools: WordPressTools, type: string, page: number, signal?: AbortSignal): Promise<HeadPage> {
  const parameters = { ...filters(tools), orderby: 'id', order: 'asc', page, ...HEADS };
  const answer = await ask(tools, type, parameters, signal);
  return {
    heads: await headsIn(tools, type, answer, signal),
    total: numberIn(answer.headers.get('x-wp-total')),
    isLast: page >= (numberIn(answer.headers.get('x-wp-totalpages')) ?? 1),
  };
}

/** A post without a title is called by how its text begins, which a listing of heads does not contain. */
async function headsIn(
  tools: WordPressTools,
  type: string,
  { bytes }: Listed,
  signal?: AbortSignal,
): Promise<readonly ReadHead[]> {
  const { heads, untitled } = await parseHeads(tools, type, bytes, signal);
  if (untitled.length === 0) return heads;
  const parameters = { include: untitled.join(','), ...HEADS, _fields: `${HEAD_FIELDS},excerpt` };
  const titled = await parseHeads(tools, type, (await ask(tools, type, parameters, signal)).bytes, signal);
  const byPath = new Map(titled.heads.map((head) => [pathOf(head), head]));
  return heads.map((head) => byPath.get(pathOf(head)) ?? head);
}

function pathOf(head: ReadHead): string | undefined {
  return head.kind === 'post' ? head.post.keys.path : head.broken.keys.path;
}

/** Where the operator set an application password; one that does not work is told and keeps nothing from being sent. */
async function unpublished(tools: WordPressTools, type: string, signal?: AbortSignal): Promise<Unpublished> {
  const { site, options, credentials = '' } = tools;
  if (!site.root.startsWith('https:') && !options.allowPrivate)
    return refused('The application password is not sent, because the address is not https.', 'Use https in `url`.');
  if (hostOf(site.root) !== hostOf(options.url)) {
    const text = `The application password is not sent, because the API is at another host, ${hostOf(site.root)}.`;
    return refused(text, 'Use the address of that host in `url`.');
  }
  const parameters = { ...filters(tools), status: 'draft,pending,future', ...HEADS };
  const headers = { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  const answer = await askAny(tools, type, parameters, signal, { headers });
  if (answer.kind === 'json') {
    return { kind: 'listed', heads: (await parseHeads(tools, type, answer.bytes, signal)).heads };
  }
  const reason = answer.kind === 'refused' ? (answer.message ?? `status ${answer.status}`) : 'no answer';
  return refused(
    `WordPress does not show drafts and scheduled posts of the type ${type} with this application password: ${reason}`,
    'Set the name and application password of a user who may edit posts; see docs/wordpress.md.',
  );
}

function hostOf(address: string): string {
  return new URL(address).host.replace(/^www\./, '');
}

function refused(text: string, fix: string): Unpublished {
  return { kind: 'refused', note: { kind: 'reading', text, fix } };
}

async function parseHeads(
  { facts, runParse }: WordPressTools,
  type: string,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<ReadHeads> {
  const end = await runParse({ kind: 'wordpress-heads', bytes, type, facts }, signal);
  if (end.kind === 'done') return end.result as ReadHeads;
  throw failed(facts.name, unfinished(end));
}

function filters({ site, options }: WordPressTools): Parameters {
  return {
    ...(site.term && termFilter(site.term)),
    ...(options.lang !== undefined && { lang: options.lang }),
  };
}

/** The page of a category shows the posts of the categories below it, too. */
function termFilter({ parameter, id }: NonNullable<WordPressSite['term']>): Parameters {
  if (parameter === 'author') return { author: id };
  return { [`${parameter}[terms]`]: id, [`${parameter}[include_children]`]: 'true' };
}

type Listed = Extract<ApiAnswer, { kind: 'json' }>;

/** Throws `source.failed` when the API refuses. */
async function ask(tools: WordPressTools, type: string, parameters: Parameters, signal?: AbortSignal): Promise<Listed> {
  return unlessRefused(tools, type, await askAny(tools, type, parameters, signal));
}

function unlessRefused({ facts }: WordPressTools, type: string, answer: ApiAnswer): Listed {
  if (answer.kind === 'json') return answer;
  const said = answer.kind === 'refused' ? (answer.message ?? `status ${answer.status}`) : 'no answer';
  const hint = 'Check `url` and `types` in content/sources.yaml, and whether a plug-in restricts the REST API.';
  const isClosed = answer.kind === 'refused' && (answer.status === 401 || answer.status === 403);
  throw failed(facts.name, `WordPress does not list its ${type}: ${said}`, hint, isClosed ? API_CLOSED : undefined);
}

function askAny(
  tools: WordPressTools,
  type: string,
  parameters: Parameters,
  signal?: AbortSignal,
  more: Partial<WebRequest> = {},
): Promise<ApiAnswer> {
  const { facts, fetchWeb, site, options } = tools;
  const url = apiUrl(site.root, `wp/v2/${type}`, parameters);
  // Not of the address of the API: a page says it, and may say anything.
  const allowPrivate = options.allowPrivate ? { allowPrivate: [new URL(options.url).hostname] } : {};
  return askApi({ source: facts.name, fetchWeb }, { url, ...allowPrivate, ...more }, signal);
}

function itemsIn({ facts }: WordPressTools, bytes: Uint8Array): readonly unknown[] {
  const items = jsonFrom(bytes);
  if (Array.isArray(items)) return items;
  throw failed(facts.name, 'the REST API answers with something other than a list of posts.');
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
