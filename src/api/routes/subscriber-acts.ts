import { findListedSubscriber } from '../../db/subscribers/list.ts';
import { MAX_PAUSE_DAYS, pause, type PauseOutcome } from '../../subscribers/pause.ts';
import { undoUnsubscribe, unsubscribe } from '../../subscribers/unsubscribe.ts';
import { ApiProblem } from '../problem.ts';
import { route, type Answer, type Route } from '../route.ts';
import { iso } from '../schemas/common.ts';
import { pauseGiven, readerAct } from '../schemas/subscriber-changes.ts';
import { noReader, readerId } from './subscribers.ts';

const SHARED = {
  ...({ method: 'post', resource: 'subscribers', scope: 'subscribers:write' } as const),
  params: readerId,
  answers: { 200: { says: 'What became of it', schema: readerAct } },
};

const pauseReader = route({
  ...SHARED,
  path: '/subscribers/{id}/pause',
  does: 'Pause a reader until a moment',
  body: pauseGiven,
  example: { until: '2027-01-06T08:00:00Z' },
  handle: async ({ ctx, params: { id }, body, by }) => {
    const until = new Date(body.until);
    const now = ctx.now();
    if (until <= now || until.getTime() - now.getTime() > MAX_PAUSE_DAYS * 86_400_000) {
      const detail = `expected a moment to come, ${MAX_PAUSE_DAYS} days ahead at most`;
      throw new ApiProblem(422, 'The body cannot be used', { errors: [{ detail, pointer: '#/until' }] });
    }
    return paused(await pause(ctx, { publicId: id }, until, { actor: by }));
  },
});

const resumeReader = route({
  ...SHARED,
  path: '/subscribers/{id}/resume',
  does: 'End a pause',
  handle: async ({ ctx, params: { id }, by }) => paused(await pause(ctx, { publicId: id }, null, { actor: by })),
});

const leave = route({
  ...SHARED,
  path: '/subscribers/{id}/unsubscribe',
  does: 'Take a reader out at once',
  handle: async ({ ctx, params: { id }, by }) => {
    const result = await unsubscribe(ctx, { publicId: id }, { actor: by });
    if (result.outcome === 'unknown') throw noReader();
    const cancelled = result.outcome === 'unsubscribed' ? result.cancelled : 0;
    return { status: 200, body: { outcome: result.outcome, cancelled, nextDueAt: null } };
  },
});

const comeBack = route({
  ...SHARED,
  path: '/subscribers/{id}/undo-unsubscribe',
  does: 'Take an unsubscribe back',
  more: 'Schedule and interests are as they were. 409 where they never confirmed, or nothing may be sent to them.',
  handle: async ({ ctx, params: { id }, by }) => {
    const result = await undoUnsubscribe(ctx, { publicId: id }, { actor: by });
    if (result.outcome === 'unknown') throw noReader();
    if (result.outcome === 'ended')
      throw new ApiProblem(409, 'They never confirmed, or nothing may be sent to their address');
    const { nextDueAt } = (await findListedSubscriber(ctx.db, id)) ?? { nextDueAt: null };
    return { status: 200, body: { outcome: result.outcome, cancelled: 0, nextDueAt: iso(nextDueAt) } };
  },
});

function paused(result: PauseOutcome): Answer {
  if (result.outcome === 'unknown') throw noReader();
  if (result.outcome === 'not-confirmed')
    throw new ApiProblem(409, 'They get no newsletters: only a confirmed reader can be paused');
  const { outcome, cancelled, nextDueAt } = result;
  return { status: 200, body: { outcome, cancelled, nextDueAt: iso(nextDueAt) } };
}

/** What can be done for a reader besides changing them. */
export const subscriberActRoutes: readonly Route[] = [pauseReader, resumeReader, leave, comeBack];
