/** The package's public face: the house as a library, for programs that are a door of their own. */
export { openApp } from './app.js';
export type { AppOptions } from './build-house.js';
export type { FrontDoor } from './cli/context.js';
export { type ErrorCode, GazetteError, type Problem } from './domain/errors.js';
export type { Flows } from './flows/index.js';
export type { IssuePlan, PlannedPost } from './flows/plan-issue.js';
export type { SendProgress, SendReport } from './flows/send-planned.js';
