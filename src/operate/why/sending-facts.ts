import type { Context } from '../../context.ts';
import { lookAtCircuit } from '../../db/sending/circuit.ts';
import { lookAtDay } from '../../db/sending/days.ts';
import { findHold } from '../../db/sending/holds.ts';
import { lookAtPace } from '../../db/sending/paces.ts';
import { quietUntil } from '../../deliver/claiming/quiet-hours.ts';
import { domainOf } from '../../model/address.ts';
import type { SendingFacts } from './facts.ts';

/** Looks at what may hold a newsletter up at a moment, without taking a place of it. */
export async function sendingFacts(
  ctx: Context,
  reader: { email: string; timeZone: string },
  at: { slotAt: Date | null; now: Date },
): Promise<SendingFacts> {
  const { QUIET_HOURS = null, WARM_UP, DOMAIN_RATE_PER_MINUTE = null } = ctx.config;
  const [paceMs, circuit, hold, warmUp] = await Promise.all([
    lookAtPace(ctx.db, domainOf(reader.email)),
    lookAtCircuit(ctx.db),
    findHold(ctx.db),
    WARM_UP ? lookAtDay(ctx.db, WARM_UP, at.now) : null,
  ]);
  const clock = { timeZone: reader.timeZone, slotAt: at.slotAt };
  return {
    quietUntil: QUIET_HOURS ? quietUntil(at.now, QUIET_HOURS, clock) : null,
    quietHours: QUIET_HOURS,
    ...{ warmUp, paceMs, circuit, hold, perMinute: DOMAIN_RATE_PER_MINUTE },
  };
}
