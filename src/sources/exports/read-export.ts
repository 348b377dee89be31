/** The exports that are read as a whole, by kind. */
import type { ReadBodies, ReadHead } from '../web/listing-api.js';
import { type GhostExportFacts, ghostExport } from './ghost-export.js';
import { type SubstackFacts, substack } from './substack.js';

export type ExportJob = { readonly kind: 'export'; readonly bytes: Uint8Array; readonly paths?: readonly string[] } & (
  | { readonly of: 'ghost'; readonly facts: GhostExportFacts }
  | { readonly of: 'substack'; readonly facts: SubstackFacts }
);

/** The heads of an export, or the bodies of some of its posts. */
export function readExport(job: ExportJob): readonly ReadHead[] | ReadBodies | undefined {
  if (job.of === 'ghost')
    return job.paths ? ghostExport.bodies(job.bytes, job.paths, job.facts) : ghostExport.heads(job.bytes, job.facts);
  return job.paths ? substack.bodies(job.bytes, job.paths, job.facts) : substack.heads(job.bytes, job.facts);
}
