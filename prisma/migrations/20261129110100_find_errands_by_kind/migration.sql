-- The newest of a kind, for the page that lists them.
CREATE INDEX "errands_kind" ON "errands"("kind", "id");
