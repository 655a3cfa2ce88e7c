/** What begins a mail in an mbox, with the end of the line before it; RFC 4155 asks for an empty line there. */
const BEGINS = Buffer.from('\nFrom ');
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** A line «From …» that is longer begins nothing. */
const LONGEST_LINE = 1_000;
/** It ends with a date as asctime writes it. */
const HAS_TIME = /\d{1,2}:\d\d/;
/** As much as may be the beginning of what begins a mail: an empty line and «From». */
const UNDECIDED = BEGINS.length + 3;

/**
 * Takes an mbox apart (RFC 4155, mboxrd or mboxo) as it comes, so that no more than one mail is held. Of each mail the
 * first `most` bytes are kept.
 */
export async function* splitMbox(chunks: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer> {
  let mail = openMail(most);
  let data: Buffer = Buffer.from('\n\n'); // as if something had ended before the first
  for await (const chunk of chunks) {
    data = Buffer.concat([data, chunk]);
    let from = 0;
    for (let next = nextBeginning(data, from); ; next = nextBeginning(data, from)) {
      const decided = next?.at ?? Math.max(from, data.length - UNDECIDED);
      mail.add(data.subarray(from, decided));
      from = decided;
      if (!next?.behind) break;
      const whole = mail.end();
      if (whole) yield whole;
      mail = openMail(most);
      from = next.behind;
    }
    data = data.subarray(from);
  }
  mail.add(data);
  const last = mail.end();
  if (last) yield last;
}

/** Finds the line that begins the next mail, and what is behind it; null there where more must come to tell. */
function nextBeginning(data: Buffer, from: number): { at: number; behind: number | null } | null {
  for (let at = data.indexOf(BEGINS, from); at !== -1; at = data.indexOf(BEGINS, at + 1)) {
    const isAfterBlank = data[at - 1] === LINE_FEED || (data[at - 1] === CARRIAGE_RETURN && data[at - 2] === LINE_FEED);
    if (!isAfterBlank) continue;
    const end = data.indexOf(LINE_FEED, at + 1);
    if (end === -1 && data.length - at < LONGEST_LINE) return { at: Math.max(from, at - 2), behind: null };
    const isShort = end !== -1 && end - at <= LONGEST_LINE;
    if (isShort && HAS_TIME.test(data.toString('latin1', at, end))) return { at: at + 1, behind: end + 1 };
  }
  return null;
}

/** Gathers one mail. */
function openMail(most: number): { add(piece: Buffer): void; end(): Buffer | null } {
  const pieces: Buffer[] = [];
  let size = 0;
  return {
    add: (piece) => {
      const kept = piece.subarray(0, most - size);
      size += kept.length;
      if (kept.length > 0) pieces.push(Buffer.from(kept)); // a copy: the chunk it lies in is let go
    },
    end: () => {
      const whole = Buffer.concat(pieces);
      return whole.some((octet) => octet > 0x20) ? unquoted(whole) : null;
    },
  };
}

const QUOTED = /^>(>*From )/gm;

/** Takes one «>» off each line that was quoted because it begins with «From ». */
function unquoted(mail: Buffer): Buffer {
  const begin = mail[0] === LINE_FEED ? 1 : 0;
  const bare = mail.subarray(begin, mail.at(-1) === LINE_FEED ? -1 : undefined);
  if (!bare.includes('\n>')) return bare;
  return Buffer.from(bare.toString('latin1').replace(QUOTED, '$1'), 'latin1');
}
