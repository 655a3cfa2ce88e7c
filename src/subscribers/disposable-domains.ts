import { disposableEmailBlocklistSet } from 'disposable-email-domains-js';
import { domainOf } from '../model/address.ts';

let known: ReadonlySet<string> | undefined;

/**
 * Tells whether a canonical address lives at a domain that gives addresses away for minutes, or below one (the list of
 * github.com/disposable-email-domains, as the package keeps it).
 */
export function isDisposable(email: string): boolean {
  known ??= disposableEmailBlocklistSet();
  const labels = domainOf(email).split('.');
  return labels.some((_, from) => known?.has(labels.slice(from).join('.')));
}
