// `node .ci/counts.mjs REPORT STEP`: prints `PASSED FAILED` of a JSON report of vitest, and on standard error each test
// that failed with the first lines of its reason.
import { readFileSync } from 'node:fs';

const [, , path, step] = process.argv;
const report = JSON.parse(readFileSync(path, 'utf8'));
process.stdout.write(`${report.numPassedTests} ${report.numFailedTests}\n`);
for (const { name, message, assertionResults } of report.testResults) {
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  const file = name.replace(`${process.cwd()}/`, '');
  for (const { fullName, failureMessages } of failed) tell(`${file} › ${fullName}`, failureMessages.join('\n'));
  // A file that could not be loaded has no tests, but a message.
  if (failed.length === 0 && message) tell(file, message);
}

function tell(what, why) {
  process.stderr.write(`FAILED: ${step}: ${what}\n${why.split('\n').slice(0, 8).join('\n')}\n\n`);
}
