-- A relay that says «slower» gets one pace for all processes; a pause that begins again soon is the same one; and every mail has an end
-- of its tries: two days for what is no newsletter.
ALTER TABLE "sending_paces" ADD COLUMN "gap_ms" DOUBLE PRECISION;
ALTER TABLE "sending_paces" ADD COLUMN "raised_at" TIMESTAMPTZ(3);
ALTER TABLE "sending_circuits" ADD COLUMN "closed_at" TIMESTAMPTZ(3);
UPDATE "deliveries" SET "late_at" = now() + interval '48 hours'
WHERE "late_at" IS NULL AND "state" IN ('planned', 'sending', 'retrying');
