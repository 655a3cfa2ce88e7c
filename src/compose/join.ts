import { joinEncoded, joinPlain, type Fragment, type SlotValue, type SlotValues } from './fragment.ts';

/** One part of a mail, ready to be joined: the frame, and what stands in its body. */
export interface JoinedPart {
  frame: Fragment;
  body: readonly { fragment: Fragment; number: SlotValue }[];
  values: SlotValues;
}

/** Joins a part as text. */
export function joinedPlain(part: JoinedPart): string {
  return joinPlain(part.frame, { ...part.values, body: { plain: bodyOf(part, joinPlain), encoded: '', octets: 0 } });
}

/** Joins a part as quoted-printable. */
export function joinedEncoded(part: JoinedPart): string {
  return joinEncoded(part.frame, {
    ...part.values,
    body: { plain: '', encoded: bodyOf(part, joinEncoded), octets: 0 },
  });
}

function bodyOf(part: JoinedPart, join: (fragment: Fragment, values: SlotValues) => string): string {
  const values = { ...part.values };
  let joined = '';
  for (const { fragment, number } of part.body) {
    values.n = number;
    joined += join(fragment, values);
  }
  return joined;
}
