import type { Request, Response } from 'express';
import { showDeadLink } from './dead-link.ts';
import type { Context } from '../context.ts';
import { dateInWords } from '../compose/text/dates.ts';
import { findSuppression } from '../db/subscribers/suppressions.ts';
import type { Translate } from '../lib/strings.ts';
import { addDays, isDate, knownZone, localDate, slotInstant } from '../lib/time.ts';
import { changeAddress } from '../subscribers/change-address.ts';
import { erase } from '../subscribers/erase.ts';
import { MAX_PAUSE_DAYS, pause } from '../subscribers/pause.ts';
import { changePreferences, readPreferences } from '../subscribers/preferences.ts';
import type { Wish } from '../model/interest.ts';
import { fieldsOf, first, type Fields } from '../http/bodies.ts';
import { checkAddress, checkWishesForm, unreadText } from './check-sign-up.ts';
import { keptExamples } from './like-view.ts';
import { inEvenTime } from '../http/even-time.ts';
import { NO_VALUES, signUpOf, valuesOf } from './form-values.ts';
import { lineHint } from './line-hint.ts';
import { showNotice } from '../http/notice.ts';
import { showPreferences, topicsFor } from './preferences-page.ts';
import { showProblem } from '../http/problems.ts';
import { titleText } from './paper-view.ts';
import { readToldValue } from './told-view.ts';
import { tryAgain } from '../subscribers/try-again.ts';
import { takeBackMute, takeBackReaction } from '../subscribers/take-back.ts';
import { presser } from './presser.ts';
import { speakAs, visitOf } from '../http/visit.ts';
import { tokenOf } from '../http/parameters.ts';
import type { Web } from './respond.ts';
import type { Subscriber } from '../model/subscriber.ts';

interface Act {
  web: Web;
  req: Request;
  res: Response;
  t: Translate;
  reader: Subscriber;
  wishes: readonly Wish[];
  fields: Fields;
}

/** Days of the pauses on offer. */
const PAUSE_DAYS: Record<string, number> = { '1w': 7, '2w': 14, '1m': 30 };

/** Does what one of the forms on a reader's settings page asks for, and says what changed. */
export async function actOnPreferences(web: Web, req: Request, res: Response): Promise<void> {
  const read = await readPreferences(web.ctx, tokenOf(req));
  if (!read) return showDeadLink(web, req, res, visitOf(req).words('preferences.unknown'));
  const reader = read.subscriber;
  const { wishes } = read;
  speakAs(req, reader.language);
  const act: Act = { web, req, res, t: visitOf(req).words, reader, wishes, fields: await fieldsOf(req) };
  if (act.fields.has('takeBack')) return takeBack(act);
  const action = first(act.fields, 'action') || (act.fields.has('pause') ? 'pause' : '');
  if (action === 'save') return save(act);
  if (action === 'pause') return pauseUntil(act);
  if (action === 'resume') return resume(act);
  if (action === 'again') return again(act);
  if (action === 'address') return moveTo(act);
  if (action === 'erase') return eraseReader(act);
  showProblem(web, req, res, 422);
}

/** Takes back one of the things listed under «What you told us». */
async function takeBack({ web, req, res, t, fields }: Act): Promise<void> {
  const told = readToldValue(first(fields, 'takeBack'));
  if (!told) return showProblem(web, req, res, 422);
  const result =
    told.what === 'paper'
      ? await takeBackReaction(web.ctx, tokenOf(req), told.publicId)
      : await takeBackMute(web.ctx, tokenOf(req), told, await presser(web, req));
  if (result.outcome === 'unknown') return showProblem(web, req, res, 404, t('preferences.unknown'));
  const name = told.what === 'paper' ? titleText(result.name) : result.name;
  const message = result.outcome === 'nothing' ? t('react.nothing') : t(`told.takenBack.${told.what}`, { name });
  await showPreferences(web, req, res, { message });
}

async function save({ web, req, res, t, reader, wishes, fields }: Act): Promise<void> {
  // A topic that is muted may stay so, though it is not on offer any more.
  const held = wishes.filter(({ kind }) => kind === 'topic').map(({ text }) => text);
  const topics = new Set([...(await topicsFor(web, { wishes })).map(({ slug }) => slug), ...held]);
  const settings = { topics, maxPapers: web.ctx.config.MAX_PAPERS, heldExamples: keptExamples(wishes, fields) };
  const checked = checkWishesForm(t, signUpOf(fields), settings);
  if (!checked.ok) {
    const { problems } = checked;
    return showPreferences(web, req, res, { problems, values: valuesOf(fields, NO_VALUES), ticked: fields });
  }
  const result = await changePreferences(web.ctx, tokenOf(req), checked.value, await presser(web, req));
  if (result.outcome === 'unknown') return showDeadLink(web, req, res, t('preferences.unknown'));
  speakAs(req, checked.value.preferences.language);
  const { words } = visitOf(req);
  const { unread } = checked.value;
  const changed = result.outcome === 'changed';
  const said = changed ? await savedText(web, words, reader) : words('preferences.unchanged');
  const hints = [unread ? unreadText(words, unread) : '', changed ? lineHint(words, checked.value.wishes) : ''];
  await showPreferences(web, req, res, { message: [said, ...hints].filter(Boolean).join(' ') });
}

