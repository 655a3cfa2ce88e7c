/** Tells whether the database is away: connection lost (class 08), server going down or starting (57P), deadlock or serialisation (40), too many connections (53), or no server at all. */
export function isOutage(error: unknown): boolean {
  const { code = '' } = error as { code?: string };
  if (/^(08|57P|40|53)/.test(code) || /^E(CONN|PIPE|AI_|HOST|TIMEDOUT|NOTFOUND)/.test(code)) return true;
  if (/^P(1001|1002|1008|1017|2024|2034)$/.test(code)) return true;
  const message = error instanceof Error ? error.message : '';
  if (/Raw query failed\. Code: `(08|57P|40|53)/.test(message)) return true; // Prisma's own code for any raw query is P2010
  return /terminat|Can't reach database|ECONNREFUSED|ECONNRESET|Connection (closed|ended)|closed the connection|timeout/i.test(
    message,
  );
}
