import type { Context } from '../../context.ts';
import { GATES, type Gate, type GateName, type Said, type Why } from '../../model/why.ts';
import type { Facts } from './facts.ts';
import { loadFacts, type WhyAsked } from './load-facts.ts';
import { circuitGate, endOf, laterGate, paceGate, quietGate, replyGate, sizeGate, warmUpGate } from './mail-gates.ts';
import { digestGate, isChosen, matchGate, muteGate, rankGate, shownGate } from './paper-gates.ts';
import { pauseGate, said, slotGate, statusGate, stops, suppressionGate, type Judged } from './reader-gates.ts';

/** Each gate, judged by the facts; null where it was not reached whatever stands before it. */
const JUDGES: Record<GateName, (facts: Facts) => Judged | null> = {
  status: statusGate,
  suppression: suppressionGate,
  pause: pauseGate,
  slot: slotGate,
  digest: digestGate,
  match: matchGate,
  mute: muteGate,
  shown: shownGate,
  rank: rankGate,
  size: sizeGate,
  'warm-up': warmUpGate,
  'quiet-hours': quietGate,
  pace: paceGate,
  circuit: circuitGate,
  reply: replyGate,
  later: laterGate,
};

/**
 * Tells why a reader got what they got in an edition, or without one what they would get next: the gates in the order
 * in which they are asked, by the functions that decide. With a paper, whether and why it was among it. Throws AppError
 * bad-input where the edition or the paper cannot be told.
 */
export async function why(ctx: Context, asked: WhyAsked): Promise<Why> {
  const loaded = await loadFacts(ctx, asked);
  if (!('reader' in loaded)) return nobody(asked, loaded.suppression);
  const { gates, stopped } = walk(loaded);
  const { reader, mail, slot, paper } = loaded;
  return {
    email: reader.email,
    reader: reader.publicId,
    edition: slot.edition,
    paper: paper && { id: paper.publicId, title: paper.title },
    about: slot.past || mail ? 'happened' : 'foreseen',
    delivery: mail && { id: mail.publicId, state: mail.state, endReason: mail.endReason },
    stoppedAt: stopped?.name ?? null,
    answer: answerOf(loaded, stopped),
    gates,
  };
}

/** Asks one gate after the other; behind the one that stops, none was reached. */
function walk(facts: Facts): { gates: Gate[]; stopped: Gate | null } {
  const wasLeftOut = facts.paper !== null && !isChosen(facts.mail, facts.paper.ids);
  const end = wasLeftOut ? null : endOf(facts); // what became of the mail is no reason of a paper that is not in it
  let stopped: Gate | null = null;
  const gates = GATES.map((name): Gate => {
    if (stopped) return unreached(name);
    const judged = end?.gate === name ? end.judged : JUDGES[name](facts);
    if (!judged) return unreached(name);
    const { says, link = null } = judged;
    const gate: Gate = { name, standing: judged.stops ? 'stopped' : 'passed', says, link };
    if (judged.stops) stopped = gate;
    return gate;
  });
  return { gates, stopped };
}

const unreached = (name: GateName): Gate => ({ name, standing: 'not-reached', says: null, link: null });

/** A paper that was not chosen did not reach what the mail met. */
function isBeyondPapers(name: GateName): boolean {
  return GATES.indexOf(name) > GATES.indexOf('rank');
}

/** Says it in one sentence; `because` is worded by what stopped it. */
function answerOf({ mail, slot, paper, choice }: Facts, stopped: Gate | null): Said {
  const at = slot.slot?.at ?? slot.decidedAt;
  const [edition, title] = [slot.edition ?? '', paper?.title ?? ''];
  const values = { edition, title, at };
  const of = paper ? 'paper' : 'mail';
  if (stopped) {
    return said(`answer-${of}-${tenseOf(stopped, { mail, slot })}`, values);
  }
  if (mail) {
    const count = mail.paperIds?.length ?? 0;
    return said(`answer-${of}-${mail.state === 'sent' ? 'sent' : 'under-way'}`, {
      ...values,
      at: mail.sentAt ?? at,
      count,
    });
  }
  return said(`answer-${of}-comes`, { ...values, count: choice?.real.taken ?? 0 });
}

/** How what stopped it is told: as the end, as what it waits for, or as what leaves it in doubt. */
function tenseOf(stopped: Gate, { mail, slot }: Pick<Facts, 'mail' | 'slot'>): string {
  if (stopped.name === 'later') return 'later';
  const isEnd = stopped.says?.code.startsWith('end-') ?? false;
  if (isEnd && mail?.state === 'uncertain') return 'doubt';
  const waits = mail && mail.endReason === null && mail.state !== 'sent' && !isEnd;
  if (waits && beyondChoice(stopped)) return 'waits';
  return slot.past || mail ? 'none' : 'none-yet';
}

function beyondChoice({ name }: Gate): boolean {
  return isBeyondPapers(name) || name === 'slot';
}

/** Nobody reads at the address, or what is left is that it was erased. */
function nobody({ email, edition }: WhyAsked, suppression: Facts['suppression']): Why {
  const gate = suppression
    ? stops(said(`nobody-${suppression.reason}`, { at: suppression.at }), '/admin/suppressions')
    : stops(said('nobody'));
  const gates = GATES.map((name, at): Gate => {
    return at === 0 ? { name, standing: 'stopped', says: gate.says, link: gate.link ?? null } : unreached(name);
  });
  const nothing = { reader: null, paper: null, delivery: null, about: 'foreseen' as const };
  return { email, edition: edition ?? null, ...nothing, stoppedAt: 'status', answer: said('answer-nobody', {}), gates };
}
