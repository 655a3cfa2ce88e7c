import type { Request, Response } from 'express';
import { showDeadLink } from './dead-link.ts';
import { cleanText } from '../compose/text/clean-text.ts';
import { dateInWords } from '../compose/text/dates.ts';
import { listSentTo, type SentMail } from '../db/subscribers/sent.ts';
import { findSuppression } from '../db/subscribers/suppressions.ts';
import { listRetiredTopics, listTopics } from '../db/interests/topics.ts';
import { translator, type Translate } from '../lib/strings.ts';
import { addDays, knownZone, localDate } from '../lib/time.ts';
import { displayAddress } from '../model/address.ts';
import type { Wish } from '../model/interest.ts';
import { mutedText } from '../model/wish-lines.ts';
import { isNotice } from '../model/mail-kind.ts';
import { waitingOffer } from '../subscribers/take-over.ts';
import { wayBackOf } from '../subscribers/way-back.ts';
import type { Subscriber } from '../model/subscriber.ts';
import { wayBackForms, type WayBackForms } from './way-back-forms.ts';
import { readPreferences, type ReaderPreferences } from '../subscribers/preferences.ts';
import { NO_VALUES, valuesOf, wishesQuery, type FormValues } from './form-values.ts';
import { readerCounts } from './reader-counts.ts';
import { askedOfReader, isFilledIn } from './reader-preview.ts';
import { toldView } from './told-view.ts';
import { fieldsOfQuery, type Fields } from '../http/bodies.ts';
import { formView, type Problems, type TopicChoice } from './form-view.ts';
import { likeView } from './like-view.ts';
import { titleText } from './paper-view.ts';
import { confirmPath, feedPath, newsletterPath, unsubscribePath } from './reader-links.ts';
import { languageAskedFor, speakAs, visitOf } from '../http/visit.ts';
import { tokenOf } from '../http/parameters.ts';
import type { Web } from './respond.ts';
import { instantText } from './words.ts';

const SENT_DAYS = 30;

/** What a page of settings says beyond them: what was done, or what was wrong with the form that came. */
export interface Said {
  message?: string;
  problems?: Problems;
  values?: FormValues;
  newEmail?: string;
  /** The form that came, where the preview is to go by it. */
  fields?: Fields;
  /** The form that came, where only what was ticked in it is to stand again. */
  ticked?: Fields;
}

/** Shows a reader's settings as they are, or as the address fills the form in: what that would bring, not saved. */
export async function showPreferencesFilledIn(web: Web, req: Request, res: Response): Promise<void> {
  const fields = fieldsOfQuery(req);
  if (!isFilledIn(fields)) return showPreferences(web, req, res);
  const message = visitOf(req).words('preferences.notSaved');
  return showPreferences(web, req, res, { values: valuesOf(fields, NO_VALUES), fields, message });
}

/** Shows a reader's settings, with what was just done. */
export async function showPreferences(web: Web, req: Request, res: Response, said: Said = {}): Promise<void> {
  const read = await readPreferences(web.ctx, tokenOf(req));
  if (!read) return showDeadLink(web, req, res, visitOf(req).words('preferences.unknown'));
  const { subscriber } = read;
  const language = languageAskedFor(req) ?? subscriber.language;
  const t = translator(language);
  const now = web.ctx.now();
  const problems = said.problems ?? {};
  speakAs(req, language);
  const { costs, ...preview } = await previewView(web, req, read, said.fields);
  const view = {
    ...formView(t, language, await topicsFor(web, read), said.values ?? valuesOfReader(read), problems, false),
    liked: await likeView(web.ctx, t, read.wishes, said.fields ?? said.ticked),
    action: `/preferences/${tokenOf(req)}`,
    ...preview,
    told: await toldView(web.ctx.db, t, { id: subscriber.id, wishes: read.wishes, costs }),
    address: displayAddress(subscriber.email),
    ...(await standingView(web, t, subscriber)),
    message: said.message ?? '',
    back: await wayBackView(web, t, subscriber),
    offerUrl: await offerUrl(web, subscriber),
    newEmail: said.newEmail ?? '',
    pauses: ['1w', '2w', '1m'].map((value) => ({ value, label: t(`preferences.pause.${value}`) })),
    tomorrow: addDays(localDate(now, knownZone(subscriber.timeZone)), 1),
    sent: await sentLines(web, t, language, subscriber),
    feedUrl: feedPath(web.ctx, subscriber),
    unsubscribeUrl: unsubscribePath(web.ctx, subscriber),
  };
  const status = Object.keys(problems).length > 0 ? 422 : 200;
  web.show(req, res, {
    template: 'preferences',
    title: t('preferences.heading'),
    here: 'preferences',
    ...{ language, status, view },
  });
}

