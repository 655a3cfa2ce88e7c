-- The instant of a mail's Date header: frozen by the first try whose body went over, so that every later one has the same bytes
-- (RFC 5322 3.6.1). Null until then.
ALTER TABLE "deliveries" ADD COLUMN "dated_at" TIMESTAMPTZ(3);
