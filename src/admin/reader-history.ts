import type { Request } from 'express';
import type { Context } from '../context.ts';
import { listActs } from '../db/operator/acts-list.ts';
import { listConsents } from '../db/subscribers/consents.ts';
import type { ListedSubscriber } from '../db/subscribers/list.ts';
import { pageOfSent } from '../db/subscribers/sent.ts';
import { cursorIn } from '../http/pager.ts';
import { tableOfCells } from '../http/table.ts';
import { adminPager, atText } from './respond.ts';

/** Mails and acts on one page of each list. */
const PAGE = 50;

const CONSENTS = {
  label: 'Evidence of consent',
  columns: ['When', 'Step', 'Wording', 'IP', 'Browser'],
  empty: 'None kept.',
};
const MAILS = {
  label: 'Mails',
  columns: ['When', 'Kind', 'Edition', { number: 'Papers' }, 'State'],
  empty: 'None yet.',
};

/**
 * Prepares what is kept of a reader: evidence of consent, their mails and what was done, the last two page by page.
 * Who does not see addresses does not see either from where they were confirmed.
 */
export async function historyView(ctx: Context, req: Request, reader: ListedSubscriber, sees: boolean) {
  const [mailsFrom, actsFrom] = [cursorIn(req, 'mails'), cursorIn(req, 'acts')];
  const consents = await listConsents(ctx.db, reader.id);
  const mails = await pageOfSent(ctx.db, reader.id, { limit: PAGE, cursor: mailsFrom });
  const acts = await listActs(ctx.db, { subject: reader.publicId, limit: PAGE, cursor: actsFrom });
  const consentRows = consents.map(({ at, step, source, wording, wordingVersion, ip, userAgent }) => [
    ...[
      atText(at),
      `${step} (${source})`,
      `${wording} (version ${wordingVersion})`,
      (sees && ip) || '–',
      userAgent ?? '–',
    ],
  ]);
  const mailRows = mails.rows.map(({ at, kind, editionKey, papers, state }) => [
    ...[atText(at), kind, editionKey ?? '–', papers.length, state],
  ]);
  return {
    consents: tableOfCells(CONSENTS, consentRows),
    mails: tableOfCells(MAILS, mailRows, adminPager(req, mails, { acts: actsFrom }, 'mails')),
    acts: acts.rows.map(({ at, action, actor }) => ({ at: atText(at), action, actor })),
    actsPager: adminPager(req, acts, { mails: mailsFrom }, 'acts'),
  };
}
