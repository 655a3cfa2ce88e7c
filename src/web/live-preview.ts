import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Request } from 'express';
import { holdWishes } from '../db/interests/examples.ts';
import type { Fields } from '../http/bodies.ts';
import { visitOf } from '../http/visit.ts';
import { translator, type Translate } from '../lib/strings.ts';
import type { Example } from '../model/example.ts';
import { choosePreview } from '../preview/choose-preview.ts';
import { findFor, inStoredOrder } from '../preview/find-wishes.ts';
import type { RecentPapers } from '../preview/recent-papers.ts';
import { sampleInput } from '../preview/sample-input.ts';
import { settledPreferences } from '../subscribers/asked-preferences.ts';
import type { Wishes } from '../subscribers/sign-up.ts';
import { checkWishesForm } from './check-sign-up.ts';
import { signUpOf } from './form-values.ts';
import type { Web } from './respond.ts';

/** What a form asks for, as far as it is filled in. */
export interface Asked {
  /**
   * What there is to choose from, and the wishes as far as they can be read; null before the first digest, or where
   * nothing can be read.
   */
  from: { wishes: Wishes; papers: RecentPapers } | null;
  /** Names all of it: the same key, the same preview. */
  key: unknown[];
}

/** What only a reader's own form may hold: examples given before, and topics no longer on offer. */
export interface Held {
  examples: readonly Example[];
  topics: readonly string[];
}

/** Written where nothing fits. */
export const NOTHING = '';

/**
 * Reads the wishes of a form; while somebody types, half a wish is no mistake: what cannot be used yet is left out.
 */
export async function askedOf(web: Web, req: Request, fields: Fields, held?: Held): Promise<Asked> {
  const papers = await web.recentPapers();
  const read = papers && readWishes(web, req, papers, fields, held);
  return ask(web, papers, read);
}

/** Takes wishes as they are stored. */
export async function askedFor(web: Web, wishes: Wishes): Promise<Asked> {
  return ask(web, await web.recentPapers(), wishes);
}

async function ask(web: Web, papers: RecentPapers | null, read: Wishes | null): Promise<Asked> {
  const wishes = read && { ...read, wishes: await holdWishes(web.ctx.db, inStoredOrder(read.wishes)) };
  const key = [papers?.version, web.ctx.now().toISOString().slice(0, 10), wishes];
  return { from: papers && wishes && { wishes, papers }, key };
}

function readWishes(web: Web, req: Request, papers: RecentPapers, fields: Fields, held?: Held): Wishes | null {
  const topics = new Set([...papers.topics.map(({ slug }) => slug), ...(held?.topics ?? [])]);
  const heldExamples = held ? [...held.examples] : [];
  const settings = { topics, maxPapers: web.ctx.config.MAX_PAPERS, heldExamples };
  const { language, words: t } = visitOf(req);
  const raw: Record<string, unknown> = { language, ...signUpOf(fields) };
  for (let tries = 0; tries < 4; tries++) {
    const checked = checkWishesForm(t, raw, settings);
    if (checked.ok) return checked.value;
    for (const { field } of [...checked.expected].reverse()) {
      const [name = '', place] = field.split('.');
      const list = raw[name];
      if (place !== undefined && Array.isArray(list)) list.splice(Number(place), 1);
      else Reflect.deleteProperty(raw, name);
    }
  }
  return null;
}

/** Writes the newsletter that would have been, or NOTHING. */
export async function writePreview({ ctx }: Web, { from }: Asked): Promise<string> {
  if (!from) return NOTHING;
  const preferences = settledPreferences(from.wishes.preferences);
  const findings = await findFor(from.papers, from.wishes.wishes, preferences);
  await nextTurn();
  const choice = await choosePreview(from.papers, findings, preferences);
  if (!choice) return NOTHING;
  const composer = await ctx.composer();
  await nextTurn();
  const { newestOn } = from.papers;
  const input = sampleInput(choice, {
    language: translator(preferences.language)('site.language'),
    ...{ keyId: ctx.keys.link[0]?.id ?? 0, issuedOn: newestOn, digestOn: newestOn, at: ctx.now() },
  });
  return composer.page(input, { personal: false }).html;
}

/** Says why there is no newsletter to show. */
export function nothingText(t: Translate, { from }: Asked): string {
  return t(from ? 'preview.nothing' : 'preview.noPapers');
}
