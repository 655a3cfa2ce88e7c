-- runs with: >= 0.1.0
-- That an address was asked and did not fail is no answer: asking is noted before it is done, and a tick may end there.
ALTER TABLE "source_addresses" ADD COLUMN "answered_at" TIMESTAMPTZ(3);

-- Of what was asked until now nothing better is known.
UPDATE "source_addresses" SET "answered_at" = "asked_at" WHERE "failures" = 0;
