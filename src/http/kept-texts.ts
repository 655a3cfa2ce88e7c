import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLru } from '../lib/lru.ts';

/** Texts of pages and feeds, made once for all who ask for the same. */
export interface KeptTexts {
  /**
   * Returns the text kept under a key, which names everything the text shows; made where there is none, by one maker
   * for all who ask meanwhile.
   */
  get(key: readonly unknown[], make: () => Promise<string>): Promise<string>;
}

/** Bytes of texts that are kept, at two a character. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Opens a bounded store of texts. They are made one after the other, each after a turn of the event loop, so that
 * however many strangers ask for different things at once, whatever else was asked comes in between. What fails is not
 * kept.
 */
export function openKeptTexts(maxBytes = MAX_BYTES): KeptTexts {
  const kept = createLru<string>(maxBytes, (text) => 2 * text.length + 200);
  const running = new Map<string, Promise<string>>();
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<string>): Promise<string> => {
    const made = last.then(() => nextTurn()).then(work);
    last = made.catch(() => {});
    return made;
  };
  return {
    get(key, make) {
      const name = createHash('sha256').update(JSON.stringify(key)).digest('base64url');
      const known = kept.find(name);
      if (known !== undefined) return Promise.resolve(kept.get(name, () => known)); // which marks it as used
      const current = running.get(name);
      if (current) return current;
      const made = inTurn(async () => {
        const text = await make();
        return kept.get(name, () => text);
      }).finally(() => running.delete(name));
      running.set(name, made);
      return made;
    },
  };
}
