import type { Request } from 'express';
import { fieldsOf, textOf } from '../http/bodies.ts';

/**
 * Longest body in which the bare words are looked for, or that says nothing by blanks, in UTF-16 units: the pair is 26
 * long, its longest multipart form some 300.
 */
const SHORT = 1_000;
const WORDS = ['list-unsubscribe=one-click', 'list-unsubscribe:one-click', 'list-unsubscribeone-click'];

/**
 * Tells whether a body is a mailbox's one-click POST (RFC 8058 3.1): the pair `List-Unsubscribe=One-Click` as a form,
 * urlencoded or multipart. Some mailbox providers send it under another content type: in a short body the words
 * themselves decide. Some send nothing at all: no form of ours does.
 */
export async function asksOneClick(req: Request): Promise<boolean> {
  const text = textOf(req);
  if (text.length <= SHORT) {
    if (text.trim() === '') return true;
    const bare = text.replace(/["\s]/g, '').toLowerCase();
    if (WORDS.some((words) => bare.includes(words))) return true;
  }
  const pairs = [...(await fieldsOf(req))].filter(([name]) => name.trim().toLowerCase() === 'list-unsubscribe');
  return pairs.some(([, values]) => values.some((value) => value.trim().toLowerCase() === 'one-click'));
}
