-- A relay that says «slower» gets one pace for all processes. A pause that begins again soon is the same one.
ALTER TABLE "sending_paces" ADD COLUMN "gap_ms" DOUBLE PRECISION;
ALTER TABLE "sending_paces" ADD COLUMN "raised_at" TIMESTAMPTZ(3);
ALTER TABLE "sending_circuits" ADD COLUMN "closed_at" TIMESTAMPTZ(3);
-- Every mail has an end of its tries: two days for what is no newsletter.
UPDATE "deliveries" SET "late_at" = now() + interval '48 hours'
WHERE "late_at" IS NULL AND "state" IN ('planned', 'sending', 'retrying');
