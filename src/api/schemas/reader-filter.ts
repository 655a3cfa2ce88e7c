import { z } from 'zod';
import { READER_STATES } from '../../model/reader-filter.ts';
import { CADENCES } from '../../model/subscriber.ts';

/** What narrows the list of readers beside their status and address; all that is said must hold. */
export const readerFilters = {
  state: z.enum(READER_STATES).optional().describe('A status, or `paused`, or `suppressed`'),
  interest: z.string().trim().min(1).max(200).optional().describe('Who wants this: a topic, or words'),
  domain: z.string().trim().min(1).max(253).optional().describe('Domain of their address'),
  cadence: z.enum(CADENCES).optional(),
  language: z
    .string()
    .regex(/^[a-z]{2,8}$/, 'expected a language such as en')
    .optional(),
  source: z
    .string()
    .regex(/^[a-z-]{1,40}$/, 'expected form, import, cli or api')
    .optional()
    .describe('Where they came from: form, import, cli, api'),
  unmailedSince: z.iso.datetime().optional().describe('Who got no newsletter since then'),
};
