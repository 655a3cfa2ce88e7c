import { plainOf, type MarkedText } from '../marked-text.ts';
import type { Sentence } from '../sentences.ts';
import { cutAtClause } from './cut-at-clause.ts';
import type { Findings } from './findings.ts';
import { shorterLead, withoutLeads } from './openings.ts';

/** What a card says of a paper in its first lines; empty where the abstract doesn't tell. */
export interface Said {
  isNew: MarkedText;
  cameOut: MarkedText;
}

/** Most characters of both together: LOOK.md, newsletter, 1. */
export const SAID = 420;
/** What came out has so much room at least, where it needs it and what is new can be cut. */
const LEAST_OUT = 160;

/** Words the findings: their sentences without openings that point back, together at most `room` characters. */
export function saidOf(sentences: readonly Sentence[], { isNew, cameOut }: Findings, room = SAID): Said {
  const [first, second] = [isNew, cameOut === isNew ? null : cameOut].map((at) =>
    at === null ? '' : withoutLeads(sentences[at]?.text ?? ''),
  ) as [MarkedText, MarkedText];
  if (lengthOf(first) + lengthOf(second) < room) return { isNew: first, cameOut: second };
  const out = shorterLead(second);
  const whole = lengthOf(first) + lengthOf(out) < room ? first : shorterLead(first);
  const forOut = out === '' ? 0 : Math.min(out.length, LEAST_OUT) + 1;
  const said = cutAtClause(whole, room - forOut);
  const rest = out === '' ? '' : cutAtClause(out, room - said.length - 1);
  return { isNew: said, cameOut: lengthOf(said) + lengthOf(rest) < room ? rest : '' };
}

function lengthOf(text: MarkedText): number {
  return plainOf(text).length;
}
