import { mendedToken } from './mended.ts';
import { verifyToken, type LinkKey, type TokenClaim, type TokenPurpose } from './tokens.ts';

/** The purposes of tokens, by the first part of the path that they stand in. */
const PURPOSES: Readonly<Record<string, TokenPurpose>> = {
  ...{ confirm: 'confirm', decline: 'decline', undo: 'undo', preferences: 'preferences' },
  ...{ unsubscribe: 'unsubscribe', react: 'react', newsletters: 'newsletter', feed: 'feed' },
};

/** A link of ours as it stands in a text; `claim` is null where its signature is false. */
export interface ReadLink {
  purpose: TokenPurpose;
  claim: TokenClaim | null;
}

const LINK = /\/(confirm|decline|undo|preferences|unsubscribe|react|newsletters|feed)\/([a-z]+\.[\w.=-]{20,200})/gi;

/** Finds links of ours in a text and checks their signatures; each once, at most so many. Acts on none. */
export function readLinks(keys: readonly LinkKey[], text: string, most: number): ReadLink[] {
  const found = new Map<string, ReadLink>();
  for (const [, place = '', token = ''] of text.matchAll(LINK)) {
    if (found.size >= most) break;
    const purpose = PURPOSES[place.toLowerCase()];
    if (purpose === undefined) continue;
    const whole = mendedToken(token);
    const claim = verifyToken(keys, purpose, whole);
    found.set(claim ? `${purpose} ${claim.subject}` : `${purpose} ${whole}`, { purpose, claim });
  }
  return [...found.values()];
}
