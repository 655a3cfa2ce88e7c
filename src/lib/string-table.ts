/** Different strings and the place of each, in a few arrays: a Map and its strings take some ten times the room. */
export interface StringTable extends Iterable<string> {
  length: number;
  at(place: number): string | undefined;
  get(text: string): number | undefined;
  has(text: string): boolean;
}

/** Strings one behind the other, as they are kept and written. */
export interface PackedStrings {
  /** Their UTF-16 units; a byte each where none is beyond 255. */
  text: Uint8Array | Uint16Array;
  /** Where each ends. */
  ends: Uint32Array;
}

/** Packs strings in their order. */
export function packStrings(strings: readonly string[]): PackedStrings {
  const ends = new Uint32Array(strings.length);
  let length = 0;
  let isWide = false;
  for (const [place, text] of strings.entries()) {
    ends[place] = length += text.length;
    isWide ||= WIDE.test(text);
  }
  const text = isWide ? new Uint16Array(length) : new Uint8Array(length);
  let at = 0;
  for (const one of strings) for (let unit = 0; unit < one.length; unit++) text[at++] = one.charCodeAt(unit);
  return { text, ends };
}

/** What takes more than a byte. */
const WIDE = /[^\0-\xff]/;

/** Reads one of packed strings; undefined where there is none at that place. */
export function stringAt({ text, ends }: PackedStrings, place: number): string | undefined {
  const end = ends[place];
  if (end === undefined) return undefined;
  const [start, bytes] = [place === 0 ? 0 : ends[place - 1]!, text.BYTES_PER_ELEMENT];
  const own = Buffer.from(text.buffer, text.byteOffset + start * bytes, (end - start) * bytes);
  return own.toString(bytes === 1 ? 'latin1' : 'utf16le');
}

/** Opens packed strings, no two of them alike, to be looked up; their slots are laid out when the first one is. */
export function openStrings(packed: PackedStrings): StringTable {
  let slots: Uint32Array | undefined;
  const placeOf = (text: string): number => find(packed, (slots ??= layOutSlots(packed)), text);
  return {
    length: packed.ends.length,
    at: (place) => stringAt(packed, place),
    get: (text) => {
      const place = placeOf(text);
      return place < 0 ? undefined : place;
    },
    has: (text) => placeOf(text) >= 0,
    *[Symbol.iterator]() {
      for (let place = 0; place < packed.ends.length; place++) yield stringAt(packed, place)!;
    },
  };
}

/** Slots hold a place and one more, 0 where they are free; a string lies in the first free one from its hash on. */
function layOutSlots({ text, ends }: PackedStrings): Uint32Array {
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * ends.length + 2)));
  const mask = slots.length - 1;
  let at = 0;
  for (let place = 0; place < ends.length; place++) {
    let hash = SEED;
    for (const end = ends[place]!; at < end; at++) hash = mix(hash, text[at]!);
    let slot = spread(hash) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = place + 1;
  }
  return slots;
}

/** Returns the place of a string; -1 where it is none of them. */
function find({ text, ends }: PackedStrings, slots: Uint32Array, wanted: string): number {
  const mask = slots.length - 1;
  let hash = SEED;
  for (let unit = 0; unit < wanted.length; unit++) hash = mix(hash, wanted.charCodeAt(unit));
  for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
    const place = slots[slot]! - 1;
    if (place < 0) return -1;
    const start = place === 0 ? 0 : ends[place - 1]!;
    if (ends[place]! - start !== wanted.length) continue;
    let unit = 0;
    while (unit < wanted.length && text[start + unit] === wanted.charCodeAt(unit)) unit++;
    if (unit === wanted.length) return place;
  }
}

/** The hash of Fowler, Noll and Vo (1a, 32 bits), whose low bits alone would meet too often. */
const SEED = 0x811c9dc5;

function mix(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}
