import { noteCorrection } from '../../db/feedback/anew.ts';
import { findEvent } from '../../db/feedback/list.ts';
import { lockStandings } from '../../db/feedback/standings.ts';
import type { FeedbackKind } from '../../model/feedback.ts';
import { putBack } from '../../standing/weigh-anew.ts';
import { weighWithin } from '../../standing/weigh-events.ts';
import type { WayBack } from './way-back.ts';

/** Correcting an event: taken back, it counts again for what it was taken for. */
export const eventWay: WayBack = {
  soft: ['effect'],
  read: async (_ctx, tx, { subject }) => {
    await lockStandings(tx);
    const event = await findEvent(tx, idIn(subject));
    return event && { corrected: event.correctedKind, effect: event.effect };
  },
  restore: async (ctx, tx, { subject, before, after }) => {
    const event = await findEvent(tx, idIn(subject));
    if (!event) return null;
    await noteCorrection(tx, event.rowId, before['corrected'] as FeedbackKind | null);
    if (before['corrected'] !== null || after['effect'] !== 'undone') return null;
    await putBack(ctx, tx, [event.rowId]);
    await weighWithin(ctx, tx);
    return null;
  },
};

function idIn(subject: string | null): string {
  return (subject ?? '').replace('event:', '');
}
