import { startSmtp, type SmtpMode, type TestSmtp } from '../../test/support/smtp.ts';
import { createDice } from './dice.ts';

/**
 * How a recipient's server behaves at first, and how often among a hundred; afterwards it accepts, but for the final
 * refusals. Addresses that are gone stay far from the 5 % at which an edition is paused, whatever the seed.
 */
const MIX: [mode: SmtpMode, share: number][] = [
  ['greylist', 6],
  ['4xx', 3],
  ['421', 3],
  ['tempfail-after-data', 3],
  ['5xx-rcpt', 2],
  ['5xx-data', 5],
  ['slow-data', 4],
  ['drop-at-rcpt', 3],
  ['drop-after-dot', 3],
];
const FINAL: readonly SmtpMode[] = ['5xx-rcpt', '5xx-data'];

/** A receiver whose moods are settled by the seed and the address. */
export interface Receiver {
  smtp: TestSmtp;
  moodOf(to: string): SmtpMode;
}

/** Starts it. */
export async function startReceiver(seed: number): Promise<Receiver> {
  const smtp = await startSmtp({ slowMs: 100 });
  const seen = new Map<string, number>();
  const moodOf = (to: string): SmtpMode => {
    let roll = createDice(seed ^ hashOf(to)).next() * 100;
    for (const [mode, share] of MIX) {
      if (roll < share) return mode;
      roll -= share;
    }
    return 'ok';
  };
  // Asked at MAIL (not at all), RCPT and DATA: the mood lasts for the first try.
  smtp.modeFor = (to) => {
    const mood = moodOf(to);
    if (FINAL.includes(mood) || mood === 'ok' || mood === 'slow-data') return mood;
    const asked = (seen.get(to) ?? 0) + 1;
    seen.set(to, asked);
    const questions = mood === 'tempfail-after-data' || mood === 'drop-after-dot' ? 2 : 1;
    return asked <= questions ? (mood === 'greylist' || mood === '4xx' ? 'full' : mood) : 'ok';
  };
  return { smtp, moodOf };
}

function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  return hash >>> 0;
}
