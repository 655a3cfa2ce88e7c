import type { KeptAnswer } from '../db/operator/api-answers.ts';
import { PROBLEM_TYPE, problemText } from '../http/problem-json.ts';
import { AppError, type AppErrorCode } from '../lib/errors.ts';
import { isOutage } from '../lib/outage.ts';

/** Titles of the statuses that answer a program with a problem (RFC 9110 15, RFC 6585). */
const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** What is wrong with one part of a request: of its body by a JSON pointer (RFC 6901), else by the parameter's name. */
export interface PartProblem {
  detail: string;
  pointer?: string;
  parameter?: string;
}

/** Why a request is answered with a problem (RFC 9457). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly errors: readonly PartProblem[];
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    detail: string,
    { errors = [], headers = {} }: { errors?: readonly PartProblem[]; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.name = 'ApiProblem';
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

/** Answers that there is no such thing. */
export function missing(what: string): ApiProblem {
  return new ApiProblem(404, `There is no ${what}`);
}

const STATUS: Record<AppErrorCode, number> = { 'bad-input': 422, 'not-found': 404, conflict: 409, unavailable: 503 };

/** How long a busy or restarting database is given. */
const RETRY_SECONDS = '5';

/** Turns anything thrown into the problem that is told of it; what is our own fault is told without its words. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof AppError && error.code !== 'unavailable')
    return new ApiProblem(STATUS[error.code], error.message);
  const status = (error as { status?: unknown } | null)?.status;
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new ApiProblem(status, status === 413 ? 'The body is too long' : 'The request cannot be read');
  if (isOutage(error) || error instanceof AppError)
    return new ApiProblem(503, 'The database does not answer', { headers: { 'Retry-After': RETRY_SECONDS } });
  return new ApiProblem(500, 'Something went wrong here; it is in the log');
}

/** Writes the answer that tells of a problem. */
export function answerOf({ status, message, errors, headers }: ApiProblem): KeptAnswer {
  const title = TITLES[status] ?? (status < 500 ? 'Bad Request' : 'Internal Server Error');
  const more = { detail: message, ...(errors.length > 0 && { errors }) };
  return { status, headers: { ...headers, 'Content-Type': PROBLEM_TYPE }, body: problemText(status, title, more) };
}
