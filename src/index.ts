/** The public interface of the package, for programs that use Gazette as a library. */
export { openApp } from './app.js';
export type { AppOptions } from './build-app.js';
export type { App, Workspace } from './cli/context.js';
export { type ErrorCode, GazetteError, type Problem } from './domain/errors.js';
export type { IssuePlan, PlannedPost } from './issue/plan.js';
export type { SendProgress, SendReport } from './sending/run.js';
