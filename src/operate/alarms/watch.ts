import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { AlarmTarget } from '../../alarm-settings.ts';
import type { Context } from '../../context.ts';
import {
  claimAlarms,
  endAlarms,
  noteAlarmTold,
  seeAlarms,
  type DueAlarm,
  type SeenAlarm,
} from '../../db/operator/open-alarms.ts';
import { messageOf } from '../../lib/errors.ts';
import { claimAway, claimBack, unclaimAway, type AwayMemory } from './away-mark.ts';
import { pageOf, type AlarmCode } from './codes.ts';
import { lookForTrouble } from './look-for-trouble.ts';
import { sendAlarm, type AlarmMessage } from './send-alarm.ts';
import { tellByMail } from './tell-by-mail.ts';
import { keyOf, type Trouble } from './trouble.ts';

/** How often a process looks whether something is wrong: an alarm is there within a minute. */
const LOOK_MS = 30_000;
/** A look that takes longer than this tells of the database by that. */
const PATIENCE_MS = 15_000;
/** How often what a target did not take is sent to it again, once a look. */
const TRIES = 10;
/** Most that waits for targets which do not answer. */
const MOST_OWED = 50;
/** What is true of this machine alone, and may be otherwise on another. */
const OF_MACHINE: ReadonlySet<AlarmCode> = new Set(['disk-low', 'clock-off', 'journal-fails']);

/** What a process that watches remembers from look to look. */
export interface Watch {
  /** The database does not answer: it cannot keep what is wrong, so this process does. */
  awaySince: Date | null;
  away: AwayMemory;
  owed: { target: AlarmTarget; message: AlarmMessage; tries: number }[];
}

/** Begins to watch, with nothing seen. */
export function newWatch(): Watch {
  return { awaySince: null, away: { toldAt: null }, owed: [] };
}

/** Looks every half a minute whether something is wrong, and tells; returns what stops it. */
export function watchForTrouble(ctx: Context, lookMs = LOOK_MS): () => Promise<void> {
  const watch = newWatch();
  let looking: Promise<void> | null = null;
  const timer = setInterval(() => {
    looking ??= lookAndTell(ctx, watch)
      .catch((error: unknown) => ctx.log.warn({ problem: messageOf(error) }, 'alarms'))
      .finally(() => (looking = null));
  }, lookMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await looking;
  };
}

/** Looks once: notes what is wrong, ends what is over, and tells what somebody does not know yet. */
export async function lookAndTell(ctx: Context, watch: Watch): Promise<void> {
  const [troubles] = await Promise.all([withinPatience(lookForTrouble(ctx)), sendOwed(ctx, watch)]);
  const away = troubles.find(({ code }) => code === 'database-away');
  if (away) {
    const others = troubles.filter((trouble) => trouble !== away);
    return tellAway(ctx, watch, { ...away, does: [away.does, ...others.map(besides)].join(' ') });
  }
  if (watch.awaySince) await tellBack(ctx, watch);
  await seeAlarms(ctx.db, troubles.map(alarmOf));
  await endAlarms(ctx.db, ctx.config.ADMIN_EMAIL !== undefined);
  // Side by side: a place that hangs holds up no others, nor a claim until another process takes it.
  await Promise.all((await claimAlarms(ctx.db)).map((due) => tell(ctx, watch, due)));
}

/** What is wrong while nothing can be kept is told with what is. */
function besides({ happened, type }: Trouble): string {
  return `${happened}. To type: ${type}.`;
}

/** A database that hangs is away. */
async function withinPatience(looking: Promise<Trouble[]>): Promise<Trouble[]> {
  let timer: NodeJS.Timeout | undefined;
  const away: Trouble = {
    ...{ code: 'database-away', about: '', happened: `The database did not answer within ${PATIENCE_MS / 1_000} s` },
    ...{ does: 'Nothing is lost: mails wait in the ledger, and all goes on when it is back.', type: 'offprint doctor' },
  };
  const late = new Promise<Trouble[]>((resolve) => (timer = setTimeout(() => resolve([away]), PATIENCE_MS)));
  // What breaks in the middle of looking is an outage as well; the next look tells where it is another fault.
  const broken = looking.catch((error: unknown) => [
    { ...away, happened: `The database broke off: ${messageOf(error)}` },
  ]);
  const found = await Promise.race([broken, late]);
  clearTimeout(timer);
  return found;
}

