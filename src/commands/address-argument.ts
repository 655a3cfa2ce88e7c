import { AppError } from '../lib/errors.ts';
import { checkEmail } from '../subscribers/check-email.ts';

/** Returns an address given on the command line in canonical form; throws AppError bad-input where it is none. */
export function addressArgument(given: string): string {
  const checked = checkEmail(given.trim());
  if (!checked.ok)
    throw new AppError('bad-input', `«${given}»: ${checked.problems[0]?.expected ?? 'expected an address'}`);
  return checked.value;
}