/** Says that it is saved, and what follows for where the reader stands. */
async function savedText({ ctx }: Web, t: Translate, reader: Subscriber): Promise<string> {
  const { status, pausedUntil, timeZone } = reader;
  if (status !== 'confirmed') return t(`preferences.saved.${status}`);
  if (await isSuppressed(ctx, reader)) return t('preferences.saved.suppressed');
  const now = ctx.now();
  if (pausedUntil === null || pausedUntil <= now) return t('preferences.saved');
  const date = dateInWords(localDate(pausedUntil, knownZone(timeZone)), t('site.language'), 'full');
  return t('preferences.saved.paused', { date });
}

/** Tells whether no mail may go to a reader's address, whatever they choose. */
async function isSuppressed({ db }: Context, { addressHash }: Subscriber): Promise<boolean> {
  return (await findSuppression(db, addressHash)) !== null;
}

async function pauseUntil({ web, req, res, t, reader, fields }: Act): Promise<void> {
  const zone = knownZone(reader.timeZone);
  const today = localDate(web.ctx.now(), zone);
  const days = PAUSE_DAYS[first(fields, 'pause')];
  const until = days ? addDays(today, days) : first(fields, 'until');
  const usable = isDate(until) && until > today && until <= addDays(today, MAX_PAUSE_DAYS);
  const instant = usable ? (slotInstant(until, 0, zone) ?? slotInstant(addDays(until, 1), 0, zone)) : null;
  if (!instant) return showPreferences(web, req, res, { problems: { until: t('preferences.pause.expected') } });
  const result = await pause(web.ctx, tokenOf(req), instant, await presser(web, req));
  if (result.outcome === 'unknown') return showDeadLink(web, req, res, t('preferences.unknown'));
  if (result.outcome === 'not-confirmed')
    return showPreferences(web, req, res, { message: t('preferences.pause.notConfirmed') });
  const date = dateInWords(until, t('site.language'), 'full');
  await showPreferences(web, req, res, { message: t('preferences.paused', { date, n: result.cancelled }) });
}

async function resume({ web, req, res, t, reader }: Act): Promise<void> {
  const result = await pause(web.ctx, tokenOf(req), null, await presser(web, req));
  const resumed = (await isSuppressed(web.ctx, reader)) ? 'preferences.resumed.suppressed' : 'preferences.resumed';
  const message = t(result.outcome === 'resumed' ? resumed : 'preferences.pause.notConfirmed');
  await showPreferences(web, req, res, { message });
}

async function again({ web, req, res, t }: Act): Promise<void> {
  const { outcome } = await tryAgain(web.ctx, tokenOf(req), await presser(web, req));
  await showPreferences(web, req, res, {
    message: t(`preferences.refused.${outcome === 'again' ? 'done' : 'nothing'}`),
  });
}

async function moveTo({ web, req, res, t, fields }: Act): Promise<void> {
  const newEmail = first(fields, 'newEmail');
  const checked = checkAddress(t, newEmail, web.ctx.config.DISPOSABLE_DOMAINS);
  if (!checked.ok) return showPreferences(web, req, res, { problems: { newEmail: checked.problem }, newEmail });
  // Who else reads here is not theirs to know.
  const result = await inEvenTime(() => changeAddress(web.ctx, tokenOf(req), checked.email));
  if (result.outcome === 'unknown') return showDeadLink(web, req, res, t('preferences.unknown'));
  if (result.outcome === 'same') return showPreferences(web, req, res, { message: t('preferences.addressSame') });
  await showPreferences(web, req, res, { message: t('preferences.addressAsked') });
}

async function eraseReader({ web, req, res, t, fields }: Act): Promise<void> {
  if (first(fields, 'sure') !== 'yes')
    return showPreferences(web, req, res, { problems: { sure: t('preferences.erase.expected') } });
  const result = await erase(web.ctx, { token: tokenOf(req) }, await presser(web, req));
  if (result.outcome === 'unknown') return showDeadLink(web, req, res, t('preferences.unknown'));
  const lines = [t('preferences.erased.lead'), t('preferences.erased.kept')];
  const links = [{ href: '/', label: t('problem.home') }];
  showNotice(web, req, res, { heading: t('preferences.erased.heading'), lines, links });
}
