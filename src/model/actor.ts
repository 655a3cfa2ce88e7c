/**
 * Who did something: a reader by their link, a mail program's one click, a visitor nobody knows, the command line, an
 * admin, a token, a job.
 */
export type Actor =
  | 'reader'
  | 'one-click'
  | 'visitor'
  | 'cli'
  | `admin:${string}`
  | `token:${string}`
  | `job:${string}`;
