import type { RequestHandler } from 'express';
import type { Context } from '../context.ts';
import type { TokenPurpose } from '../links/tokens.ts';
import { lookUpConfirmation } from '../subscribers/look-up-confirmation.ts';
import { lookUpMove } from '../subscribers/undo-move.ts';
import { readerOf } from '../subscribers/reader-of.ts';
import { tokenOf } from '../http/parameters.ts';
import { speakAs } from '../http/visit.ts';

/** Lets the pages behind a reader's link speak the language that the reader chose, whatever the browser prefers. */
export function readerLanguage(ctx: Context, purpose: TokenPurpose): RequestHandler {
  return async (req, _res, next) => {
    const language = await languageBehind(ctx, purpose, tokenOf(req));
    if (language) speakAs(req, language);
    next();
  };
}

async function languageBehind(ctx: Context, purpose: TokenPurpose, token: string): Promise<string | undefined> {
  if (purpose === 'undo') {
    const found = await lookUpMove(ctx, token);
    return found.state === 'unknown' ? undefined : found.subscriber.language;
  }
  if (purpose !== 'confirm' && purpose !== 'decline') return (await readerOf(ctx, ctx.db, purpose, token))?.language;
  const found = await lookUpConfirmation(ctx, token, purpose);
  if (found.state === 'open') return found.asked?.preferences.language ?? found.subscriber.language;
  return found.state === 'unknown' ? undefined : found.subscriber.language;
}
