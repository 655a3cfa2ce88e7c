-- runs with: >= 0.1.0
-- Of a newsletter that went out after the snapshot a database was restored from, the journal knows the papers alone.
ALTER TABLE "newsletters"
  DROP CONSTRAINT "newsletters_not_empty",
  DROP CONSTRAINT "newsletters_parallel",
  ADD CONSTRAINT "newsletters_not_empty" CHECK (cardinality("paper_ids") > 0) NOT VALID,
  ADD CONSTRAINT "newsletters_parallel" CHECK (
    (cardinality("entry_ids") = cardinality("paper_ids") OR cardinality("entry_ids") = 0) AND cardinality("match_ids") = cardinality("entry_ids")
    AND cardinality("upvotes") = cardinality("entry_ids") AND cardinality("comments") = cardinality("entry_ids")) NOT VALID;
