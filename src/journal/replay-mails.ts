import type { Context } from '../context.ts';
import { transaction, type Tx } from '../db/client.ts';
import { paperOfName } from '../db/digests/paper-names.ts';
import { endJournaled, findJournaled, type JournaledEnd, type KnownMail } from '../db/ledger/journaled.ts';
import { makeJournaled, noteLastNewsletters, showJournaled, type MissingMail } from '../db/newsletters/journaled.ts';
import { isNotice } from '../model/mail-kind.ts';
import { decideMail, type MailVerdict } from './decide-mail.ts';
import type { JournaledMail } from './read-journal.ts';

/** What was done with the mails of a journal. */
export interface MailCounts {
  /** Mails that the ledger had not as gone: now sent, or in doubt. */
  sent: number;
  inDoubt: number;
  /** Mails that it had as the journal has them. */
  knownMails: number;
  /** Mails to readers whom the database does not know, or to no reader. */
  mailsToNobody: number;
  /** Papers that it did not know. */
  papers: number;
}

/** Numbers of papers by their public ids, as far as they were looked up. */
export type PaperNumbers = Map<string, number>;

interface Decided {
  mail: JournaledMail;
  known: KnownMail;
  verdict: MailVerdict;
}

/** Brings a batch of mails into the ledger, in one transaction. */
export async function replayMails(
  ctx: Pick<Context, 'db' | 'now'>,
  mails: readonly JournaledMail[],
  { counts, numbers, dryRun }: { counts: MailCounts; numbers: PaperNumbers; dryRun: boolean },
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const known = await findJournaled(
      tx,
      mails.map(({ handed }) => handed),
    );
    const decided = mails.map((mail, place): Decided => {
      const found = known[place] ?? nothingKnown(place);
      return { mail, known: found, verdict: decideMail(mail, found) };
    });
    for (const { mail, verdict } of decided) count(counts, verdict, mail);
    const open = decided.filter(({ verdict }) => verdict === 'end' || verdict === 'make');
    if (dryRun || open.length === 0) return;
    counts.papers += await findPapers(tx, open, numbers);
    await write(tx, open, { numbers, now: ctx.now() });
  });
}

function nothingKnown(place: number): KnownMail {
  return {
    ...{ place, readerId: null, deliveryId: null, newsletterId: null },
    ...{ state: null, attempt: null, handed: false, same: false },
  };
}

function count(counts: MailCounts, verdict: MailVerdict, { outcome }: JournaledMail): void {
  if (verdict === 'known') counts.knownMails += 1;
  else if (verdict === 'nobody') counts.mailsToNobody += 1;
  else if (outcome === 'sent') counts.sent += 1;
  else counts.inDoubt += 1;
}

/** Returns how many papers were made. */
async function findPapers(tx: Tx, open: readonly Decided[], numbers: PaperNumbers): Promise<number> {
  let made = 0;
  for (const { mail, known, verdict } of open) {
    if (verdict === 'end' && known.same) continue; // its newsletter says which
    for (const name of mail.papers) {
      if (numbers.has(name.publicId)) continue;
      const paper = await paperOfName(tx, name, mail.at);
      numbers.set(name.publicId, paper.id);
      if (paper.made) made += 1;
    }
  }
  return made;
}

async function write(
  tx: Tx,
  open: readonly Decided[],
  { numbers, now }: { numbers: PaperNumbers; now: Date },
): Promise<void> {
  const shownBy = ({ papers }: JournaledMail) => [
    ...new Set(papers.flatMap(({ publicId }) => numbers.get(publicId) ?? [])),
  ];
  const missing = open.flatMap(({ mail, known, verdict }): MissingMail[] => {
    const { handed, at } = mail;
    if (verdict !== 'make' || !handed.to || known.readerId === null) return [];
    const { mail: name, kind, shown } = handed;
    const of = { place: known.place, mail: name, kind, key: handed.to.key, readerId: known.readerId, at };
    return [{ ...of, shown: shown && { issuedOn: shown.issuedOn, paperIds: shownBy(mail) } }];
  });
  const made = await makeJournaled(tx, missing, now);
  const others = open.filter(({ verdict, known }) => verdict === 'end' && !known.same && known.newsletterId !== null);
  await showJournaled(tx, new Map(others.map(({ mail, known }) => [known.newsletterId ?? 0n, shownBy(mail)])));
  const ends = open.flatMap(({ mail: { handed, outcome, at }, known }): JournaledEnd[] => {
    const deliveryId = known.deliveryId ?? made.get(known.place);
    return deliveryId === undefined ? [] : [{ deliveryId, attempt: handed.attempt, outcome, at }];
  });
  await endJournaled(tx, ends);
  const newsletters = open.filter(({ mail, known }) => !isNotice(mail.handed.kind) && known.readerId !== null);
  await noteLastNewsletters(
    tx,
    newsletters.map(({ mail, known }) => ({ readerId: known.readerId ?? 0, at: mail.at })),
  );
}
