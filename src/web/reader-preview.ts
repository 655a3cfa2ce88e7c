import type { Request, Response } from 'express';
import { fieldsOfQuery, type Fields } from '../http/bodies.ts';
import { showProblem } from '../http/problems.ts';
import { sendMailHtml } from '../http/security.ts';
import { tokenOf } from '../http/parameters.ts';
import { speakAs, visitOf } from '../http/visit.ts';
import type { Wish } from '../model/interest.ts';
import { takePreview } from '../subscribers/budgets.ts';
import { readPreferences, type ReaderPreferences } from '../subscribers/preferences.ts';
import { estimateOf, restingEstimate } from './live-estimate.ts';
import { askedFor, askedOf, NOTHING, nothingText, writePreview, type Asked, type Held } from './live-preview.ts';
import { keptExamples } from './like-view.ts';
import { sendPage, type Web } from './respond.ts';
import { showNothing } from './nothing.ts';

/** Shows how much a reader's settings would bring, as their form stands. */
export async function showReaderEstimate(web: Web, req: Request, res: Response): Promise<void> {
  const read = await readerHere(web, req, res);
  if (!read) return;
  const { words: t, language, visitor } = visitOf(req);
  const room = (await takePreview(web.ctx, visitor.ip)).outcome === 'room';
  const asked = await askedOfReader(web, req, read, fieldsOfQuery(req));
  const estimate = room ? await estimateOf(t, web.ctx.config, asked) : restingEstimate(t);
  res.status(room ? 200 : 429);
  sendPage(res, web.pageText(req, { template: 'fragment-estimate', title: '', view: { estimate } }), language);
}

/** Shows the newsletter a reader's settings would bring, as their form stands. */
export async function showReaderPreview(web: Web, req: Request, res: Response): Promise<void> {
  const read = await readerHere(web, req, res);
  if (!read) return;
  const { words: t, visitor } = visitOf(req);
  const room = (await takePreview(web.ctx, visitor.ip)).outcome === 'room';
  if (!room) return showNothing(web, req, res, t('preview.resting'), 429);
  const asked = await askedOfReader(web, req, read, fieldsOfQuery(req));
  const html = await writePreview(web, asked);
  if (html !== NOTHING) return sendMailHtml(res, html, { framed: true });
  showNothing(web, req, res, nothingText(t, asked));
}

/** Takes what a reader asks for: from their form where it is filled in, else as it is stored. */
export function askedOfReader(web: Web, req: Request, read: ReaderPreferences, fields: Fields): Promise<Asked> {
  if (!isFilledIn(fields)) return askedFor(web, read);
  return askedOf(web, req, fields, heldBy(read.wishes, fields));
}

/** Tells whether the fields are those of a whole form of settings: how often is always among them. */
export function isFilledIn(fields: Fields): boolean {
  return fields.has('cadence');
}

function heldBy(wishes: readonly Wish[], fields: Fields): Held {
  const topics = wishes.filter(({ kind, muted }) => kind === 'topic' && !muted).map(({ text }) => text);
  return { examples: keptExamples(wishes, fields), topics };
}

async function readerHere(web: Web, req: Request, res: Response): Promise<ReaderPreferences | null> {
  const read = await readPreferences(web.ctx, tokenOf(req));
  if (read) speakAs(req, read.preferences.language);
  else showProblem(web, req, res, 404, visitOf(req).words('preferences.unknown'));
  return read;
}
