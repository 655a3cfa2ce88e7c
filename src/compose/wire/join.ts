import { joinPlain, valueOf, type Fragment, type FragmentInRuns, type SlotValue, type SlotValues } from './fragment.ts';
import { fillStencil, type StencilPair } from './stencil.ts';

/** What stands within the frame: its pieces in order, and beside each the number of its paper. */
export interface Body {
  pieces: readonly StencilPair[];
  numbers: readonly SlotValue[];
}

/** One part of a mail, ready to be joined: what stands above and below its body, and the body. */
export interface JoinedPart {
  form: 'html' | 'text';
  top: FragmentInRuns;
  body: Body;
  bottom: FragmentInRuns;
  values: SlotValues & { react: SlotValue };
}

/** A part of a mail as it will be on the way: how long it is, and how to write it. */
export interface EncodedPart {
  octets: number;
  /** Writes it and returns where it ends. */
  write: (into: Buffer, at: number) => number;
}

/** Joins a part as text. */
export function joinedPlain({ form, top, body, bottom, values }: JoinedPart): string {
  const own = { ...values };
  let joined = joinPlain(top, own);
  for (const [at, { pair }] of body.pieces.entries()) {
    own.n = body.numbers[at]!;
    joined += joinPlain(pair[form], own);
  }
  return joined + joinPlain(bottom, own);
}

/** Joins a part as quoted-printable. */
export function joinedEncoded({ form, top, body, bottom, values }: JoinedPart): EncodedPart {
  let octets = encodedSize(top, values) + encodedSize(bottom, values);
  const formOf = form === 'html' ? htmlOf : textOf;
  const { pieces, numbers } = body;
  for (const piece of pieces) octets += formOf(piece).encodedOctets;
  const react = values.react.encoded;
  return {
    octets,
    write: (into, at) => {
      let end = writeEncoded(top, values, into, at);
      for (let at = 0; at < pieces.length; at++)
        end = fillStencil(formOf(pieces[at]!), numbers[at]!.encoded, react, into, end);
      return writeEncoded(bottom, values, into, end);
    },
  };
}

// Each looks at one property, which is faster than to look one up by its name.
const htmlOf = ({ html }: StencilPair) => html;
const textOf = ({ text }: StencilPair) => text;

/** Takes text that is encoded already as a part. */
export function readyPart(encoded: Buffer): EncodedPart {
  return { octets: encoded.length, write: (into, at) => at + encoded.copy(into, at) };
}

/** Returns how many octets a fragment has with its values, as quoted-printable. */
export function encodedSize({ slots, encoded }: Fragment, values: SlotValues): number {
  let octets = encoded.length;
  for (const slot of slots) octets += valueOf(values, slot).encoded.length;
  return octets;
}

/** Returns how many octets a fragment has with its values, as text. */
export function plainSize({ slots, octets }: Fragment, values: SlotValues): number {
  return slots.reduce((total, slot) => total + valueOf(values, slot).octets, octets);
}

function writeEncoded({ slots, runs }: FragmentInRuns, values: SlotValues, into: Buffer, at: number): number {
  let end = at;
  for (let slot = 0; slot < slots.length; slot++) {
    const run = runs[slot]!;
    into.set(run, end);
    end += run.length;
    const value = valueOf(values, slots[slot] ?? '').encoded;
    into.set(value, end);
    end += value.length;
  }
  const last = runs[slots.length]!;
  into.set(last, end);
  return end + last.length;
}
