/** The public interface of the package, for programs that use Gazette as a library. */
export { openApp } from './app.js';
export type { AppOptions } from './build-app.js';
export type { App, Workspace } from './cli/context.js';
export { type ErrorCode, GazetteError, type Problem } from './domain/errors.js';
export type { CollectRequest, Source } from './domain/ports/content.js';
export type { FetchWeb, WebRequest, WebResponse } from './domain/ports/host.js';
export type { BrokenPost, Collection, Post } from './domain/post.js';
export type { IssuePlan, PlannedPost } from './issue/plan.js';
export { type RunOptions, runGazette } from './run-gazette.js';
export type { SendProgress, SendReport } from './sending/run.js';
export {
  collectionOf,
  defineSource,
  type SourceKind,
  type SourceOptions,
  type SourceTools,
  type WrittenPost,
  z,
} from './sources/index.js';
