import { plainOf } from '../marked-text.ts';
import type { Sentence } from '../sentences.ts';
import { CUES, hasCue, readSentence, type ReadSentence } from './cues.ts';
import { dangles, withoutLeads } from './openings.ts';

/** Which sentences of an abstract say what is new and what came out, counted from 0; null where none does. */
export interface Findings {
  isNew: number | null;
  cameOut: number | null;
}

const LEAST = 1;

export function findingsOf(title: string, sentences: readonly Sentence[]): Findings {
  const read = sentences.map(({ text }) => readSentence(plainOf(text).slice(0, 1000)));
  const name = nameIn(title);
  const isNew = best(read.map((s, at) => newness(s, at, name)));
  const cameOut = best(read.map((s, at) => outcome(s, at, read.length, isNew, name)));
  return { isNew, cameOut };
}

export function newness(sentence: ReadSentence, at: number, name: string): number {
  if (dangles(withoutLeads(sentence.plain))) return -Infinity;
  const told = weigh(sentence, 'isNew') + (has(sentence.plain, name) ? 2 : 0);
  return told < LEAST ? -Infinity : told - at * 0.15;
}

export function outcome(sentence: ReadSentence, at: number, count: number, isNew: number | null, name: string): number {
  if (dangles(withoutLeads(sentence.plain))) return -Infinity;
  const told = weigh(sentence, 'cameOut');
  if (told < LEAST / 2) return -Infinity;
  const place = isNew === null ? 0 : at === isNew ? -2 : at < isNew ? -2.5 : 0.5;
  return told + place + (has(sentence.plain, name) ? 0.5 : 0) + (count > 1 ? (1 * at) / (count - 1) : 0);
}

function weigh(sentence: ReadSentence, question: 'isNew' | 'cameOut'): number {
  let sum = 0;
  for (const one of CUES) if (one[question] !== 0 && hasCue(sentence, one)) sum += one[question];
  return sum;
}

function nameIn(title: string): string {
  const name = /^[^:]{2,40}(?=:)/.exec(title)?.[0] ?? '';
  return name.split(' ').length <= 3 ? name : '';
}

function has(plain: string, name: string): boolean {
  return name !== '' && plain.includes(name);
}

function best(scores: readonly number[]): number | null {
  const top = Math.max(...scores);
  return top > -Infinity ? scores.indexOf(top) : null;
}
