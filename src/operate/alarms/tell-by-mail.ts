import type { Context } from '../../context.ts';
import type { DueAlarm } from '../../db/operator/open-alarms.ts';
import { ALL_MAIL, circuitOf, keyOfStop, lookAtCircuits } from '../../db/sending/circuit.ts';
import { tellOperator } from '../tell-operator.ts';
import type { AlarmCode } from './codes.ts';
import { titleOf, type AlarmNews } from './send-alarm.ts';

/** Mailed by whoever sees it first; here only that it lasts. */
const MAILED: ReadonlySet<AlarmCode> = new Set(['job-fails', 'digest-held', 'readers-aside']);

/**
 * Plans the mail of what lasts, once for each of its news, whether or not a place of ALARM_URLS takes them: that it is
 * there, that it lasts, that it is over.
 */
export async function tellByMail(ctx: Context, due: DueAlarm): Promise<void> {
  const news = due.over ? 'over' : due.lasted > 0 ? 'again' : 'opened';
  const key = await keyOfMail(ctx, due, news);
  if (key === null) return;
  const subject = titleOf({ news, subject: due.subject });
  await tellOperator(ctx, { key, subject, lines: [...due.lines] }, 'job:alarms');
  await ctx.queue.wake('deliver');
}

/** Null where it is mailed elsewhere: of sources that they began, and that they are well. */
async function keyOfMail(ctx: Context, due: DueAlarm, news: AlarmNews): Promise<string | null> {
  const code = due.code as AlarmCode;
  if (code.startsWith('source-') && news !== 'again') return null;
  if (news === 'opened') {
    if (MAILED.has(code)) return null;
    if (code === 'sending-paused' || code === 'relay-out') return keyOfStopIn(ctx, due);
  }
  const nth = due.toldAt?.toISOString() ?? (news === 'again' ? `${due.lasted}` : 'first');
  return `alarm:${due.key}:${due.openedAt.toISOString()}:${news}:${nth}`;
}

/**
 * Whoever stops a way mails that, but not where it was stopped an hour ago, though meanwhile its end was told. The key
 * is theirs. Null where the way was stopped anew while this lasts: it is the same trouble.
 */
async function keyOfStopIn({ db, config }: Context, { code, key, openedAt }: DueAlarm): Promise<string | null> {
  const name = code === 'relay-out' ? circuitOf({ name: key.slice('relay-out:'.length) }) : ALL_MAIL;
  const stopped = (await lookAtCircuits(db, config.SMTP_URL)).find((one) => one.name === name);
  return stopped && stopped.openedAt <= openedAt ? keyOfStop(stopped) : null;
}
