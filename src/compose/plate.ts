import { valueOf, type Fragment, type Plate, type SlotValue } from './fragment.ts';

/**
 * What goes into the pieces of a newsletter's body: the number of its paper, and the base of the reader's reaction links. Both are
 * equally long for nearly everybody, so that a piece is cast once with gaps of that length, and a mail copies it whole and fills them.
 */
export interface PieceValues {
  n: SlotValue;
  react: SlotValue;
}

/** Plates kept of one fragment: numbers of one digit and of two, for links with and without one more digit. */
const KEPT = 4;
/** Above any size of a value, so that sizes side by side make one number. */
const SIZES = 4_096;

/** Returns a body's piece cast for values as long as these; it is cast at the first call. */
export function plateOf(fragment: Fragment, values: PieceValues): Plate {
  const measure = measureOf(values);
  const { plates } = fragment;
  for (let at = 0; at < plates.length; at++) if (plates[at]?.measure === measure) return plates[at]!;
  const plate = cast(fragment, values, measure);
  if (plates.length === KEPT) plates.shift();
  plates.push(plate);
  return plate;
}

/** Writes a body's piece with its values as quoted-printable; returns where it ends. */
export function print({ bytes, fragment, gapsAt }: Plate, n: Buffer, react: Buffer, into: Buffer, at: number): number {
  into.set(bytes, at);
  for (let slot = 0; slot < gapsAt.length; slot++) {
    const gap = at + gapsAt[slot]!;
    if (fragment.slots[slot] === 'react') into.set(react, gap);
    else for (let octet = 0; octet < n.length; octet++) into[gap + octet] = n[octet]!; // a digit or two: faster than a call
  }
  return at + bytes.length;
}

function measureOf({ n, react }: PieceValues): number {
  return (react.octets * SIZES + react.encoded.length) * SIZES + n.encoded.length;
}

function cast(fragment: Fragment, values: PieceValues, measure: number): Plate {
  const { slots, encoded, encodedAt } = fragment;
  const filled = slots.map((slot) => valueOf({ ...values }, slot));
  const sum = (size: (value: SlotValue) => number) => filled.reduce((total, value) => total + size(value), 0);
  const encodedOctets = encoded.length + sum((value) => value.encoded.length);
  const bytes = Buffer.allocUnsafeSlow(encodedOctets);
  const gapsAt = new Int32Array(slots.length);
  let from = 0;
  let end = 0;
  for (const [slot, value] of filled.entries()) {
    const to = encodedAt[slot] ?? 0;
    end += encoded.copy(bytes, end, from, to);
    from = to;
    gapsAt[slot] = end;
    end += value.encoded.copy(bytes, end);
  }
  encoded.copy(bytes, end, from);
  return { fragment, measure, bytes, gapsAt, octets: fragment.octets + sum((value) => value.octets), encodedOctets };
}
