import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { judgeCorpus, readCorpus, scoresOf, type Labelled } from '../../bench/bounces/corpus.ts';
import { parseReport } from '../../src/feedback/parse-report.ts';
import { cpuMsSince } from '../support/cpu.ts';
import { SAMPLES } from './reports.ts';

const corpus = readCorpus();
if (corpus === null) process.stderr.write('\nSKIPPED, real data not here: data/bounces\n');
const own: Labelled[] = SAMPLES.map(([file, mail]) => {
  return { file, family: 'ours', class: null, recipients: [], bytes: Buffer.from(mail) };
});
/** How many mutants; the whole issue asks for 200,000. */
const MUTANTS = Number(process.env['FEEDBACK_MUTANTS'] ?? 2_000);
/**
 * What one may cost, and on a busy machine so many times what reading its parts alone costs there. A garbage collection
 * falls upon some, so that the least of a few tries counts.
 */
const MOST_MS = 50;
const MOST_READINGS = 2.5;
/** As much as is looked at (`read-mail.ts`). */
const LOOKED_AT = 64 * 1024;
const TRIES = 5;
const PATIENCE_MS = 60_000 + MUTANTS * 100;

test.skipIf(corpus === null)('when the corpus is judged, then the floors hold', async () => {
  const scores = scoresOf(await judgeCorpus(corpus ?? []));
  expect(scores.class).toBeGreaterThanOrEqual(0.97);
  expect(scores.recipient).toBeGreaterThanOrEqual(0.98);
  expect(scores.softCalledHard).toBeLessThanOrEqual(0.01);
  expect(scores.readersChanged).toBe(0);
});

/** Ways to break a mail; `at` and `to` are shares of its length. */
const CHANGES: ((bytes: Buffer, at: number, to: number) => Buffer)[] = [
  (bytes, at) => bytes.subarray(0, at),
  (bytes, at, to) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]),
  (bytes, at, to) => Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]),
  (bytes, at, to) => Buffer.concat([bytes, bytes.subarray(at, to)]),
  (bytes, at, to) => Buffer.concat([bytes.subarray(0, at), Buffer.alloc(to - at, bytes[at]), bytes.subarray(to)]),
  (bytes, at, to) => Buffer.concat([bytes.subarray(at, to), bytes]),
  (bytes) => Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r'), 'latin1'),
  (bytes, at) => Buffer.from(bytes.map((byte, place) => (place % 97 === at % 97 ? (byte + at) & 0xff : byte))),
];

const mutant = fc
  .record({
    mail: fc.constantFrom(...own, ...(corpus ?? [])),
    changes: fc.array(
      fc.tuple(
        fc.nat(CHANGES.length - 1),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
      ),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ mail, changes }) => ({
    file: mail.file,
    bytes: changes.reduce((bytes, [which, one, other]) => {
      const [at, to] = [one, other].map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b);
      return CHANGES[which]!(bytes, at!, to!).subarray(0, 400_000);
    }, mail.bytes),
  }));

async function leastMs(work: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let tries = 0; tries < TRIES && least > MOST_MS; tries++) {
    const before = process.cpuUsage();
    await work();
    least = Math.min(least, cpuMsSince(before));
  }
  return least;
}

test(
  'whatever is broken in a mail, it is read within bounds',
  async () => {
    const property = fc.asyncProperty(mutant, async ({ bytes }) => {
      const ms = await leastMs(() => parseReport(bytes));
      if (ms <= MOST_MS) return;
      const reading = await leastMs(() => PostalMime.parse(bytes.subarray(0, LOOKED_AT)).catch(() => null));
      expect(ms).toBeLessThanOrEqual(MOST_READINGS * reading);
    });
    await fc.assert(property, { numRuns: MUTANTS, endOnFailure: true });
  },
  PATIENCE_MS,
);

const RETURNED = /^content-type:\s*(?:message\/rfc822|text\/rfc822-headers)/im;

test('when a mail of the corpus has lost its report, then it names nobody', async () => {
  const told: string[] = [];
  for (const { file, bytes, class: label } of [...own, ...(corpus ?? [])]) {
    const text = bytes.toString('latin1').replaceAll('\r\n', '\n');
    const boundary = /boundary="?([^"\n;]+)/i.exec(text)?.[1];
    const returned = RETURNED.exec(text)?.index;
    if (boundary === undefined || returned === undefined || label === 'complaint' || file.includes('complaint'))
      continue;
    const rest = `${text.slice(0, text.indexOf('\n\n'))}\n\n--${boundary}\n${text.slice(returned)}`;
    const { recipients } = await parseReport(Buffer.from(rest, 'latin1'));
    if (recipients.length > 0) told.push(`${file}: ${recipients.map(({ address }) => address).join()}`);
  }
  expect(told).toEqual([]);
});
