import { z } from 'zod';
import { CHECKS, STATES, type Check } from '../../operate/doctor/check.ts';
import type { DnsRecord } from '../../operate/doctor/records.ts';

/** What the doctor found, as `doctor --json` tells it. */
export const diagnosisAnswer = z.object({
  well: z.boolean().describe('Nothing is a problem'),
  checks: z.array(
    z.object({
      name: z.enum(CHECKS),
      about: z.string().describe('Which of several; empty where there is one'),
      state: z.enum(STATES),
      says: z.string(),
      remedy: z.string().nullable(),
    }),
  ),
  dns: z
    .array(z.object({ name: z.string(), type: z.enum(['TXT', 'MX', 'PTR']), value: z.string() }))
    .describe('Records to publish'),
});

/** Tells what the doctor found. */
export function diagnosisView(checks: readonly Check[], dns: readonly DnsRecord[]): z.output<typeof diagnosisAnswer> {
  return {
    well: isWell(checks),
    checks: checks.map((check) => ({ ...check })),
    dns: dns.map((record) => ({ ...record })),
  };
}

/** Tells whether nothing is a problem. */
export function isWell(checks: readonly Check[]): boolean {
  return checks.every(({ state }) => state !== 'problem');
}
