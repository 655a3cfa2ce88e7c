-- Editions that are due at once take turns: the claim steps from edition to edition and takes its share of each, so the index begins with them.
CREATE INDEX "deliveries_claimable_by_edition" ON "deliveries"("priority", (coalesce("edition_id", 0)), "next_attempt_at", "id") WHERE "state" IN ('planned', 'retrying');
DROP INDEX "deliveries_claimable";
ALTER INDEX "deliveries_claimable_by_edition" RENAME TO "deliveries_claimable";
