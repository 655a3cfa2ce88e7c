import type { Request, Response, Router } from 'express';
import type { Context } from '../../context.ts';
import { standingOf } from '../../standing/standing-of.ts';
import { findListedSubscriber, type ListedSubscriber } from '../../db/subscribers/list.ts';
import { links } from '../../links/links.ts';
import { displayAddress } from '../../model/address.ts';
import { atLeast } from '../../model/role.ts';
import { fieldOf } from '../../http/bodies.ts';
import { pathPart } from '../../http/parameters.ts';
import { changeReader } from '../../subscribers/change-reader.ts';
import { personalData } from '../../subscribers/export-data.ts';
import { AppError } from '../../lib/errors.ts';
import type { Admin } from '../admin.ts';
import { isSure } from '../ask.ts';
import { actOnReader } from '../reader-acts.ts';
import { standingLines } from '../feedback/words.ts';
import { historyView } from '../reader-history.ts';
import { previewView } from '../reader-preview.ts';
import { problemText, settingsGiven, settingsView } from '../reader-settings.ts';
import { backTo } from '../respond.ts';
import type { Rights } from '../rights.ts';
import { sayingFor, type Saying } from '../saying.ts';
import { whyHref } from '../search/hits.ts';
import { actorOf, seesAddresses, sessionFrom } from '../session.ts';

const PATH = '/admin/subscribers';

/** What the pages of one reader ask. */
export const readerRights = {
  'GET /subscribers/:publicId': 'viewer',
  'POST /subscribers/:publicId': { role: 'editor', acts: { erase: { role: 'editor', fresh: true } } },
  'GET /subscribers/:publicId/settings': 'editor',
  'POST /subscribers/:publicId/settings': 'editor',
  'GET /subscribers/:publicId/preview': 'viewer',
  'GET /subscribers/:publicId/data.json': 'editor',
} as const satisfies Rights;

type Serve = (admin: Admin, req: Request, res: Response, reader: ListedSubscriber) => Promise<void>;

/** Serves the pages of one reader: their story, settings, what they would get now, and their data. */
export function readerRoutes(admin: Admin, router: Router): void {
  const at = (method: 'get' | 'post', path: string, serve: Serve) =>
    router[method](`/subscribers/:publicId${path}`, async (req, res, next) => {
      const reader = await findListedSubscriber(admin.ctx.db, pathPart(req, 'publicId'));
      if (!reader) return next();
      await serve(admin, req, res, reader);
    });
  at('get', '', showReader);
  at('post', '', act);
  at('get', '/settings', ({ ctx, show }, req, res, reader) => {
    const say = sayingFor(ctx, req);
    const view = { ...settingsView(say, reader), ...frameOf(reader), problems: [] };
    show(req, res, { template: 'reader-settings', title: say.words('admin.readers.settings'), view });
    return Promise.resolve();
  });
  at('post', '/settings', changeSettings);
  at('get', '/preview', async ({ ctx, show }, req, res, reader) => {
    const say = sayingFor(ctx, req);
    const view = { ...frameOf(reader), ...(await previewView(ctx, reader, say)) };
    show(req, res, { template: 'reader-preview', title: say.words('admin.readers.preview'), view });
  });
  at('get', '/data.json', async ({ ctx }, _req, res, reader) => {
    res.attachment(`offprint-${reader.publicId}.json`).json(await personalData(ctx.db, reader));
  });
}

function frameOf({ publicId, email }: ListedSubscriber) {
  return { page: `${PATH}/${publicId}`, email: displayAddress(email) };
}

