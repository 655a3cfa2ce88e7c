import type { Response } from 'express';

/**
 * Answers a program with what is wrong (RFC 9457, application/problem+json); `error` says the title too, as our answers
 * always have.
 */
export function sendProblem(res: Response, status: number, title: string, more: object): void {
  const problem = { type: 'about:blank', title, status, error: title, ...more };
  res.status(status).type('application/problem+json').send(JSON.stringify(problem));
}
