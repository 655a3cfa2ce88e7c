-- The newest reactions, of all readers, measure how right the papers were.
CREATE INDEX "reactions_at_idx" ON "reactions"("at");
