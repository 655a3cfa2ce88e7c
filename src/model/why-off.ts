/** Says in English, as it is kept and told to programs, that somebody switched a webhook off. */
export const OFF_BY_HAND = 'switched off by hand';
/** Says the same of one whose receiver wants nothing more (RFC 9110, 15.5.11). */
export const OFF_AS_GONE = 'it answered 410 Gone';
