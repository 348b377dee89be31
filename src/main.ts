#!/usr/bin/env node
/** The program `gazette`. */
import { runGazette } from './run-gazette.js';

await runGazette();
