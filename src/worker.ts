/** The program of a thread that reads what strangers wrote. */
import { answerJobs } from './platform/worker-jobs.js';
import { parse } from './sources/parse.js';

answerJobs(parse);
