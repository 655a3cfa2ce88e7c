import { z } from 'zod';
import { why } from '../../operate/why/why.ts';
import { route, type Route } from '../route.ts';
import { editionKeyText } from '../schemas/common.ts';
import { emailGiven } from '../schemas/subscriber-changes.ts';
import { whyAnswer, whyView } from '../schemas/why.ts';
import { addressIn } from './subscribers.ts';

const ask = route({
  ...{ method: 'get', path: '/why', resource: 'why', scope: 'editions:read' },
  does: 'Tell why somebody got a newsletter or a paper, or did not',
  more: 'The gates in the order in which they are asked, by the functions that decide: passed, stopped or not reached.',
  query: z.strictObject({
    email: emailGiven.describe('Whose'),
    edition: editionKeyText.optional().describe('In this edition; else the next one'),
    paper: z.string().min(1).max(300).optional().describe('Of this paper: its id here, an arXiv id or link, or a DOI'),
  }),
  exampleAt: { email: 'ada@example.org' },
  answers: { 200: { says: 'Why', schema: whyAnswer } },
  handle: async ({ ctx, query: { email, edition, paper }, seesAddresses }) => {
    const asked = {
      email: addressIn(email),
      ...(edition !== undefined && { edition }),
      ...(paper !== undefined && { paper }),
    };
    return { status: 200, body: whyView(await why(ctx, asked), seesAddresses) };
  },
});

/** Why. */
export const whyRoutes: readonly Route[] = [ask];
