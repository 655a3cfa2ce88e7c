import { setImmediate as nextTurn } from 'node:timers/promises';
import { holdWishes } from '../db/interests/examples.ts';
import { findNewsletterOf } from '../db/newsletters/find-newsletter.ts';
import { loadNewsletterInput } from '../db/newsletters/inputs.ts';
import { findShownAmong } from '../db/newsletters/shown.ts';
import { loadWishes } from '../db/subscribers/subscribers.ts';
import { oneLine } from '../lib/errors.ts';
import { knownZone, localDate } from '../lib/time.ts';
import { welcomeKey } from '../model/edition.ts';
import type { NewsletterInput } from '../model/newsletter.ts';
import type { Subscriber } from '../model/subscriber.ts';
import { choosePreview } from '../preview/choose-preview.ts';
import { findFor } from '../preview/find-wishes.ts';
import { sampleInput } from '../preview/sample-input.ts';
import type { Web } from './respond.ts';

/** The longest that the page after confirming waits to learn whether there is one; its frame goes on by itself. */
const PATIENCE_MS = 1_500;

/**
 * Writes the welcome newsletter of a reader as a page without personal links: the planned one, or else what is about to
 * be planned; null where nothing fits, or something goes wrong: confirming never fails because of it.
 */
export async function firstNewsletter(web: Web, reader: Subscriber): Promise<string | null> {
  try {
    const input = (await plannedInput(web, reader)) ?? (await comingInput(web, reader));
    if (!input) return null;
    await nextTurn();
    return (await web.ctx.composer()).page(input, { personal: false }).html;
  } catch (error) {
    web.ctx.log.warn({ problem: oneLine(error) }, 'no first newsletter on the page');
    return null;
  }
}

/** Tells whether to show a first newsletter: not where none fits; where that takes long to learn, its frame says. */
export async function hasFirstNewsletter(web: Web, reader: Subscriber): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<true>((resolve) => (timer = setTimeout(() => resolve(true), PATIENCE_MS)));
  const found = firstNewsletter(web, reader).then((html) => html !== null);
  const shows = await Promise.race([found, tooLong]);
  clearTimeout(timer);
  return shows;
}

async function plannedInput({ ctx }: Web, reader: Subscriber): Promise<NewsletterInput | null> {
  const planned = await findNewsletterOf(ctx.db, reader.id, welcomeKey(reader.confirmations));
  return planned === null ? null : loadNewsletterInput(ctx.db, planned);
}

async function comingInput(web: Web, reader: Subscriber): Promise<NewsletterInput | null> {
  const { ctx } = web;
  const papers = await web.recentPapers();
  if (!papers) return null;
  const wishes = await holdWishes(ctx.db, await loadWishes(ctx.db, reader.id));
  const findings = await findFor(papers, wishes, reader);
  await nextTurn();
  const mayHold = papers.entries.filter(({ digestOn }) => digestOn >= papers.contentFrom);
  const ids = mayHold.map(({ paperId }) => paperId);
  const shown = reader.lastNewsletterAt && (await findShownAmong(ctx.db, reader.id, ids));
  const choice = await choosePreview(papers, findings, { ...reader, ...(shown && { shown }) });
  // What was planned meanwhile is among what was shown.
  if (!choice) return plannedInput(web, reader);
  const issuedOn = localDate(ctx.now(), knownZone(reader.timeZone));
  const head = { language: reader.language, keyId: ctx.keys.link[0]?.id ?? 0, issuedOn, at: ctx.now() };
  return {
    ...sampleInput(choice, { ...head, digestOn: papers.newestOn }),
    editionKey: welcomeKey(reader.confirmations),
  };
}
