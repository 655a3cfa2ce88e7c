/**
 * Says how often a test of chances, or of large numbers, does its work: `full` times where THOROUGH=1 is set, as before
 * a release (`npm run test:thorough`), else `daily` times. What it claims is the same for both.
 */
export function often(full: number, daily: number): number {
  return process.env['THOROUGH'] === '1' ? full : daily;
}
