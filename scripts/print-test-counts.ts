/** Prints `N passed, N failed, N skipped` from Vitest's JSON report, and fails if no test passed. */
import { readFileSync } from 'node:fs';

const path = process.argv[2] ?? '';
const report = JSON.parse(readFileSync(path, 'utf8')) as {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numFailedTestSuites: number;
};
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites } = report;
// A file that fails to load counts as a failed suite without failed tests.
const failed = Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0);
console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`);
if (numPassedTests === 0) process.exitCode = 1;
