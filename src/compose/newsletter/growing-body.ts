import { slotValue, type SlotValue } from '../wire/fragment.ts';
import type { Body } from '../wire/join.ts';
import { stencilsOf, type FragmentPair, type StencilPair } from '../wire/stencil.ts';
import { addTo, type Size } from './size-budget.ts';

/** A body while pieces are put at its end. */
export interface GrowingBody extends Body {
  pieces: StencilPair[];
  numbers: SlotValue[];
  /** The reader's reaction links. */
  react: SlotValue;
  /** Size of the HTML placed so far and of what is around it. */
  size: Size;
  /** Words to read. */
  words: number;
}

/** By the number: none, and those of papers. */
const NUMBERS: SlotValue[] = Array.from({ length: 51 }, (_, number) => slotValue(number === 0 ? '' : String(number)));

/** Opens a body without pieces; `around` is the size of what is around it. */
export function openBody(react: SlotValue, { octets, encodedOctets }: Size): GrowingBody {
  return { pieces: [], numbers: [], react, size: { octets, encodedOctets }, words: 0 };
}

/** Places a piece; `number` is that of its paper, 0 where it is of none. */
export function place(body: GrowingBody, pair: FragmentPair, number = 0): void {
  addTo(body.size, put(body, pair, number).html);
}

/** Places pieces, one behind the other. */
export function placeAll(body: GrowingBody, pairs: readonly FragmentPair[], number = 0): void {
  for (const pair of pairs) place(body, pair, number);
}

/** Places a piece that room was kept for. */
export function placeUncounted(body: GrowingBody, pair: FragmentPair): void {
  put(body, pair, 0);
}

function put(body: GrowingBody, pair: FragmentPair, number: number): StencilPair {
  const n = NUMBERS[number] ?? slotValue(String(number));
  const piece = stencilsOf(pair, n, body.react);
  body.pieces.push(piece);
  body.numbers.push(n);
  body.words += pair.words;
  return piece;
}
