import { signReaderTokens, signToken, type LinkKey } from './tokens.ts';

/** Builds every address the service hands out, from PUBLIC_URL without a trailing slash. */
export const links = {
  home: (base: string) => `${base}/`,
  confirm: (base: string, key: LinkKey, requestPublicId: string, generation: number) =>
    `${base}/confirm/${signToken(key, 'confirm', requestPublicId, generation)}`,
  /** «Not me, never again». */
  decline: (base: string, key: LinkKey, requestPublicId: string, generation: number) =>
    `${base}/decline/${signToken(key, 'decline', requestPublicId, generation)}`,
  /** «Keep my newsletter at this address»: takes a move back. */
  undo: (base: string, key: LinkKey, requestPublicId: string, generation: number) =>
    `${base}/undo/${signToken(key, 'undo', requestPublicId, generation)}`,
  /** All that a reader needs in a mail, signed at once. */
  reader: (base: string, key: LinkKey, subscriberPublicId: string, generation: number) => {
    const tokens = signReaderTokens(key, subscriberPublicId, generation);
    return {
      preferences: `${base}/preferences/${tokens.preferences}`,
      unsubscribe: `${base}/unsubscribe/${tokens.unsubscribe}`,
      /** Base of the reaction links; add `/PAPER_PUBLIC_ID/more`, `less`, `mute` or, for all three, `rate`. */
      react: `${base}/react/${tokens.react}`,
    };
  },
  preferences: (base: string, key: LinkKey, subscriberPublicId: string, generation: number) =>
    `${base}/preferences/${signToken(key, 'preferences', subscriberPublicId, generation)}`,
  unsubscribe: (base: string, key: LinkKey, subscriberPublicId: string, generation: number) =>
    `${base}/unsubscribe/${signToken(key, 'unsubscribe', subscriberPublicId, generation)}`,
  /** View in browser. The token names the newsletter. */
  newsletter: (base: string, key: LinkKey, newsletterPublicId: string, generation: number) =>
    `${base}/newsletters/${signToken(key, 'newsletter', newsletterPublicId, generation)}`,
  feed: (base: string, key: LinkKey, subscriberPublicId: string, generation: number) =>
    `${base}/feed/${signToken(key, 'feed', subscriberPublicId, generation)}.xml`,
  /** Signs an admin in, once: names a link of which the database keeps the hash. */
  signin: (base: string, key: LinkKey, linkPublicId: string, generation: number) =>
    `${base}/admin/sign-in/${signToken(key, 'signin', linkPublicId, generation)}`,
  /** Makes whoever was invited an admin, once. */
  invitation: (base: string, key: LinkKey, linkPublicId: string, generation: number) =>
    `${base}/admin/invitation/${signToken(key, 'invitation', linkPublicId, generation)}`,
  /** An old id may end in `-` or `_`, which programs cut off the end of a link: not off one that ends in a slash. */
  paper: (base: string, paperPublicId: string) =>
    `${base}/papers/${paperPublicId}${/[-_]$/.test(paperPublicId) ? '/' : ''}`,
  digests: (base: string) => `${base}/digests`,
  digest: (base: string, digestOn: string) => `${base}/digests/${digestOn}`,
  help: (base: string) => `${base}/help`,
  askForLink: (base: string) => `${base}/preferences`,
} as const;