async function showReader({ ctx, show }: Admin, req: Request, res: Response, reader: ListedSubscriber): Promise<void> {
  const sees = seesAddresses(res);
  const say = sayingFor(ctx, req);
  const isOut = reader.status === 'unsubscribed';
  const isPaused = reader.pausedUntil !== null && reader.pausedUntil > ctx.now();
  const wanted = reader.wishes.filter(({ muted }) => !muted);
  const nameOf = ({ kind, text, like }: (typeof wanted)[number]) =>
    kind === 'like' ? say.words('admin.log.examples', { n: like?.examples.length ?? 0 }) : text;
  const view = {
    ...frameOf(reader),
    sentence: sentenceOf(say, reader),
    next: reader.nextDueAt && say.moment(reader.nextDueAt),
    paused: isPaused && reader.pausedUntil ? say.moment(reader.pausedUntil) : null,
    standing: standingLines(say, await standingOf(ctx, reader), ctx.now()),
    suppressed: reader.suppressed === null ? '' : say.words(`admin.log.value.${reader.suppressed}`),
    follows: wanted.map(nameOf).join(' · '),
    never: reader.wishes
      .filter(({ muted }) => muted)
      .map(nameOf)
      .join(' · '),
    note: reader.unsubscribeNote ?? '',
    links: sees ? linksOf(ctx, reader, say) : [],
    ...{ isOut, isPaused, isPending: reader.status === 'pending', isReading: reader.status === 'confirmed' },
    mayAct: atLeast(sessionFrom(res).role, 'editor'),
    why: whyHref(reader.publicId),
    ...(await historyView(ctx, req, reader, sees)),
  };
  show(req, res, { template: 'subscriber', title: displayAddress(reader.email), view });
}

function sentenceOf({ words, language: own }: Saying, reader: ListedSubscriber): string {
  const { status, cadence, hour, timeZone, maxPapers } = reader;
  const language = new Intl.DisplayNames([own], { type: 'language' }).of(reader.language) ?? reader.language;
  const schedule = words(`admin.readers.cadence.${cadence}`);
  const at = `${String(hour).padStart(2, '0')}:00`;
  return words(`admin.readers.sentence.${status}`, { schedule, at, timeZone, maxPapers, language });
}

/** The links by which a reader acts, as they stand in their mails; opening them changes nothing. */
function linksOf({ keys, config }: Context, { publicId, generation }: ListedSubscriber, { words }: Saying) {
  const key = keys.link[0];
  if (!key) throw new Error('No key to sign links with');
  const base = config.PUBLIC_URL;
  const urls = [
    { name: 'preferences', url: links.preferences(base, key, publicId, generation) },
    { name: 'unsubscribe', url: links.unsubscribe(base, key, publicId, generation) },
    { name: 'feed', url: links.feed(base, key, publicId, generation) },
  ];
  return urls.map((one) => ({ ...one, label: words(`admin.readers.links.${one.name}`) }));
}

async function act(admin: Admin, req: Request, res: Response, reader: ListedSubscriber): Promise<void> {
  const { ctx } = admin;
  const say = sayingFor(ctx, req);
  const action = await fieldOf(req, 'action');
  if (action === 'erase' && !(await isSureToErase(admin, req, res, reader, say))) return;
  const doing = { ctx, reader, actor: actorOf(res), until: await fieldOf(req, 'until') };
  const { page, said } = await actOnReader(doing, action, say);
  backTo(res, page, said);
}

function isSureToErase(admin: Admin, req: Request, res: Response, reader: ListedSubscriber, { words }: Saying) {
  const { page, email } = frameOf(reader);
  return isSure(admin, req, res, {
    title: words('admin.readers.erase.title', { email }),
    says: ['what', 'stays', 'never'].map((key) => words(`admin.readers.erase.${key}`)),
    typed: { label: words('admin.readers.erase.type', { email }), expected: email },
    wrong: words('admin.readers.erase.wrong'),
    ...{ yes: words('admin.readers.erase.yes'), no: words('admin.readers.leaveIt'), back: page },
    fields: { action: 'erase' },
  });
}

async function changeSettings({ ctx, show }: Admin, req: Request, res: Response, reader: ListedSubscriber) {
  const say = sayingFor(ctx, req);
  const { given, check } = await settingsGiven(ctx, req);
  const checked = check(reader);
  const { page } = frameOf(reader);
  if (!checked.ok) {
    const problems = checked.problems.map(({ field }) => problemText(say, field, given));
    const view = { ...settingsView(say, reader, given), ...frameOf(reader), problems };
    return show(req, res, {
      template: 'reader-settings',
      title: say.words('admin.readers.settings'),
      view,
      status: 422,
    });
  }
  const decide = (now: ListedSubscriber) => {
    const again = check(now);
    if (!again.ok)
      throw new AppError('conflict', 'the reader changed meanwhile: look again', { said: { name: 'reader.changed' } });
    return again.value;
  };
  const { outcome } = await changeReader(ctx, reader.publicId, decide, { actor: actorOf(res) });
  backTo(res, page, say.words(`admin.readers.settings.${outcome}`));
}
