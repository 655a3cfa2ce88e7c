import { expect, test } from 'vitest';
import type { KnownMail } from '../../src/db/ledger/journaled.ts';
import { decideMail, isUnheard } from '../../src/journal/decide-mail.ts';
import type { HandedFact } from '../../src/model/fact.ts';

const handed = (
  attempt: number,
  to: HandedFact['to'] = { reader: 'reader1', key: 'daily:2026-11-18' },
): HandedFact => ({
  ...{ what: 'handed', mail: '01890000-0000-7000-8000-000000000001', kind: 'newsletter', attempt },
  ...{ to, shown: null },
});
const known = (change: Partial<KnownMail>): KnownMail => ({
  ...{ place: 0, readerId: 1, deliveryId: 1n, newsletterId: 1n, state: 'sent', attempt: 1, handed: true, same: true },
  ...change,
});
const NO_ROW = { deliveryId: null, state: null, attempt: null, handed: false, same: false };

test.each<[string, HandedFact, Partial<KnownMail>, boolean]>([
  ['that was sent', handed(1), {}, false],
  ['that nobody knows of whether it arrived', handed(1), { state: 'uncertain' }, false],
  ['in hand at this moment', handed(1), { state: 'sending' }, false],
  ['that was put off', handed(1), { state: 'retrying', handed: false }, false],
  ['that another process has taken up', handed(1), { state: 'sending', attempt: 2, handed: false }, false],
  ['whose reader was erased', handed(1), { ...NO_ROW, readerId: null }, false],
  ['to the operator', handed(1, null), { ...NO_ROW, readerId: null }, false],
  [
    'that was not tried yet, as far as the ledger knows',
    handed(1),
    { state: 'planned', attempt: 0, handed: false },
    true,
  ],
  ['of which a later try is missing', handed(2), { state: 'retrying', attempt: 1, handed: false }, true],
  ['without a row, to a reader who is there', handed(1), NO_ROW, true],
  ['whose edition was planned anew', handed(1), { same: false, state: 'planned', attempt: 0, handed: false }, true],
])(
  'when a journal has a mail %s, then a database that never heard of it is behind, and no other',
  (_words, fact, row, behind) => {
    expect(isUnheard({ handed: fact }, known(row))).toBe(behind);
    // What is heard and not sent yet changes by a 250 alone: it comes later than the ledger.
    const verdict = decideMail({ handed: fact, outcome: 'in-doubt' }, known(row));
    expect(verdict === 'end' || verdict === 'make').toBe(behind);
  },
);
