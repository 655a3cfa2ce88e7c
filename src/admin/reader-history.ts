import type { Request } from 'express';
import type { Context } from '../context.ts';
import { listReactions } from '../db/interests/reactions.ts';
import { listActs } from '../db/operator/acts-list.ts';
import { listConsents } from '../db/subscribers/consents.ts';
import type { ListedSubscriber } from '../db/subscribers/list.ts';
import { pageOfSent } from '../db/subscribers/sent.ts';
import { cursorIn } from '../http/pager.ts';
import { tableOfCells, type Cell } from '../http/table.ts';
import { detailLines, whatText, whoText } from './act-words.ts';
import { reportsTable } from './feedback/reports-table.ts';
import { adminPager } from './respond.ts';
import { sayingFor } from './saying.ts';
import { whyHref } from './search/hits.ts';

/** Mails and acts on one page of each list. */
const PAGE = 50;
const MAIL_COLUMNS = ['when', 'kind', 'became', 'papers', 'reason'];
/** Titles of a newsletter that a line shows. */
const TITLES = 3;

/**
 * Prepares what is kept of a reader: their mails with why each came, what they said of papers, what was done, and the
 * evidence of consent. Who does not see addresses does not see either from where they were confirmed.
 */
export async function historyView(ctx: Context, req: Request, reader: ListedSubscriber, sees: boolean) {
  const say = sayingFor(ctx, req);
  const { words } = say;
  const [mailsFrom, actsFrom, reportsFrom] = [cursorIn(req, 'mails'), cursorIn(req, 'acts'), cursorIn(req, 'reports')];
  const consents = await listConsents(ctx.db, reader.id);
  const mails = await pageOfSent(ctx.db, reader.id, { limit: PAGE, cursor: mailsFrom });
  const acts = await listActs(ctx.db, { subject: reader.publicId, limit: PAGE, cursor: actsFrom });
  const table = (name: string, columns: readonly string[]) => ({
    label: words(`admin.readers.${name}`),
    columns: columns.map((column) => words(`admin.readers.column.${column}`)),
    empty: words(`admin.readers.${name}.none`),
  });
  const mailRows = mails.rows.map(({ at, kind, editionKey, papers, state }): Cell[] => [
    ...[say.when(at), words(`admin.mail.kind.${kind}`), words(`admin.mail.state.${state}`), titlesOf(papers)],
    editionKey === null ? '' : { text: words('admin.readers.why'), href: whyHref(reader.publicId, editionKey) },
  ]);
  const actRows = acts.rows.map((act): Cell[] => [
    ...[say.when(act.at), { text: whatText(say, act.action), href: `/admin/audit/${act.id}` }, whoText(say, act.actor)],
    detailLines(say, act).join('; '),
  ]);
  const consentRows = consents.map(({ at, step, source, wording, wordingVersion, ip, userAgent }): Cell[] => [
    ...[say.when(at), words('admin.readers.consent', { step, source }), `${wording} (${wordingVersion})`],
    ...[(sees && ip) || '–', userAgent ?? '–'],
  ]);
  const reactionRows = (await listReactions(ctx.db, reader.id)).map(({ at, kind, title, paperPublicId }): Cell[] => [
    ...[say.when(at), words(`admin.readers.said.${kind}`), { text: title, href: `/papers/${paperPublicId}` }],
  ]);
  const places = { mails: mailsFrom, acts: actsFrom, reports: reportsFrom };
  const pager = (name: keyof typeof places, page: { next: string | null }) =>
    adminPager(req, page, { ...places, [name]: '' }, name);
  return {
    mails: tableOfCells(table('mails', MAIL_COLUMNS), mailRows, pager('mails', mails)),
    reports: await reportsTable(ctx, say, reader.id, reportsFrom, (page) => pager('reports', page)),
    reactions: reactionRows.length > 0 && tableOfCells(table('reactions', ['when', 'said', 'paper']), reactionRows),
    acts: tableOfCells(table('acts', ['when', 'what', 'who', 'detail']), actRows, pager('acts', acts)),
    consents: tableOfCells(table('consents', ['when', 'step', 'wording', 'ip', 'browser']), consentRows),
  };
}

function titlesOf(papers: readonly { title: string }[]): string {
  const more = papers.length > TITLES ? ` +${papers.length - TITLES}` : '';
  return (
    papers
      .slice(0, TITLES)
      .map(({ title }) => title)
      .join(' · ') + more
  );
}
