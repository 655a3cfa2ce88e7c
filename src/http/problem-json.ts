import type { Response } from 'express';

/** The media type of a problem. */
export const PROBLEM_TYPE = 'application/problem+json';

/** Writes what is wrong for a program (RFC 9457); `error` says the title too, as our answers always have. */
export function problemText(status: number, title: string, more: object): string {
  return JSON.stringify({ type: 'about:blank', title, status, error: title, ...more });
}

/** Answers a program with what is wrong. */
export function sendProblem(res: Response, status: number, title: string, more: object): void {
  res
    .status(status)
    .type(PROBLEM_TYPE)
    .send(problemText(status, title, more));
}
