import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { sumsOf } from '../db/ledger/edition-sums.ts';
import { readEditionDetails, type EditionDetails } from '../db/newsletters/edition-details.ts';
import { findEdition, type EditionSummary } from '../db/newsletters/editions.ts';
import { sumNothing } from '../db/newsletters/nothing.ts';
import { findLastActAt } from '../db/operator/acts-list.ts';
import { parameter } from '../http/parameters.ts';
import { urlOf } from '../http/pager.ts';
import { languageName, languages } from '../lib/strings.ts';
import { displayAddress } from '../model/address.ts';
import { isOpenToEditors, isWelcome } from '../model/edition.ts';
import { atLeast } from '../model/role.ts';
import { needingSomebody } from '../operate/undelivered.ts';
import { noteView, type Tried } from './edition-note-view.ts';
import { nothingView, progressView, sumsView } from './edition-view.ts';
import type { Saying } from './saying.ts';
import { sessionFrom } from './session.ts';

/** Looks that a sample can be read in; the phone is the same page in a narrow frame. */
const LOOKS = ['html', 'phone', 'text'] as const;

/** Stands for an edition of which nothing is there yet. */
const TO_COME = 0;

/** Finds an edition, or one that is to come; null where there is none of that name. */
export async function editionNamed({ db, now }: Context, key: string): Promise<EditionSummary | null> {
  const found = await findEdition(db, key);
  if (found || !isOpenToEditors(key, now())) return found;
  return { id: TO_COME, key, state: 'open', createdAt: now(), counts: {}, waits: '' };
}

/** Prepares the page of an edition; `tried` is a note that was refused. */
export async function editionPage(
  ctx: Context,
  req: Request,
  res: Response,
  { edition, say, tried }: { edition: EditionSummary; say: Saying; tried: Tried | null },
) {
  const progress = progressOf(edition, say);
  const [sums, details, leftAt, nothing, failsMany] = await Promise.all([
    sumsOf(ctx.db, [edition.id]),
    readEditionDetails(ctx.db, edition.id, progress.sent),
    findLastActAt(ctx.db, edition.key, 'edition.leave'),
    sumNothing(ctx.db, edition.key),
    areManyFailed(ctx, edition, progress.total),
  ]);
  const note = await noteView(ctx, edition, say, tried);
  const mayAct = atLeast(sessionFrom(res).role, 'editor');
  return {
    ...{ progress, note, toCome: edition.id === TO_COME, mayAct },
    sums: sumsView(edition.key, sums, say),
    total: say.count(progress.total),
    nothing: nothingView(edition.key, nothing, say),
    span: spanText(details, say),
    ...troubleView(edition, leftAt, say),
    failsMany,
    mayPause: edition.state === 'open' && progress.open > 0,
    mayResume: edition.state === 'paused',
    mayResend: mayAct && edition.state !== 'cancelled',
    mayCancel: edition.state !== 'cancelled' && progress.open > 0,
    isWelcome: isWelcome(edition.key),
    ...madeOfView(details, say),
    sample: mayAct ? sampleView(edition.key, req, details, say) : null,
    test: testView(details, note.open, say, sessionFrom(res).email),
  };
}

/** Tells whether it needs somebody, as Today has it. */
async function areManyFailed({ db, now }: Context, edition: EditionSummary, total: number): Promise<boolean> {
  const { failed = 0, bounced = 0, cancelled = 0 } = edition.counts;
  const found = await needingSomebody(db, [{ ...edition, failed, bounced, total: total - cancelled }], now());
  return found.length > 0;
}

function progressOf(edition: EditionSummary, say: Saying) {
  const progress = progressView(edition, say);
  if (edition.id !== TO_COME) return progress;
  const { words } = say;
  return { ...progress, badge: words('admin.editions.toCome'), sentence: words('admin.editions.toComeSays') };
}

/** Prepares the form of a test: as whom, and in which language; none where there is nothing to send. */
function testView({ samples }: EditionDetails, open: boolean, say: Saying, to: string) {
  if (!open && samples.length === 0) return null;
  const invented = { value: '', name: say.words('admin.editions.test.invented') };
  const readers = samples.map(({ publicId, email, papers }) => ({
    value: publicId,
    name: say.words('admin.editions.sample', { email: email ? displayAddress(email) : '–', count: papers }),
  }));
  return {
    ...{ to, as: [...(open ? [invented] : []), ...readers] },
    languages: languages().map((language) => ({
      ...{ value: language, name: languageName(language), selected: language === say.language },
    })),
  };
}

/** Prepares what it was made from, and what was chosen most. */
function madeOfView(details: EditionDetails, { words }: Saying) {
  return {
    lists: details.lists.map(({ digestOn, source, entries, verdict }) => ({
      href: `/digests/${digestOn}`,
      text: words('admin.editions.list', {
        source,
        day: digestOn,
        count: entries,
        verdict: words(`admin.editions.verdict.${verdict}`),
      }),
    })),
    chosen: details.chosen.map(({ publicId, title, readers, looked }) => ({
      ...{ title, href: `/papers/${publicId}` },
      note: words('admin.editions.readers', { count: readers, of: looked }),
    })),
  };
}

/** Prepares what needs somebody: mails that may have arrived, and those that may be sent again. */
function troubleView(edition: EditionSummary, leftAt: Date | null, say: Saying) {
  const { words } = say;
  const of = (state: string) => edition.counts[state] ?? 0;
  return {
    uncertain: of('uncertain') > 0 && {
      count: of('uncertain'),
      left: say.when(leftAt),
      href: whoHref(edition.key, 'uncertain'),
    },
    again: (['failed', 'bounced'] as const)
      .filter((which) => of(which) > 0)
      .map((which) => ({
        which,
        words: words(`admin.editions.again.${which}`, { count: of(which) }),
        href: whoHref(edition.key, which),
      })),
  };
}

const whoHref = (edition: string, state: string) => urlOf('/admin/deliveries', { edition, state });

/** Says within how long an edition was sent, and from when to when; null where nothing of it was. */
export function spanText(
  { sent }: Pick<EditionDetails, 'sent'>,
  { words, when }: Pick<Saying, 'words' | 'when'>,
): { words: string; first: unknown; last: unknown } | null {
  if (!sent) return null;
  const seconds = Math.max(1, (sent.last.getTime() - sent.first.getTime()) / 1000);
  return {
    words: words('admin.editions.span', { minutes: Math.max(1, Math.round(seconds / 60)) }),
    first: when(sent.first),
    last: seconds < 60 ? null : when(sent.last),
  };
}

function sampleView(key: string, req: Request, { samples }: EditionDetails, { words }: Saying) {
  const asked = parameter(req, 'sample', 40);
  const chosen = samples.find(({ publicId }) => publicId === asked) ?? samples[0];
  if (!chosen) return null;
  const look = LOOKS.find((one) => one === req.query['look']) ?? 'html';
  const page = `/admin/editions/${encodeURIComponent(key)}`;
  return {
    ...{ look, phone: look === 'phone' },
    src: `${page}/read/${chosen.publicId}?as=${look === 'text' ? 'text' : 'html'}`,
    looks: LOOKS.map((one) => ({
      name: words(`admin.editions.look.${one}`),
      current: one === look,
      href: `${urlOf(page, { sample: chosen.publicId, look: one })}#read`,
    })),
    readers: samples.map(({ publicId, email, papers }) => ({
      publicId,
      selected: publicId === chosen.publicId,
      name: words('admin.editions.sample', { email: email ? displayAddress(email) : '–', count: papers }),
    })),
  };
}
