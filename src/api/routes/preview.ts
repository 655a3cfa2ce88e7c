import { z } from 'zod';
import { holdWishes } from '../../db/interests/examples.ts';
import { choosePreview } from '../../preview/choose-preview.ts';
import { findFor, inStoredOrder } from '../../preview/find-wishes.ts';
import { openRecentPapers } from '../../preview/recent-papers.ts';
import type { ChosenPaper } from '../../model/newsletter.ts';
import { settledPreferences } from '../../subscribers/asked-preferences.ts';
import { checkWishes } from '../../subscribers/sign-up.ts';
import { route, type Route } from '../route.ts';
import { day } from '../schemas/common.ts';
import { answer } from '../schemas/named.ts';
import { entry, entryView } from '../schemas/paper.ts';
import { INTEREST_KINDS } from '../schemas/subscriber.ts';
import { wishesGiven } from '../schemas/subscriber-changes.ts';
import { refuseUnread, signUpSettings, unusable } from '../sign-up.ts';

const reason = z.object({ kind: z.string(), text: z.string(), where: z.string() });

const chosen = z.object({
  entry,
  interest: z
    .object({ kind: z.enum(INTEREST_KINDS), text: z.string() })
    .nullable()
    .describe('What brought it; null where it is there by trend'),
  score: z.number().min(0).max(1).nullable().describe('Probability that the reader calls it right'),
  reasons: z.array(reason),
});

const preview = answer(
  'Preview',
  z.object({
    digestOn: day.nullable().describe('The newest list there is; null before the first'),
    papers: z.array(chosen),
    perhaps: z.array(chosen).describe('Somewhat below the line, where the reader wants them'),
    considered: z.int(),
    more: z.int().describe('That fit too, and found no room'),
  }),
);

const NOTHING = { papers: [], perhaps: [], considered: 0, more: 0 };

const make = route({
  ...{ method: 'post', path: '/preview', resource: 'preview', scope: 'papers:read' },
  does: 'Show which papers some interests would bring, and why',
  more: 'The papers are chosen by the code that sends, from the newest digest. Nothing is kept.',
  body: wishesGiven,
  example: { interests: ['speculative decoding'], topics: ['robotics'], maxPapers: 5 },
  answers: { 200: { says: 'The papers, best first', schema: preview } },
  handle: async ({ ctx, body }) => {
    const checked = checkWishes(body, await signUpSettings(ctx));
    if (!checked.ok) throw unusable(checked.problems);
    refuseUnread(checked.value);
    const papers = await openRecentPapers(ctx)();
    if (!papers) return { status: 200, body: { digestOn: null, ...NOTHING } };
    const preferences = settledPreferences(checked.value.preferences);
    const wishes = await holdWishes(ctx.db, inStoredOrder(checked.value.wishes));
    const choice = await choosePreview(papers, await findFor(papers, wishes, preferences), preferences);
    const body200 = choice
      ? {
          papers: choice.papers.map(chosenView),
          perhaps: (choice.perhaps ?? []).map(chosenView),
          ...{ considered: choice.consideredCount, more: choice.moreCount },
        }
      : NOTHING;
    return { status: 200, body: { digestOn: papers.newestOn, ...body200 } };
  },
});

function chosenView({ entry: listed, match }: ChosenPaper): z.output<typeof chosen> {
  return {
    entry: entryView(listed),
    interest: match && { kind: match.interestKind, text: match.wording ?? match.interestText },
    score: match && match.score,
    reasons: match?.reasons.map(({ kind, text, where }) => ({ kind, text, where })) ?? [],
  };
}

/** The preview. */
export const previewRoutes: readonly Route[] = [make];
