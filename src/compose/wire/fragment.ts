import { SOFT_BREAK } from '../text/text-layout.ts';
import { encodePiece } from './quoted-printable.ts';

/**
 * A rendered piece of a mail with places where a reader's own values go in. Kept as text and as quoted-printable, so
 * that a mail is joined without escaping or encoding anything twice; each form is one run of characters and the places
 * in it, since many thousand small strings would have to be walked by every collection of garbage.
 */
export interface Fragment {
  /** Names of its slots, in the order they stand in; a name may stand more than once. */
  slots: readonly string[];
  /** The text without its values, and where in it the values go. */
  plain: string;
  plainAt: readonly number[];
  encoded: Buffer;
  encodedAt: readonly number[];
  /** Octets of `plain` as UTF-8. */
  octets: number;
}

/**
 * A fragment with its encoded form also in the runs between its slots, for what is written slot by slot in each mail.
 */
export interface FragmentInRuns extends Fragment {
  runs: readonly Buffer[];
}

/** What goes into a slot: safe where it stands (escaped for HTML), plain and encoded. */
export interface SlotValue {
  plain: string;
  encoded: Buffer;
  /** Size of `plain`. */
  octets: number;
}

/** The values of slots by their names. */
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
  const found = cut(rendered);
  return fragmentOf(found, found.pieces);
}

/**
 * Cuts a rendered text part at its slot marks. On the way it is format=flowed (RFC 3676): a line that ends with a blank
 * is one with the next (4.1), and a line that begins with a blank, `>` or `From ` gets a blank in front, which readers
 * take away (4.4). To be looked at as it is, it has neither.
 */
export function cutText(rendered: string): Fragment {
  const seen = cut(rendered.replaceAll(SOFT_BREAK, '\n'));
  return fragmentOf(seen, cut(rendered.replace(/^(?=[ >]|From )/gm, ' ')).pieces);
}

/** Adds the runs between the slots. */
export function withRuns(fragment: Fragment): FragmentInRuns {
  const { encoded, encodedAt } = fragment;
  const ends = [...encodedAt, encoded.length];
  return { ...fragment, runs: ends.map((end, run) => encoded.subarray(ends[run - 1] ?? 0, end)) };
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

/** Makes a fragment of its pieces: as readers see them, and as they are about to be encoded. */
function fragmentOf({ slots, pieces }: { slots: string[]; pieces: string[] }, onTheWay: string[]): Fragment {
  const encodedPieces = onTheWay.map(encodePiece);
  const plain = pieces.join('');
  return {
    slots,
    plain,
    plainAt: endsOf(pieces),
    encoded: Buffer.concat(encodedPieces),
    encodedAt: endsOf(encodedPieces),
    octets: Buffer.byteLength(plain),
  };
}

/** Returns where each piece but the last ends. */
function endsOf(pieces: readonly { length: number }[]): number[] {
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

/** Returns the value for a slot. Throws where there is none. */
export function valueOf(values: SlotValues, slot: string): SlotValue {
  const value = values[slot];
  if (!value) throw new Error(`No value for the slot «${slot}»: a template asks for what the composer does not give`);
  return value;
}
