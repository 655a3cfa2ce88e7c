import type { AppError, Said } from './errors.ts';
import type { Translate } from './strings.ts';

/** Words a failure for a page; one that no page is known to meet is shown by its message, which is English. */
export function errorText({ said, message }: AppError, t: Translate): string {
  return said ? t(`error.${said.name}`, said.values ?? {}) : message;
}

/** Words reasons that are kept by name and values; where only English words of them are kept, those. */
export function reasonsText(why: readonly Said[] | null | undefined, kept: readonly string[], t: Translate): string[] {
  return why?.map(({ name, values }) => t(`error.${name}`, values ?? {})) ?? [...kept];
}
