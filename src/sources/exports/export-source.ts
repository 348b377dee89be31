/** An export in one file as a source of posts. It is parsed when it changed, and when bodies of it are needed. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Source } from '../../domain/ports/content.js';
import type { JobEnd } from '../../domain/ports/host.js';
import { unfinished } from '../post-reading.js';
import type { SourceTools } from '../source-tools.js';
import { readInParts, readingOf } from '../web/api-bodies.js';
import { failed } from '../web/api-request.js';
import type { ReadHead } from '../web/listing-api.js';
import type { GhostExportOptions, SubstackOptions } from './export-options.js';
import type { ExportJob } from './read-export.js';

export function ghostExportSource(name: string, options: GhostExportOptions, tools: SourceTools): Source {
  const facts = { name, site: options.site, types: options.types, language: options.language };
  return exportSource(name, options, tools, (bytes) => ({ kind: 'export', of: 'ghost', bytes, facts }), 'Ghost');
}

export function substackSource(name: string, options: SubstackOptions, tools: SourceTools): Source {
  const facts = { name, site: options.site, language: options.language };
  return exportSource(name, options, tools, (bytes) => ({ kind: 'export', of: 'substack', bytes, facts }), 'Substack');
}

/** @param jobOf what a thread does with the file @param maker whose export it is, for messages */
function exportSource(
  name: string,
  options: GhostExportOptions | SubstackOptions,
  { files, contentDir, runParse }: SourceTools,
  jobOf: (bytes: Uint8Array) => ExportJob,
  maker: string,
): Source {
  const read = async () => {
    const bytes = await files.read(resolve(contentDir, options.file));
    if (bytes !== undefined) return bytes;
    throw failed(
      name,
      `there is no file ${options.file}.`,
      'Correct `file` in content/sources.yaml; it is relative to content/.',
    );
  };
  const parse = (job: ExportJob, signal?: AbortSignal): Promise<JobEnd> => runParse(job, signal);
  return {
    name,
    collect: async ({ kept, keep, signal }) => {
      const bytes = await read();
      const version = createHash('sha256').update(JSON.stringify(options)).update(bytes).digest('hex');
      if (kept === version) return { source: name, posts: [], broken: [], complete: false };
      const end = await parse(jobOf(bytes), signal);
      if (end.kind !== 'done') throw failed(name, unfinished(end));
      const heads = end.result as readonly ReadHead[] | undefined;
      if (heads === undefined)
        throw failed(name, `${options.file} is no export of ${maker}.`, `Export it again in ${maker}.`);
      keep(version);
      return {
        source: name,
        posts: heads.flatMap((head) => (head.kind === 'post' ? [head.post] : [])),
        broken: heads.flatMap((head) => (head.kind === 'broken' ? [head.broken] : [])),
        complete: true,
      };
    },
    bodies: async (posts, signal) => {
      const bytes = await read();
      const paths = posts.flatMap(({ keys }) => keys.path ?? []);
      const bodies = await readInParts((some) => parse({ ...jobOf(bytes), paths: some }, signal), undefined, paths);
      return posts.map((post) => readingOf(post, bodies[post.keys.path ?? '']));
    },
  };
}
