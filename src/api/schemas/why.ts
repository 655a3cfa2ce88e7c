import { z } from 'zod';
import { DELIVERY_STATES, END_REASONS } from '../../model/delivery.ts';
import { maskedAddress, maskedText } from '../../model/masked.ts';
import { GATES, type Why } from '../../model/why.ts';
import { DEFAULT_LANGUAGE, translator } from '../../lib/strings.ts';
import { answerInWords, wordsOf } from '../../operate/why/words.ts';
import { address } from './common.ts';
import { answer } from './named.ts';

const gate = z.object({
  name: z.enum(GATES),
  standing: z.enum(['passed', 'stopped', 'not-reached']),
  link: z.string().nullable().describe('A page of the admin’s where it can be looked at'),
  reason: z.string().nullable().describe('For machines'),
  fact: z.string().nullable().describe('The same in words'),
  values: z.record(z.string(), z.union([z.string(), z.number()])).nullable(),
});

/** Why somebody got what they got, as API and `why --json` tell it. */
export const whyAnswer = answer(
  'Why',
  z.object({
    email: address,
    reader: z.string().nullable().describe('Id of the reader; null where nobody reads at the address'),
    edition: z.string().nullable(),
    paper: z.object({ id: z.string(), title: z.string() }).nullable(),
    about: z.enum(['happened', 'foreseen']),
    delivery: z
      .object({ id: z.string(), state: z.enum(DELIVERY_STATES), endReason: z.enum(END_REASONS).nullable() })
      .nullable(),
    stoppedAt: z.enum(GATES).nullable(),
    answer: z.string().describe('In one sentence'),
    gates: z.array(gate).describe('In the order in which they are asked'),
  }),
);

const t = () => translator(DEFAULT_LANGUAGE);
const when = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Tells why, in English and for machines; addresses are masked for who may not see them. */
export function whyView(told: Why, seesAddresses: boolean): z.output<typeof whyAnswer> {
  const seen = (text: string) => (seesAddresses ? text : maskedText(text));
  const { reader, edition, paper, about, delivery, stoppedAt } = told;
  return {
    email: seesAddresses ? told.email : maskedAddress(told.email),
    ...{ reader, edition, paper, about, delivery, stoppedAt },
    answer: seen(answerInWords(told, t(), when)),
    gates: told.gates.map(({ name, standing, link, says }) => ({
      ...{ name, standing, link, reason: says?.code ?? null },
      fact: says ? seen(wordsOf(says, t(), when)) : null,
      values: says
        ? Object.fromEntries(Object.entries(says.values).map(([key, value]) => [key, plain(value, seen)]))
        : null,
    })),
  };
}

function plain(value: string | number | Date, seen: (text: string) => string): string | number {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? seen(value) : value;
}
