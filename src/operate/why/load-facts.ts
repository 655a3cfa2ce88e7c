import type { Context } from '../../context.ts';
import { findNamedPapers, listListings, type NamedPaper } from '../../db/digests/named-papers.ts';
import { countBouncedSince } from '../../db/ledger/deliveries.ts';
import { findMailOf, type OneMail } from '../../db/ledger/one-mail.ts';
import { findEditions } from '../../db/newsletters/editions.ts';
import { loadNewsletterInput } from '../../db/newsletters/inputs.ts';
import { findShownIn } from '../../db/newsletters/shown-in.ts';
import { loadAsDue, type AsDue } from '../../db/subscribers/as-due.ts';
import { findSubscriberByEmail, findWelcomeDueAt } from '../../db/subscribers/subscribers.ts';
import { readSuppression } from '../../db/subscribers/suppressions.ts';
import { AppError, messageOf } from '../../lib/errors.ts';
import { addressHash } from '../../model/address.ts';
import { editionKind } from '../../model/edition.ts';
import { choiceFacts } from './choice-facts.ts';
import type { Facts, SlotFacts } from './facts.ts';
import { isChosen } from './paper-gates.ts';
import { sendingFacts } from './sending-facts.ts';
import { nextSlotFacts, slotInEdition } from './slot-facts.ts';

/** What is asked: of whom, by canonical address, and of which edition and paper. */
export interface WhyAsked {
  email: string;
  /** The next one where it is left out. */
  edition?: string | undefined;
  /** Id of its page, arXiv id or link, or DOI. */
  paper?: string | undefined;
}

/** Loads what the gates look at; where nobody reads at the address, what is left of them. */
export async function loadFacts(
  ctx: Context,
  { email, edition, paper: named }: WhyAsked,
): Promise<Facts | Pick<Facts, 'suppression'>> {
  if (edition !== undefined) checkEdition(edition);
  const [reader, paper] = await Promise.all([
    findSubscriberByEmail(ctx.db, email),
    named ? findPaper(ctx, named) : null,
  ]);
  const hash = reader?.addressHash ?? addressHash(ctx.keys.suppression, email);
  const suppression = await readSuppression(ctx.db, hash);
  const due = reader && (await loadAsDue(ctx.db, reader.id));
  if (!reader || !due) return { suppression };
  const now = ctx.now();
  const welcomeDueAt = await findWelcomeDueAt(ctx.db, reader.id);
  const who = { reader, due, welcomeDueAt, suppression };
  const asked = edition === undefined ? null : await findMailOf(ctx.db, reader.id, edition, now);
  const slot = edition === undefined ? nextSlotFacts(ctx, who) : await slotInEdition(ctx, edition, who, asked);
  const mail = asked ?? (slot.edition === null ? null : await findMailOf(ctx.db, reader.id, slot.edition, now));
  const at = mail ? now : slot.decidedAt;
  const [found] = await findEditions(ctx.db, slot.edition === null ? [] : [slot.edition]);
  return {
    ...{ now, slot, mail, paper, editionState: found?.state ?? null, ...(slot.stood ?? { reader, suppression }) },
    choice: await choiceOf(ctx, { due, slot, mail, paper }),
    shownIn: paper && (await shownBefore(ctx, reader.id, paper, slot)),
    inMail: paper && mail && isChosen(mail, paper.ids) ? await standsIn(ctx, mail, paper) : null,
    sending: await sendingFacts(ctx, reader, { slotAt: slot.slot?.at ?? null, now: at }),
    later: mail?.sentAt ? await laterReport(ctx, reader.addressHash, mail.sentAt, suppression) : null,
  };
}

function checkEdition(key: string): void {
  try {
    editionKind(key);
  } catch (error) {
    throw new AppError('bad-input', messageOf(error), {
      said: { name: 'edition', values: { given: key.slice(0, 60) } },
    });
  }
}

async function findPaper(ctx: Context, named: string): Promise<NonNullable<Facts['paper']>> {
  const [paper] = await findNamedPapers(ctx.db, named);
  if (!paper)
    throw new AppError(
      'bad-input',
      `No paper is known as «${named.slice(0, 100)}»: expected the id of its page, an arXiv id or link, or a DOI.`,
      { said: { name: 'paper', values: { given: named.slice(0, 100) } } },
    );
  return { ...paper, listings: await listListings(ctx.db, paper.ids) };
}

/** Makes the choice again where the rows do not tell: no mail, or of a paper that is not in it. */
async function choiceOf(
  ctx: Context,
  { due, slot, mail, paper }: { due: AsDue; slot: SlotFacts; mail: OneMail | null; paper: NamedPaper | null },
): Promise<Facts['choice']> {
  const { edition, slot: found } = slot;
  if (edition === null || !found || slot.stop !== null || (mail && !paper)) return null;
  const reader = { ...due, dueAt: found.at };
  return choiceFacts(ctx, { reader, slot: { ...slot, edition, slot: found }, paperId: paper?.id ?? 0 });
}

function shownBefore(ctx: Context, subscriberId: number, { ids }: NamedPaper, { decidedAt, past }: SlotFacts) {
  return findShownIn(ctx.db, { subscriberId, paperIds: ids, before: past ? decidedAt : ctx.now() });
}

/** Composes the mail as it was sent, and looks for the paper: what did not fit stands on the web alone. */
async function standsIn(ctx: Context, mail: OneMail, paper: NamedPaper): Promise<boolean> {
  const input = mail.newsletterPublicId ? await loadNewsletterInput(ctx.db, mail.newsletterPublicId) : null;
  const chosen = input?.papers.find(({ entry }) => paper.ids.includes(entry.paperId));
  if (!input || !chosen) return true;
  const { text } = (await ctx.composer()).page(input, { personal: true });
  return text.includes(`/${chosen.entry.paperPublicId}/rate`);
}

/** A suppression that came after the mail was taken, and not by the refusal of another one. */
async function laterReport(ctx: Context, hash: Uint8Array, sentAt: Date, suppression: Facts['suppression']) {
  if (!suppression || suppression.at < sentAt) return null;
  if (suppression.reason !== 'complaint' && suppression.reason !== 'hard') return null;
  const refused = await countBouncedSince(ctx.db, hash, sentAt);
  return suppression.reason === 'hard' && refused > 0 ? null : suppression;
}
