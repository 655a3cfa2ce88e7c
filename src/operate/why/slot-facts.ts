import { REST_MS } from '../../standing/policy.ts';
import type { Context } from '../../context.ts';
import { findRunSince, RUN_DAYS } from '../../db/operator/runs.ts';
import type { OneMail } from '../../db/ledger/one-mail.ts';
import { findNothing, type NotedNothing } from '../../db/newsletters/nothing.ts';
import type { AsDue } from '../../db/subscribers/as-due.ts';
import { knownZone, localDate } from '../../lib/time.ts';
import { editionKey, welcomeKey } from '../../model/edition.ts';
import { decideSlot } from '../../plan/decide-slot.ts';
import { decideDue, type Slot } from '../../plan/due.ts';
import { slotOfEdition } from '../../plan/missed.ts';
import { planningProblem } from '../../plan/planning-problem.ts';
import { asThen } from './as-then.ts';
import type { SlotFacts, SlotStop, Who } from './facts.ts';

/** The reader whose slot it is. */
export interface SlotReader extends Who {
  due: AsDue;
  /** When their welcome newsletter is due; null where none is to come. */
  welcomeDueAt: Date | null;
}

const DAY_MS = 86_400_000;
const NONE = { slot: null, paused: false, past: false, problem: null, nothing: null, stood: null } as const;

/** Finds what decides about the slot in an edition: what planning did, or would do with the same functions. */
export async function slotInEdition(
  ctx: Context,
  key: string,
  who: SlotReader,
  mail: OneMail | null,
): Promise<SlotFacts> {
  const now = ctx.now();
  if (mail?.slotAt) {
    const slot = { at: mail.slotAt, on: localDate(mail.slotAt, knownZone(who.due.schedule.timeZone)) };
    return { ...NONE, edition: key, slot, decidedAt: mail.createdAt, stop: null, past: true };
  }
  if (key.startsWith('welcome:')) return welcomeSlot(ctx, key, who);
  const slot = reckoned(() => slotOfEdition(who.due.schedule, key));
  if (slot === 'unknown') return setAside(ctx, key, who);
  const { dueAt, lastSlotOn } = who.due;
  const waits = slot !== null && dueAt !== null && dueAt <= slot.at && (lastSlotOn === null || lastSlotOn < slot.on);
  const nothing = mail || waits ? null : await findNothing(ctx.db, key, who.due.id);
  if (nothing) return noted(ctx, { key, slot, who }, nothing);
  if (!slot) return { ...NONE, edition: key, decidedAt: now, stop: 'no-slot' };
  if (slot.at > now || waits) return foreseen(ctx, { key, slot, who });
  return past(ctx, { key, slot, who });
}

/** Finds what comes next for a reader. */
export function nextSlotFacts(ctx: Context, who: SlotReader): SlotFacts {
  const { due, reader } = who;
  if (who.welcomeDueAt && reader.status === 'confirmed') return welcomeSlot(ctx, welcomeKey(reader.confirmations), who);
  if (due.dueAt === null) return { ...NONE, edition: null, decidedAt: ctx.now(), stop: 'none-due' };
  const { dueAt, schedule } = due;
  const at = dueAt > ctx.now() ? dueAt : ctx.now();
  const found = reckoned(() => decideDue(schedule, dueAt, due.lastSlotOn, at, ctx.config.LATE_HOURS).slot);
  if (found === 'unknown') return setAside(ctx, null, who);
  const slot = found ?? { at: dueAt, on: localDate(dueAt, schedule.timeZone) };
  return foreseen(ctx, { key: editionKey(schedule.cadence, slot.on), slot, who });
}

interface Asked {
  key: string;
  slot: Slot;
  who: SlotReader;
}

/** What planning would decide once the slot has come. */
function foreseen(ctx: Context, { key, slot, who }: Asked): SlotFacts {
  const now = ctx.now();
  const decidedAt = slot.at > now ? slot.at : now;
  const { dueAt } = who.due;
  const facts = { ...NONE, edition: key, slot, decidedAt };
  if (who.reader.status !== 'confirmed' || dueAt === null) return { ...facts, stop: 'none-due' };
  const from = dueAt < slot.at && slot.at > now ? slot.at : dueAt;
  return { ...facts, ...decided(ctx, { ...who, due: { ...who.due, dueAt: from } }, { slot, decidedAt }) };
}

