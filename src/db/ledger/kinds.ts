import { mailKinds, type MailKindRow } from '../../model/mail-kind.ts';

/**
 * Says in SQL whether the delivery `row` is of a kind of mail of which something holds. The kinds stand there as words,
 * no parameters, so that plans and partial indexes know them.
 */
export function isOfKind(row: string, holds: (kind: MailKindRow) => boolean): string {
  const kinds = mailKinds(holds).map((kind) => `'${kind}'`);
  return kinds.length > 0 ? `${row}.kind IN (${kinds.join(', ')})` : 'false';
}

/** Says in SQL whether the delivery `row` is a newsletter. */
export function isNewsletter(row: string): string {
  return isOfKind(row, ({ form }) => form !== 'notice');
}
