import { Command, Option } from 'commander';
import { deliveryView } from '../api/schemas/delivery.ts';
import { listDeliveries, type LedgerEntry, type LedgerFilter } from '../db/ledger/list.ts';
import { eachPage } from '../lib/cursor.ts';
import { AppError } from '../lib/errors.ts';
import { addressHash, canonicalAddress } from '../model/address.ts';
import { DELIVERY_STATES, type DeliveryState } from '../model/delivery.ts';
import { onlyShows } from './exit.ts';
import { printJson, printTable, withContext } from './support.ts';

interface DeliveriesFlags {
  edition?: string;
  state?: DeliveryState;
  email?: string;
  json?: boolean;
}

/** Rows read at a time. */
const PAGE = 1_000;

/** Builds `offprint deliveries`: the ledger, every mail and what became of it. */
export function deliveriesCommand(): Command {
  return new Command('deliveries')
    .option('--edition <key>', 'only this edition, such as daily:2025-12-31')
    .addOption(new Option('--state <state>', 'only deliveries in this state').choices([...DELIVERY_STATES]))
    .option('--email <address>', 'only mails to this address')
    .option('--json', 'print one object a line')
    .action(async (flags: DeliveriesFlags) => {
      const email = flags.email === undefined ? undefined : canonical(flags.email);
      await withContext(async (ctx) => {
        const hash = email === undefined ? undefined : addressHash(ctx.keys.suppression, email);
        const filter: LedgerFilter = { edition: flags.edition, state: flags.state, addressHash: hash };
        onlyShows();
        for await (const rows of eachPage((wish) => listDeliveries(ctx.db, filter, wish), { limit: PAGE })) {
          if (flags.json) rows.forEach((row) => printJson(deliveryView(row, true)));
          else printTable(rows.map(shown), 'No deliveries.');
        }
      });
    });
}

function canonical(text: string): string {
  const result = canonicalAddress(text);
  if (!result.ok) throw new AppError('bad-input', `--email «${text}»: expected an address such as ada@example.org`);
  return result.address;
}

function shown(entry: LedgerEntry): Record<string, string | number | null> {
  const { kind, edition, email, state, attempts, papers, sentAt, lastReply } = entry;
  return { kind, edition, email, state, attempts, papers, sentAt: sentAt?.toISOString() ?? null, lastReply };
}