/** What planning decided when the slot had come, told from what is known of then. */
async function past(ctx: Context, { key, slot, who }: Asked): Promise<SlotFacts> {
  const decidedAt = await whenDecided(ctx, slot);
  const { who: stood, returned } = await asThen(ctx, who, decidedAt);
  const facts = { ...NONE, edition: key, slot, decidedAt, past: true, stood };
  const { confirmedAt, pausedUntil } = stood.reader;
  if (!returned && (confirmedAt === null || confirmedAt > slot.at)) return { ...facts, stop: 'not-confirmed-yet' };
  const { restUntil: rest } = who.due;
  const restUntil = rest !== null && rest.getTime() - REST_MS > decidedAt.getTime() ? null : rest;
  const due = { ...who.due, dueAt: slot.at, lastSlotOn: null, pausedUntil, restUntil };
  return { ...facts, ...decided(ctx, { ...who, ...stood, due }, { slot, decidedAt }) };
}

/** What planning wrote down when it found nothing: the slot was decided then, by the schedule of then. */
async function noted(
  ctx: Context,
  { key, slot, who }: Omit<Asked, 'slot'> & { slot: Slot | null },
  nothing: NotedNothing,
): Promise<SlotFacts> {
  const { at } = nothing;
  const had = slot && slot.at <= at ? slot : { at, on: localDate(at, knownZone(who.due.schedule.timeZone)) };
  const { who: stood } = await asThen(ctx, who, at);
  return { ...NONE, edition: key, slot: had, decidedAt: at, stop: null, past: true, nothing, stood };
}

/**
 * Finds when a slot was decided: by the first run since. It did something, so it is remembered for RUN_DAYS; the first
 * one known of an older slot is another, and the slot is told as if it had been decided when it came.
 */
async function whenDecided(ctx: Context, { at }: Slot): Promise<Date> {
  const now = ctx.now();
  const isRemembered = now.getTime() - at.getTime() < RUN_DAYS * DAY_MS;
  const ran = isRemembered ? await findRunSince(ctx.db, 'plan', at) : null;
  return ran && ran <= now ? ran : at;
}

function decided(
  ctx: Context,
  { due, suppression }: SlotReader,
  { slot, decidedAt }: { slot: Slot; decidedAt: Date },
): Pick<SlotFacts, 'stop' | 'paused' | 'problem'> {
  const decide: Parameters<typeof decideSlot>[2] = (schedule, dueAt, lastSlotOn) =>
    decideDue(schedule, dueAt, lastSlotOn, decidedAt, ctx.config.LATE_HOURS);
  const suppressed = suppression !== null && suppression.at <= decidedAt;
  const { dueAt } = due;
  if (dueAt === null) return { stop: 'none-due', paused: false, problem: null };
  const decision = reckoned(() => decideSlot({ ...due, dueAt, suppressed }, decidedAt, decide));
  if (decision === 'unknown')
    return { stop: 'set-aside', paused: false, problem: planningProblem({ ...due, id: due.id }, null) };
  const { passedOver } = decision;
  return { stop: stopOf(passedOver, decision.lastSlotOn, slot), paused: passedOver === 'paused', problem: null };
}

function stopOf(passedOver: string | null, lastSlotOn: string, slot: Slot): SlotStop | null {
  if (lastSlotOn > slot.on) return 'merged';
  // The pause and the suppression have gates of their own.
  return passedOver === 'late' || passedOver === 'in-doubt' ? passedOver : null;
}

function welcomeSlot(ctx: Context, key: string, { welcomeDueAt, due, reader }: SlotReader): SlotFacts {
  const now = ctx.now();
  const isNext = welcomeDueAt !== null && key === welcomeKey(reader.confirmations);
  if (!isNext) return { ...NONE, edition: key, decidedAt: now, stop: 'no-slot', past: true };
  const slot = { at: welcomeDueAt, on: localDate(welcomeDueAt, due.schedule.timeZone) };
  return { ...NONE, edition: key, slot, decidedAt: now, stop: null };
}

function setAside(ctx: Context, edition: string | null, { due }: SlotReader): SlotFacts {
  const problem = planningProblem({ ...due, id: due.id }, null);
  return { ...NONE, edition, decidedAt: ctx.now(), stop: 'set-aside', problem };
}

/** What cannot be reckoned in a zone that this system does not know is unknown. */
function reckoned<T>(reckon: () => T): T | 'unknown' {
  try {
    return reckon();
  } catch {
    return 'unknown';
  }
}
