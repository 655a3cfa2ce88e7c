import type { AppError } from './errors.ts';
import type { Translate } from './strings.ts';

/** Words a failure for a page; one that no page is known to meet is shown by its message, which is English. */
export function errorText({ said, message }: AppError, t: Translate): string {
  return said ? t(`error.${said.name}`, said.values ?? {}) : message;
}
