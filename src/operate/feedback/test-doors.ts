import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import { hasCome } from '../../db/feedback/silence.ts';
import { recordAct } from '../../db/operator/audit.ts';
import { doorsSet, knock, markOf, type KnockedDoor } from '../../feedback/doors/knock.ts';
import { deliveryToken } from '../../links/verp.ts';
import type { Actor } from '../../model/actor.ts';

/** How a door answered a test report. */
export interface TestedDoor {
  door: KnockedDoor;
  outcome: 'heard' | 'refused' | 'silent';
  seconds: number;
  /** What went wrong; null where it was heard. */
  problem: string | null;
}

/** How long a report is waited for, and how often it is looked for. */
const WAIT_MS = 60_000;
const LOOK_MS = 250;
/** Two machines' clocks may differ by so much. */
const CLOCKS_MS = 3_600_000;

/**
 * Sends a signed report through each door that is set and waits for it to come in: it speaks of a mail that there never
 * was, so it changes nothing. Empty where no door is set.
 */
export async function testDoors(ctx: Context, by: Actor, waitMs = WAIT_MS): Promise<TestedDoor[]> {
  const doors = doorsSet(ctx.config);
  const tested = await Promise.all(doors.map((door) => testDoor(ctx, door, waitMs)));
  const detail = Object.fromEntries(tested.map(({ door, outcome }) => [door, outcome]));
  if (doors.length > 0)
    await recordAct(ctx.db, { at: ctx.now(), actor: by, action: 'feedback.test', subject: 'doors', detail });
  return tested;
}

async function testDoor(ctx: Context, door: KnockedDoor, waitMs: number): Promise<TestedDoor> {
  const startedMs = performance.now();
  const seconds = () => Math.round((performance.now() - startedMs) / 100) / 10;
  const since = new Date(ctx.now().getTime() - CLOCKS_MS);
  const id = randomUUID();
  const [key] = ctx.keys.link;
  if (!key) return { door, outcome: 'refused', seconds: 0, problem: 'there is no key to sign with' };
  const token = deliveryToken(key, id);
  const report = { id, token, address: `b+${token}@${ctx.config.BOUNCE_DOMAIN ?? 'example.invalid'}` };
  const problem = await knock(ctx, door, report);
  if (problem !== null) return { door, outcome: 'refused', seconds: seconds(), problem };
  for (;;) {
    if (await hasCome(ctx.db, markOf(door, report), since))
      return { door, outcome: 'heard', seconds: seconds(), problem: null };
    if (performance.now() - startedMs > waitMs) break;
    await sleep(LOOK_MS);
  }
  const silent = `it was taken, and nothing came of it within ${Math.round(waitMs / 1000)} s: is \`offprint serve\` running?`;
  return { door, outcome: 'silent', seconds: seconds(), problem: silent };
}
