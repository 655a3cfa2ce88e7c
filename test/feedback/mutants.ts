import fc from 'fast-check';
import { readCorpus, type Labelled } from '../../bench/bounces/corpus.ts';
import { SAMPLES } from './reports.ts';

/** Real mails that came back, where they are here. */
export const corpus = readCorpus();
if (corpus === null) process.stderr.write('\nSKIPPED, real data not here: data/bounces\n');
/** Such as we wrote ourselves. */
export const own: Labelled[] = SAMPLES.map(([file, mail]) => {
  return { file, family: 'ours', class: null, recipients: [], bytes: Buffer.from(mail) };
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

/** Mails that came back, broken in one to four ways. */
export const mutant = fc
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
