/**
 * PostgreSQL's own codes: connection lost (08), deadlock or serialisation (40), too many sessions or no room (53), not
 * done in its time (57014, 55P03; a transaction 25P03, 25P04), server going down or starting (57P), its disk (58).
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const SQLSTATE = /^(?:08|40|53|58)[0-9A-Z]{3}$|^57P\d\d$|^57014$|^55P03$|^25P0[34]$/;
/** The system's, where the server cannot be reached or a connection breaks. */
const SYSTEM =
  /^(?:ECONN(?:REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|E(?:HOST|NET)(?:UNREACH|DOWN)|ENOTFOUND|EAI_[A-Z]+)$/;
/**
 * Prisma's: not reached (P1001, P1002), too slow (P1008, P2024, P2028), closed (P1017), deadlock (P2034), too many
 * sessions (P2037).
 */
const PRISMA = /^(?:P1001|P1002|P1008|P1017|P2024|P2028|P2034|P2037)$/;
/** What Prisma's driver adapter calls them, which has words of its own where the driver has a code. */
const DRIVER = /^(?:ConnectionClosed|DatabaseNotReachable|SocketTimeout|TooManyConnections|TransactionWriteConflict)$/;

/** The parts of an error that hold a code: Prisma keeps the driver's beside or under its own. */
interface Coded {
  name?: unknown;
  code?: unknown;
  cause?: unknown;
  meta?: { driverAdapterError?: { cause?: unknown } };
}

/**
 * Tells whether the database is away, or will do the same if asked again. Only codes are asked, never words: an odd row
 * whose error speaks of a «timeout» is no outage. What `pg` says in words alone is given a code in db/pg-errors.ts.
 */
export function isOutage(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, code, cause, meta } = error as Coded;
  const driver = meta?.driverAdapterError?.cause ?? (name === 'DriverAdapterError' ? cause : undefined);
  return isOutageCode(code) || isOutageOfDriver(driver);
}

function isOutageOfDriver(told: unknown): boolean {
  if (typeof told !== 'object' || told === null) return false;
  const { kind, originalCode } = told as { kind?: unknown; originalCode?: unknown };
  return isOutageCode(originalCode) || (typeof kind === 'string' && DRIVER.test(kind));
}

function isOutageCode(code: unknown): boolean {
  return typeof code === 'string' && (SQLSTATE.test(code) || SYSTEM.test(code) || PRISMA.test(code));
}
