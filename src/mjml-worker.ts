/** The program of a thread that prints MJML, so that the event loop of a service stays free. */
import { answerJobs } from './platform/worker-jobs.js';
import { printMjml } from './render/print-mjml.js';

answerJobs(printMjml);
