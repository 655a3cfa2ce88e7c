-- What waits with its paused edition says so itself, instead of being due in the year 9999, and stays out of the index that claims read.
ALTER TABLE "deliveries" ADD COLUMN "parked" BOOLEAN NOT NULL DEFAULT false;
UPDATE "deliveries" SET "parked" = "state" IN ('planned', 'retrying'), "next_attempt_at" = "created_at"
WHERE "next_attempt_at" >= '9999-12-31T00:00:00Z'::timestamptz;
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_parked_while_waiting" CHECK (NOT "parked" OR "state" IN ('planned', 'retrying'));
CREATE INDEX "deliveries_claimable_unparked" ON "deliveries"("priority", (coalesce("edition_id", 0)), "next_attempt_at", "id")
  WHERE "state" IN ('planned', 'retrying') AND NOT "parked";
DROP INDEX "deliveries_claimable";
ALTER INDEX "deliveries_claimable_unparked" RENAME TO "deliveries_claimable";
