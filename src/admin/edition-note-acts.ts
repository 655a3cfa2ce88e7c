import type { Request, Response } from 'express';
import type { EditionSummary } from '../db/newsletters/editions.ts';
import { fieldOf } from '../http/bodies.ts';
import { languages } from '../lib/strings.ts';
import { MOST_PICKS } from '../model/editor-note.ts';
import { changeNote, type NoteWish } from '../operate/edition-note.ts';
import { sendTest } from '../operate/send-test.ts';
import type { Admin } from './admin.ts';
import type { Tried } from './edition-note-view.ts';
import { backTo } from './respond.ts';
import { sayingFor } from './saying.ts';
import { actorOf, sessionFrom } from './session.ts';

/** Takes what an editor typed for an edition; returns it with what is wrong, where something is. */
export async function saveNote(
  { ctx }: Admin,
  req: Request,
  res: Response,
  { key }: EditionSummary,
): Promise<Tried | null> {
  const wish = await wishIn(req);
  const result = await changeNote(ctx, key, wish, actorOf(res));
  if (result.outcome === 'wrong') return { wish, problems: result.problems };
  const { words } = sayingFor(ctx, req);
  backTo(res, pageOf(key), words(`admin.editions.did.note.${result.outcome}`));
  return null;
}

/** Mails an edition to the admin who asks, as a test. */
export async function mailTest({ ctx }: Admin, req: Request, res: Response, { key }: EditionSummary): Promise<void> {
  const { words, language } = sayingFor(ctx, req);
  const { email: to } = sessionFrom(res);
  const as = (await fieldOf(req, 'as')) || undefined;
  const wished = (await fieldOf(req, 'language')) || language;
  const { outcome } = await sendTest(ctx, { edition: key, as, language: wished, to }, actorOf(res));
  backTo(res, pageOf(key), words(`admin.editions.did.test.${outcome}`, { email: to }));
}

const pageOf = (key: string) => `/admin/editions/${encodeURIComponent(key)}`;

async function wishIn(req: Request): Promise<NoteWish> {
  const words: Record<string, string> = {};
  for (const language of languages()) words[language] = await fieldOf(req, `note-${language}`);
  const picks: string[] = [];
  for (let number = 1; number <= MOST_PICKS; number++) picks.push(await fieldOf(req, `pick-${number}`));
  return { words, picks: picks.filter((pick) => pick !== '') };
}