function alarmOf(trouble: Trouble): SeenAlarm {
  const { code, happened, does, type } = trouble;
  const key = OF_MACHINE.has(code) ? `${code}:${hostname()}` : keyOf(trouble);
  return { key, code, subject: happened, lines: linesOf({ code, does, type }) };
}

function linesOf({ code, does, type }: Pick<Trouble, 'code' | 'does' | 'type'>): string[] {
  return [does, `To type: ${type}`, `More: ${pageOf(code)}`];
}

/** The database cannot say who tells: DATA_DIR does, for all that share it, also those that start meanwhile. */
async function tellAway(ctx: Context, watch: Watch, away: Trouble): Promise<void> {
  if (!watch.awaySince) ctx.log.error({ code: away.code }, away.happened);
  watch.awaySince ??= ctx.now();
  if (ctx.config.ALARM_URLS.length === 0) return;
  const news = await claimAway(ctx, watch.away);
  if (news === null) return;
  const taken = await sendToAll(ctx, watch, messageOfTrouble(ctx, away, news));
  if (!taken) await unclaimAway(ctx, watch.away);
}

async function tellBack(ctx: Context, watch: Watch): Promise<void> {
  const since = watch.awaySince?.toISOString() ?? '';
  watch.awaySince = null;
  if ((await claimBack(ctx, watch.away)) === null) return;
  const back: Trouble = {
    ...{ code: 'database-away', about: '', happened: `The database answers again; it was away since ${since}` },
    ...{ does: 'Everything goes on where it was.', type: 'offprint status' },
  };
  await sendToAll(ctx, watch, messageOfTrouble(ctx, back, 'over'), true);
}

function messageOfTrouble(ctx: Context, trouble: Trouble, news: AlarmMessage['news']): AlarmMessage {
  return {
    id: randomUUID(),
    code: trouble.code,
    news,
    subject: trouble.happened,
    lines: linesOf(trouble),
    at: ctx.now(),
  };
}

async function tell(ctx: Context, watch: Watch, due: DueAlarm): Promise<void> {
  const news = due.event ? 'happened' : due.over ? 'over' : due.toldAt ? 'again' : 'opened';
  const code = due.code as AlarmCode;
  const message: AlarmMessage = { id: randomUUID(), code, news, subject: due.subject, lines: due.lines, at: ctx.now() };
  if (!due.event) await tellByMail(ctx, due);
  const unheard = due.over && due.toldAt === null; // mails told of it: no place waits for its end
  if (unheard || (await sendToAll(ctx, watch, message))) await noteAlarmTold(ctx.db, due);
}

/**
 * True where one target took it, or there are none: who did not is sent it again by the next looks. What none took is
 * left to its next claim, or with `alone` to this process, since there is no claim.
 */
async function sendToAll(ctx: Context, watch: Watch, message: AlarmMessage, alone = false): Promise<boolean> {
  const targets = ctx.config.ALARM_URLS;
  const taken = await Promise.all(targets.map((target) => sendOne(ctx, target, message)));
  const some = targets.length === 0 || taken.some(Boolean);
  if (some || alone) targets.forEach((target, n) => taken[n] || owe(watch, { target, message, tries: 1 }));
  return some;
}

async function sendOwed(ctx: Context, watch: Watch): Promise<void> {
  const again = async (owed: Watch['owed'][number]) => {
    if (!(await sendOne(ctx, owed.target, owed.message))) owe(watch, { ...owed, tries: owed.tries + 1 });
  };
  await Promise.all(watch.owed.splice(0).map(again));
}

function owe({ owed }: Watch, one: Watch['owed'][number]): void {
  if (one.tries < TRIES && owed.length < MOST_OWED) owed.push(one);
}

async function sendOne(ctx: Context, target: AlarmTarget, message: AlarmMessage): Promise<boolean> {
  const sender = { fetchSource: ctx.fetchSource, service: ctx.config.PUBLIC_URL };
  const problem = await sendAlarm(sender, target, message);
  if (problem !== null) ctx.log.warn({ target: target.name, code: message.code, problem }, 'an alarm was not taken');
  return problem === null;
}
