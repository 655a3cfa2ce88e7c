import type { EditionProgress } from '../../db/newsletters/running.ts';
import { COUNTED } from '../../db/subscribers/next-slot.ts';
import type { Context } from '../../context.ts';
import { momentText, whenView } from '../../http/moments.ts';
import { isWelcome } from '../../model/edition.ts';
import { atLeast, type Role } from '../../model/role.ts';
import type { Saying } from '../saying.ts';
import { editionName } from '../edition-words.ts';
import { needView } from './need-view.ts';
import type { Seen } from './today-watch.ts';

/** Prepares what the first page tells of this moment (fragment `now`), with the acts that are for who looks. */
export function nowView(ctx: Context, { today, rates }: Seen, say: Saying, role: Role) {
  const { words, language } = say;
  const now = ctx.now();
  const needs = today.needs.map((need) => needView(need, now, say, role));
  return {
    mayAct: atLeast(role, 'editor'),
    sentence: sentenceOf(today, needs.length, say),
    needs,
    isNew: today.readers.confirmed + today.readers.pending + today.readers.unsubscribed === 0,
    editions: today.editions.map((edition) => editionView(edition, rates.get(edition.key) ?? 0, say)),
    next: today.next && {
      says: words('admin.today.next', {
        readers: today.next.readers,
        about: today.next.readers > COUNTED ? 'yes' : 'no',
        at: momentText(language, today.next.at),
      }),
    },
    readers: {
      reading: today.readers.confirmed,
      week: weekOf(today.days, now, words),
      waiting: today.readers.pending > 0 ? words('admin.today.waiting', { n: today.readers.pending }) : '',
    },
    lists: today.digests.map(({ id, source, digestOn, entryCount, state, arrivedAt }) => ({
      ...{ id, says: words('admin.today.list', { source, n: entryCount, state, on: digestOn }) },
      arrived: whenView(arrivedAt, now, language),
    })),
    backup: today.backupAt && whenView(today.backupAt, now, language),
    alarm: {
      to: placesOf(ctx.config).join(', '),
      last: today.lastAlarmAt && whenView(today.lastAlarmAt, now, language),
    },
  };
}

/** Where alarms go, by what may be shown: a name of ALARM_URLS holds no secret. */
function placesOf({ ADMIN_EMAIL, ALARM_URLS }: Context['config']): string[] {
  return [...new Set([...(ADMIN_EMAIL ? [ADMIN_EMAIL] : []), ...ALARM_URLS.map(({ name }) => name)])];
}

/** What needs somebody, else how it went and goes on. The editions it tells of, none cancelled, stand below. */
function sentenceOf(today: Seen['today'], needs: number, { words, language }: Saying): string {
  if (needs > 0) return words('admin.today.needs', { n: needs });
  const dated = today.editions.filter(({ key, state }) => !isWelcome(key) && state !== 'cancelled');
  const sent = dated.reduce((sum, edition) => sum + edition.sent, 0);
  const at = today.next ? momentText(language, today.next.at) : '';
  return words('admin.today.well', { editions: dated.length, sent, next: at === '' ? 'no' : 'yes', at });
}

function editionView(edition: EditionProgress, rate: number, { words, language, count, decimal }: Saying) {
  const { key, planned, sent, waiting, bounced, failed, uncertain, cancelled, state } = edition;
  const [due, notSent] = [planned - cancelled, bounced + failed + uncertain];
  const left = rate > 0 ? Math.ceil(waiting / rate) : 0;
  // A welcome never ends: what was sent of it, or was not, is of all years.
  const told = isWelcome(key)
    ? { says: words('admin.today.wait', { n: waiting }), trouble: '' }
    : {
        ...{ share: due === 0 ? 100 : Math.floor((100 * sent) / due), value: sent, max: Math.max(due, 1) },
        says: words('admin.today.sent', { sent: count(sent), due: count(due) }),
        trouble: notSent > 0 ? words('admin.today.notSent', { n: notSent }) : '',
      };
  return {
    ...{ name: editionName(key, words, language), href: `/admin/editions/${key}`, ...told },
    paused: state === 'open' ? '' : words(`admin.today.${state}`),
    pace:
      waiting > 0 && rate > 0
        ? words('admin.today.pace', {
            rate: rate < 10 ? decimal(rate, 1) : count(Math.round(rate)),
            minutes: Math.ceil(left / 60),
          })
        : '',
  };
}

/** How many came and went within the last seven days. */
function weekOf(days: Seen['today']['days'], now: Date, words: Saying['words']): string {
  const from = new Date(now.getTime() - 6 * 86_400_000).toISOString().slice(0, 10);
  const week = days.filter(({ day }) => day >= from);
  const sum = (of: 'confirmed' | 'left') => week.reduce((all, day) => all + day[of], 0);
  const [came, left] = [sum('confirmed'), sum('left')];
  return came + left === 0 ? '' : words('admin.today.week', { came, left });
}
