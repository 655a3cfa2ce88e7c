import { encodePiece } from './quoted-printable.ts';

/**
 * A rendered piece of a mail with places where a reader's own values go in. Kept as text and as quoted-printable, so that a mail is
 * joined without escaping or encoding anything twice; each form is one string and the places in it, since many thousand small
 * strings would have to be walked by every collection of garbage.
 */
export interface Fragment {
  slots: readonly string[];
  /** The text without its values, and where in it the values go. */
  plain: string;
  plainAt: readonly number[];
  encoded: string;
  encodedAt: readonly number[];
  /** Octets, decoded and encoded, without what goes into the slots. */
  octets: number;
  encodedOctets: number;
  /** How often each slot occurs. */
  uses: readonly (readonly [slot: string, times: number])[];
}

/** What goes into a slot: safe where it stands (escaped for HTML), plain and encoded. */
export interface SlotValue {
  plain: string;
  encoded: string;
  /** Size of `plain`. */
  octets: number;
}

export type SlotValues = Record<string, SlotValue>;

// Control characters: text from outside has lost all of them (clean-text.ts), so it cannot forge a mark.
const OPEN = '\u0001';
const CLOSE = '\u0002';

/** Returns the mark that stands for a slot while a template is rendered. */
export function slotMark(name: string): string {
  return `${OPEN}${name}${CLOSE}`;
}

/** Cuts a rendered template at its slot marks. */
export function cutFragment(rendered: string): Fragment {
  return fragmentOf(cut(rendered), cut(rendered).pieces);
}

/**
 * Cuts a rendered text at its slot marks. On the way it is format=flowed (RFC 3676), so that a word longer than a line may stay whole:
 * a line that begins with a blank, `>` or `From ` gets a blank in front, which readers take away (4.4); no line of ours is soft.
 */
export function cutText(rendered: string): Fragment {
  return fragmentOf(cut(rendered), cut(rendered.replace(/^(?=[ >]|From )/gm, ' ')).pieces);
}

function cut(rendered: string): { slots: string[]; pieces: string[] } {
  const slots: string[] = [];
  const pieces: string[] = [];
  for (const [index, part] of rendered.split(OPEN).entries()) {
    const close = index === 0 ? -1 : part.indexOf(CLOSE);
    if (close >= 0) slots.push(part.slice(0, close));
    pieces.push(part.slice(close + 1));
  }
  return { slots, pieces };
}

function fragmentOf({ slots, pieces }: { slots: string[]; pieces: string[] }, onTheWay: string[]): Fragment {
  const encodedPieces = onTheWay.map(encodePiece);
  const plain = pieces.join('');
  const encoded = encodedPieces.join('');
  return {
    slots,
    plain,
    plainAt: endsOf(pieces),
    encoded,
    encodedAt: endsOf(encodedPieces),
    octets: Buffer.byteLength(plain),
    encodedOctets: encoded.length,
    uses: [...new Set(slots)].map((slot) => [slot, slots.filter((each) => each === slot).length] as const),
  };
}

/** Returns where each piece but the last ends. */
function endsOf(pieces: readonly string[]): number[] {
  let end = 0;
  return pieces.slice(0, -1).map((piece) => (end += piece.length));
}

/** Makes a slot's value of text that is already safe where it will stand. */
export function slotValue(safe: string): SlotValue {
  return { plain: safe, encoded: encodePiece(safe), octets: Buffer.byteLength(safe) };
}

/** Joins a fragment with the values of its slots, as text. */
export function joinPlain({ slots, plain, plainAt }: Fragment, values: SlotValues): string {
  let joined = '';
  let from = 0;
  for (let slot = 0; slot < slots.length; slot++) {
    const at = plainAt[slot] ?? 0;
    joined += plain.slice(from, at) + valueOf(values, slots[slot] ?? '').plain;
    from = at;
  }
  return joined + plain.slice(from);
}

/** Joins a fragment with the values of its slots, as quoted-printable. */
export function joinEncoded({ slots, encoded, encodedAt }: Fragment, values: SlotValues): string {
  let joined = '';
  let from = 0;
  for (let slot = 0; slot < slots.length; slot++) {
    const at = encodedAt[slot] ?? 0;
    joined += encoded.slice(from, at) + valueOf(values, slots[slot] ?? '').encoded;
    from = at;
  }
  return joined + encoded.slice(from);
}

/** Returns how many octets the joined fragment has, decoded and encoded. */
export function joinedSize(fragment: Fragment, values: SlotValues): { octets: number; encodedOctets: number } {
  let { octets, encodedOctets } = fragment;
  for (const [slot, times] of fragment.uses) {
    const value = valueOf(values, slot);
    octets += times * value.octets;
    encodedOctets += times * value.encoded.length;
  }
  return { octets, encodedOctets };
}

function valueOf(values: SlotValues, slot: string): SlotValue {
  const value = values[slot];
  if (!value) throw new Error(`No value for the slot «${slot}»: a template asks for what the composer does not give`);
  return value;
}
