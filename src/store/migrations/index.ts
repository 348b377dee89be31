/** Every migration, in order. A new one goes to the end; a database's version is how many it has had. */
import type { Migration } from '../migration.js';
import { firstTables } from './0001-first-tables.js';
import { sharedState } from './0002-shared-state.js';
import { signUps } from './0003-sign-ups.js';
import { arrangements } from './0004-arrangements.js';
import { switches } from './0005-switches.js';
import { signUpsDue } from './0006-sign-ups-due.js';
import { tallies } from './0007-tallies.js';
import { arrangementVersions } from './0008-arrangement-versions.js';
import { arrivals } from './0009-arrivals.js';
import { looks } from './0010-looks.js';
import { postOutcomes } from './0011-post-outcomes.js';
import { keptReadings } from './0014-kept-readings.js';
import { pieces } from './0015-pieces.js';
import { archive } from './0016-archive.js';
import { unknownDeliveries } from './0017-unknown-deliveries.js';
import { feedback } from './0023-feedback.js';

export const MIGRATIONS: readonly Migration[] = [
  firstTables,
  sharedState,
  signUps,
  arrangements,
  switches,
  signUpsDue,
  tallies,
  arrangementVersions,
  arrivals,
  looks,
  postOutcomes,
  keptReadings,
  pieces,
  archive,
  unknownDeliveries,
  feedback,
];