/** The preview beside the form, and its estimate. */
async function previewView(web: Web, req: Request, read: ReaderPreferences, fields: Fields = new Map()) {
  const previewUrl = `/preferences/${tokenOf(req)}/preview`;
  const { estimate, costs } = await readerCounts(web, req, await askedOfReader(web, req, read, fields));
  return {
    ...{ previewUrl, estimate, seeAction: `/preferences/${tokenOf(req)}#preview` },
    previewQuery: isFilledIn(fields) ? wishesQuery(fields, visitOf(req).language) : '',
    costs,
  };
}

/** How somebody who left comes back; null for everybody else. */
async function wayBackView({ ctx }: Web, t: Translate, subscriber: Subscriber): Promise<WayBackForms | null> {
  if (subscriber.status !== 'unsubscribed') return null;
  return wayBackForms(ctx, t, subscriber, await wayBackOf(ctx, ctx.db, subscriber));
}

/** Where what they asked for by filling in the form again can be taken over; '' where nothing waits. */
async function offerUrl({ ctx }: Web, subscriber: Subscriber): Promise<string> {
  const offer = await waitingOffer(ctx, subscriber);
  return offer === null ? '' : confirmPath(ctx, offer, subscriber.generation);
}

/** The topics a reader may choose: those on offer, and those they hold though they are not on offer any more. */
export async function topicsFor(web: Web, { wishes }: { wishes: readonly Wish[] }): Promise<TopicChoice[]> {
  const held = wishes.filter(({ kind, muted }) => kind === 'topic' && !muted).map(({ text }) => text);
  const retired = await listRetiredTopics(web.ctx.db, held);
  return [...(await listTopics(web.ctx.db)), ...retired.map((topic) => ({ ...topic, retired: true }))];
}

/** What a reader has chosen, as the form shows it. */
function valuesOfReader({ subscriber, preferences, wishes }: ReaderPreferences): FormValues {
  const lines = (kind: Wish['kind']) =>
    wishes.filter((wish) => wish.kind === kind && !wish.muted).map(({ text }) => text);
  const muted = wishes.filter((wish) => wish.muted).map(mutedText);
  return {
    email: subscriber.email,
    topics: lines('topic'),
    interests: lines('words').join('\n'),
    authors: lines('author').join('\n'),
    organizations: lines('organization').join('\n'),
    muted: muted.join('\n'),
    like: '',
    cadence: preferences.cadence,
    weekday: String(preferences.weekday),
    hour: String(preferences.hour),
    timeZone: preferences.timeZone,
    maxPapers: String(preferences.maxPapers),
    selectivity: preferences.selectivity,
    perhaps: preferences.perhaps ? 'yes' : 'no',
    language: preferences.language,
  };
}

/** Where a reader stands: what comes next, whether their newsletters rest, and whether their address was refused. */
async function standingView({ ctx }: Web, t: Translate, subscriber: Subscriber) {
  const now = ctx.now();
  const suppressed = await findSuppression(ctx.db, subscriber.addressHash);
  const pause = pausedText(t, subscriber, now);
  return {
    statusText: statusText(t, subscriber, suppressed === null ? pause : t('preferences.status.suppressed'), now),
    refused: suppressed === 'hard',
    paused: pause !== '',
    pauseText: pause || t('preferences.pause.hint'),
  };
}

/** Says what comes next; `silent`: why nothing does, '' where something does. */
function statusText(t: Translate, subscriber: Subscriber, silent: string, now: Date): string {
  const { status, nextDueAt, timeZone } = subscriber;
  if (status !== 'confirmed') return t(`preferences.status.${status}`);
  if (silent) return silent;
  if (nextDueAt && nextDueAt <= now) return t('preferences.status.due');
  return t('preferences.status.confirmed', { at: instantText(t('site.language'), nextDueAt ?? now, timeZone) });
}

/** Says until when a reader's newsletters rest; '' where they do not. */
function pausedText(t: Translate, { pausedUntil, timeZone }: Subscriber, now: Date): string {
  if (pausedUntil === null || pausedUntil <= now) return '';
  const date = dateInWords(localDate(pausedUntil, knownZone(timeZone)), t('site.language'), 'full');
  return t('preferences.status.paused', { date });
}

async function sentLines(web: Web, t: Translate, language: string, subscriber: Subscriber) {
  const since = new Date(web.ctx.now().getTime() - SENT_DAYS * 86_400_000);
  const sent = await listSentTo(web.ctx.db, subscriber.id, since);
  return sent
    .filter(({ kind }) => !isNotice(kind))
    .map((mail) => sentLine(web, t, language, mail, subscriber.generation));
}

function sentLine(web: Web, t: Translate, language: string, mail: SentMail, generation: number) {
  const [first] = mail.papers;
  return {
    href: newsletterPath(web.ctx, mail.newsletterPublicId ?? '', generation),
    title: mail.issuedOn ? dateInWords(mail.issuedOn, language, 'full') : cleanText(mail.editionKey ?? ''),
    detail: [
      t('preferences.sent.papers', { n: mail.papers.length }),
      t(`preferences.sent.state.${mail.state}`),
      first ? titleText(first.title) : '',
    ]
      .filter(Boolean)
      .join(' · '),
  };
}
