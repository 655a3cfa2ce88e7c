import type { Context } from '../../context.ts';
import { loadPaperNames } from '../../db/digests/paper-names.ts';
import { recordBatch, type Handing } from '../../db/ledger/record.ts';
import { messageOf } from '../../lib/errors.ts';
import { persistently } from '../../lib/persistently.ts';
import type { FinishedAttempt } from '../../model/attempt.ts';
import type { AnsweredFact, HandedFact } from '../../model/fact.ts';
import { isNotice } from '../../model/mail-kind.ts';
import type { NewsletterInput } from '../../model/newsletter.ts';
import type { Claimed } from '../sending/prepare-mail.ts';
import type { SendingRun } from '../sending/sending-run.ts';

/** What was put off because the journal cannot be written is due again after this. */
const WAIT_MS = 30_000;

/** Tells whether no mail may go from this process, since its journal cannot be written. */
export function isMute({ journal, log }: Pick<Context, 'journal' | 'log'>): boolean {
  const problem = journal.problem();
  if (problem !== null) log.debug({ problem }, 'no mail goes from here: the journal cannot be written');
  return problem !== null;
}

/** Prepares what the journal says of these mails when they are handed over, with what their papers are known by. */
export async function prepareFacts({ ctx, facts }: SendingRun, claimed: readonly Claimed[]): Promise<void> {
  const unknown = new Set<number>();
  for (const one of claimed) {
    const fact = factOf(one);
    facts.set(one.delivery.id, { fact, handed: false });
    for (const id of fact.shown ? ctx.journal.unknown(fact.shown.paperIds) : []) unknown.add(id);
  }
  if (unknown.size > 0) ctx.journal.describe(await loadPaperNames(ctx.db, [...unknown]));
}

/** What a batch came to. */
interface Batch {
  finished: readonly FinishedAttempt[];
  /** Mails about to go: for the first time, or over another connection. */
  going: readonly Handing[];
  /** Mails that may not go, some of which were about to. */
  stopped: readonly Handing[];
}

/**
 * Writes into the journal what came of mails and which are about to go, before their bodies go over. Where it cannot be
 * written none of them goes: they are put off, and the run ends. Returns whether they may go.
 */
export async function journalBatch(run: SendingRun, { finished, going, stopped }: Batch): Promise<boolean> {
  const { ctx, facts } = run;
  const answers = [
    ...finished.flatMap((end) => answerTo(run, end)),
    ...stopped.flatMap((mail) => takenBack(run, mail)),
  ];
  const handed = going.flatMap(({ id }) => facts.get(id) ?? []).filter((one) => !one.handed);
  try {
    ctx.journal.write([...answers, ...handed.map(({ fact }) => fact)]);
  } catch (error) {
    ctx.journal.keep([...answers, ...going.flatMap((mail) => takenBack(run, mail))]);
    await putOff(run, going, messageOf(error));
    return false;
  }
  for (const one of handed) one.handed = true;
  return true;
}

/** What the journal says of the end of a mail that was handed over; nothing where that is in doubt. */
function answerTo({ facts }: SendingRun, { id, state, outcome }: FinishedAttempt): AnsweredFact[] {
  const known = facts.get(id);
  facts.delete(id);
  if (!known?.handed || outcome === 'uncertain') return [];
  return [{ what: state === 'sent' ? 'sent' : 'unsent', mail: known.fact.mail }];
}

/** Nothing went of a mail that was about to go and may not. */
function takenBack({ facts }: SendingRun, { id }: Handing): AnsweredFact[] {
  const known = facts.get(id);
  return known?.handed ? [{ what: 'unsent', mail: known.fact.mail }] : [];
}

async function putOff(run: SendingRun, going: readonly Handing[], problem: string): Promise<void> {
  const now = run.ctx.now();
  const later = { nextAttemptAt: new Date(now.getTime() + WAIT_MS), refusal: null, counted: false };
  const finished = going.map(({ id, attempt }): FinishedAttempt => ({
    ...{ id, attempt, state: 'retrying', outcome: 'deferred', stage: 'connect', reply: problem, ...later },
  }));
  await persistently(() => recordBatch(run.ctx.db, { worker: run.worker, now, finished, handing: [] }));
  for (const { id } of going) run.facts.delete(id);
  run.stop({ how: 'no-journal', problem });
}

function factOf({ delivery, input }: Claimed): HandedFact {
  const { publicId: mail, kind, attempt, key, subscriberPublicId: reader } = delivery;
  const isNewsletter = !isNotice(kind) && input !== null && !('problem' in input);
  const shown = isNewsletter ? { issuedOn: input.issuedOn, paperIds: papersOf(input) } : null;
  return { what: 'handed', mail, kind, attempt, to: reader === null ? null : { reader, key }, shown };
}

/** Every paper that a newsletter names, by its title alone too. */
function papersOf({ papers, perhaps = [], trending, movers = [] }: NewsletterInput): number[] {
  const ids: number[] = []; // so few that looking through them is the quickest
  const add = (id: number) => {
    if (!ids.includes(id)) ids.push(id);
  };
  for (const { entry } of papers) add(entry.paperId);
  for (const { entry } of perhaps) add(entry.paperId);
  for (const { entry } of movers) add(entry.paperId);
  for (const { paperId } of trending) add(paperId);
  return ids;
}
