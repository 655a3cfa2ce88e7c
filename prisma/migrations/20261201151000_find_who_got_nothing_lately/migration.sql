-- runs with: >= 0.1.0
-- Readers without a newsletter since some day are found among a million. Planning alone writes that column, together with
-- one that has an index already.
CREATE INDEX "subscribers_last_newsletter_at_idx" ON "subscribers"("last_newsletter_at");
