import type { Context } from '../context.ts';
import { AppError } from '../lib/errors.ts';
import type { TakeIn } from './received.ts';

/** Puts off whatever a door brings, so that it is brought again. */
export function takeIn(_ctx: Context): TakeIn {
  return () => Promise.reject(new AppError('unavailable', 'nothing takes feedback in yet'));
}
