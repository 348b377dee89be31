/** The package's public face: the house as a library, for programs that are a door of their own. */
export { openApp } from './app.js';
export type { AppCommands } from './app-commands.js';
export type { AppOptions } from './build-app.js';
export type { App } from './cli/context.js';
export { type ErrorCode, GazetteError, type Problem } from './domain/errors.js';
export type { IssuePlan, PlannedPost } from './issue/plan.js';
export type { SendProgress, SendReport } from './sending/run.js';
