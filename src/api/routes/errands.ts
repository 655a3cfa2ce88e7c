import { z } from 'zod';
import { findErrand, pageOfErrands } from '../../db/operator/errands.ts';
import { findUndoneErrands } from '../../db/operator/undoings.ts';
import { missing } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { plainList } from '../schemas/common.ts';
import { errand, errandPage, errandView } from '../schemas/errand.ts';

const list = route({
  ...{ method: 'get', path: '/errands', resource: 'errands', scope: 'jobs:read' },
  does: 'List long work that was asked for, newest first',
  query: plainList,
  answers: { 200: { says: 'A page of errands', schema: errandPage } },
  handle: async ({ ctx, query, seesAddresses }) => {
    const page = await pageOfErrands(ctx.db, query);
    const undone = await findUndoneErrands(ctx.db, page.rows);
    const items = page.rows.map((row) => errandView(row, seesAddresses, undone.get(row.id)));
    return { status: 200, body: { items, next: page.next }, next: page.next };
  },
});

const one = route({
  ...{ method: 'get', path: '/errands/{id}', resource: 'errands', scope: 'jobs:read' },
  does: 'Show how far long work is',
  params: z.strictObject({
    id: z.coerce
      .number()
      .int()
      .min(1)
      .max(2 ** 31 - 1),
  }),
  exampleAt: { id: '12' },
  answers: { 200: { says: 'The errand', schema: errand } },
  handle: async ({ ctx, params: { id }, seesAddresses }) => {
    const found = await findErrand(ctx.db, id);
    if (!found) throw missing('errand of this number (any more)');
    const undone = await findUndoneErrands(ctx.db, [found]);
    return { status: 200, body: errandView(found, seesAddresses, undone.get(id)) };
  },
});

/** Long work: imports, acts on many readers, editions sent again. */
export const errandRoutes: readonly Route[] = [list, one];
