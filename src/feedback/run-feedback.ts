import type { Context } from '../context.ts';
import { AppError } from '../lib/errors.ts';
import type { TakeIn } from './received.ts';

/** Puts off whatever a door brings, so that it is brought again. */
export function takeIn({ log }: Context): TakeIn {
  return ({ door, name }) => {
    log.warn({ door, name }, 'nothing takes feedback in yet: it is put off');
    return Promise.reject(new AppError('unavailable', 'nothing takes feedback in yet'));
  };
}
