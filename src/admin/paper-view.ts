import type { Request } from 'express';
import { cleanText } from '../compose/text/clean-text.ts';
import { latexToText } from '../compose/text/latex-to-text.ts';
import { plainOf } from '../compose/text/marked-text.ts';
import type { Context } from '../context.ts';
import type { PaperDossier } from '../db/digests/paper-dossier.ts';
import { listPaperInterests, MOST_COUNTED } from '../db/interests/paper-matches.ts';
import { listPaperReaders } from '../db/newsletters/paper-readers.ts';
import { cursorIn } from '../http/pager.ts';
import { tableOfCells } from '../http/table.ts';
import { displayAddress } from '../model/address.ts';
import type { Reason } from '../model/match.ts';
import { readersFitting, versionNow } from './paper-readers-view.ts';
import { adminPager } from './respond.ts';
import { sayingFor, type Saying } from './saying.ts';

/** Most interests shown, and newsletters on one page. */
const INTERESTS = 20;
const NEWSLETTERS = 50;
/** An interest's name is cut here, in characters. */
const NAME = 80;

/** Prepares the page of a paper. */
export async function paperView(ctx: Context, req: Request, paper: PaperDossier) {
  const say = sayingFor(ctx, req);
  const { words, when, count } = say;
  const fitting = await readersFitting(ctx, paper.id);
  const heading = shownTitle(paper.title);
  return {
    heading,
    ...{
      publicId: paper.publicId,
      withheld: paper.withheldAt !== null,
      authors: paper.authors.slice(0, 12).join(', '),
    },
    sentence: words(
      paper.withheldAt ? 'admin.paper.isWithheld' : paper.arrivedAt ? 'admin.paper.isOut' : 'admin.paper.isHeld',
    ),
    since:
      (paper.withheldAt ?? paper.arrivedAt)
        ? (when(paper.withheldAt ?? paper.arrivedAt) as { when: unknown }).when
        : null,
    identities: paper.identities.map(({ kind, value }) => ({ name: words(`admin.paper.identity.${kind}`), value })),
    merged: paper.merged.map(({ publicId, title }) => ({ publicId, title: shownTitle(title) })),
    lists: listsTable(paper, say),
    interests: await interestsTable(ctx, paper, say),
    fitting: {
      sentence: words('admin.paper.fitting', {
        n: fitting.count,
        count: fitting.isMore ? `> ${count(fitting.count)}` : count(fitting.count),
      }),
      sample: fitting.sample.map(({ publicId, email }) => ({ publicId, email: displayAddress(email) })),
    },
    had: await hadTable(ctx, req, paper, say),
  };
}

function shownTitle(title: string): string {
  return plainOf(latexToText(cleanText(title), 'title'));
}

function listsTable({ listings }: PaperDossier, { words }: Saying) {
  const columns = [
    ...['day', 'source', 'state'].map((name) => words(`admin.paper.column.${name}`)),
    { number: words('admin.paper.column.place') },
  ];
  const rows = listings.map(({ digestId, digestOn, source, state, known, position }) => [
    { text: digestOn, href: `/admin/digests/${digestId}` },
    ...[source, words(`admin.digests.state.${state}`) + (known ? ` · ${words('admin.paper.known')}` : ''), position],
  ]);
  return tableOfCells({ label: words('admin.paper.lists'), columns, empty: words('admin.paper.noList') }, rows);
}

async function interestsTable(ctx: Context, paper: PaperDossier, { words, count, decimal }: Saying) {
  const found = await listPaperInterests(ctx.db, { paperId: paper.id, version: versionNow(ctx), most: INTERESTS });
  const columns = [
    ...[
      words('admin.paper.column.interest'),
      words('admin.paper.column.kind'),
      { number: words('admin.paper.column.score') },
    ],
    ...[{ number: words('admin.paper.column.readers') }, words('admin.paper.column.why')],
  ];
  const rows = found.map(({ kind, key, score, readers, reasons }) => [
    ...[key.slice(0, NAME), words(`admin.paper.kind.${kind}`), { number: score, text: decimal(score, 2) }],
    ...[
      { number: readers, text: readers >= MOST_COUNTED ? `> ${count(readers)}` : count(readers) },
      reasons.map((reason) => reasonText(reason, words)).join(' · '),
    ],
  ]);
  return tableOfCells({ label: words('admin.paper.interests'), columns, empty: words('admin.paper.noInterest') }, rows);
}

function reasonText({ text, where, of }: Reason, words: Saying['words']): string {
  const place = words(`admin.paper.where.${where}`);
  return of && of !== text ? `${text} (${of}), ${place}` : `${text}, ${place}`;
}

async function hadTable(ctx: Context, req: Request, paper: PaperDossier, { words, when }: Saying) {
  const page = paper.arrivedAt
    ? await listPaperReaders(ctx.db, {
        paperId: paper.id,
        since: paper.arrivedAt,
        limit: NEWSLETTERS,
        cursor: cursorIn(req, 'had'),
      })
    : { rows: [], next: null };
  const columns = ['when', 'reader', 'edition', 'mail'].map((name) => words(`admin.paper.column.${name}`));
  const rows = page.rows.map(({ createdAt, email, readerId, edition, state }) => [
    when(createdAt),
    { text: displayAddress(email), href: `/admin/subscribers/${readerId}` },
    ...[edition, state === null ? '' : words(`admin.paper.mail.${state}`)],
  ]);
  const empty = words(page.next ? 'admin.paper.noneHere' : 'admin.paper.nobody');
  return tableOfCells({ label: words('admin.paper.had'), columns, empty }, rows, adminPager(req, page, {}, 'had'));
}
