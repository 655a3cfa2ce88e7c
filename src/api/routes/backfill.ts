import { z } from 'zod';
import { findErrand } from '../../db/operator/errands.ts';
import { beginBackfill, foreseeBackfill, type BackfillForeseen } from '../../operate/errands/backfill.ts';
import { ApiProblem } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { dayGiven } from '../schemas/common.ts';
import { errand, errandView } from '../schemas/errand.ts';
import { answer, request } from '../schemas/named.ts';
import { sourceName } from '../schemas/paper.ts';

const wanted = request(
  'Backfill',
  z.strictObject({
    source: sourceName.describe('Of which source, as the settings name it'),
    from: dayGiven.describe('First day'),
    to: dayGiven.describe('Last day'),
    dryRun: z.boolean().default(false).describe('Only tell what it would ask for'),
  }),
);

const foreseen = answer(
  'BackfillForeseen',
  z.object({
    days: z.int(),
    known: z.int().describe('Of these, answered before and not asked for again'),
    atLeastSeconds: z.int().describe('What its host wants between requests takes as long'),
  }),
);

type Refused = Exclude<BackfillForeseen, { outcome: 'ready' }>;

function refusal(told: Refused): ApiProblem {
  switch (told.outcome) {
    case 'unknown':
      return wrong('#/source', 'There is no source of this name; expected one that SOURCES names');
    case 'newest-alone':
      return wrong('#/source', 'This source tells its newest papers alone, and cannot be asked for past days');
    case 'days':
      return wrong('#/to', `Expected 1 to ${told.most} days in their order, the last no later than ${told.last}`);
  }
}

function wrong(pointer: string, detail: string): ApiProblem {
  return new ApiProblem(422, detail, { errors: [{ pointer, detail }] });
}

const begin = route({
  ...{ method: 'post', path: '/digests/backfill', resource: 'digests', scope: 'papers:write' },
  does: 'Take in past days of a source',
  more: 'A dry run answers 200. Else days are asked for in the background, as slowly as their host wants it: 202 with the errand. What comes is never mailed as news.',
  body: wanted,
  example: { source: 'hf', from: '2025-12-01', to: '2025-12-31', dryRun: true },
  answers: {
    200: { says: 'What it would ask for', schema: foreseen },
    202: { says: 'It has begun', schema: errand },
  },
  handle: async ({ ctx, body: { dryRun, ...wish }, by, seesAddresses }) => {
    const told = await foreseeBackfill(ctx, wish);
    if (told.outcome !== 'ready') throw refusal(told);
    const { days, known, atLeastMs } = told;
    if (dryRun) return { status: 200, body: { days, known, atLeastSeconds: Math.ceil(atLeastMs / 1000) } };
    const id = await beginBackfill(ctx, wish, by);
    const begun = id === null ? null : await findErrand(ctx.db, id);
    if (!begun) throw new Error('an errand vanished as it began');
    return { status: 202, body: errandView(begun, seesAddresses), location: `/errands/${begun.id}` };
  },
});

/** Past days of a source. */
export const backfillRoutes: readonly Route[] = [begin];
