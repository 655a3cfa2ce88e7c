-- runs with: >= 0.1.0
-- Who wants an interest and who mutes it is counted without looking at the rows.
CREATE INDEX "subscriber_interests_interest_id_muted_idx" ON "subscriber_interests"("interest_id", "muted");
DROP INDEX "subscriber_interests_interest_id_idx";
