-- What stood before an act and after it, where it was done from, which act it takes back, and which act it is part of.
ALTER TABLE "audit_log"
  ADD COLUMN "before" JSONB,
  ADD COLUMN "after" JSONB,
  ADD COLUMN "origin" TEXT,
  ADD COLUMN "undoes" BIGINT,
  ADD COLUMN "part_of" BIGINT;

CREATE UNIQUE INDEX "audit_log_undoes_key" ON "audit_log"("undoes");
CREATE INDEX "audit_log_part_of_id_idx" ON "audit_log"("part_of", "id");
CREATE INDEX "audit_log_subject_id_idx" ON "audit_log"("subject", "id");
CREATE INDEX "audit_log_actor_id_idx" ON "audit_log"("actor", "id");
CREATE INDEX "audit_log_action_id_idx" ON "audit_log"("action", "id");
CREATE INDEX "audit_log_at_id_idx" ON "audit_log"("at", "id");
DROP INDEX "audit_log_subject_idx";
-- The log as it is shown: acts on many readers are one line.
CREATE INDEX "audit_log_whole" ON "audit_log"("id") WHERE "part_of" IS NULL;
-- What retention looks for.
CREATE INDEX "audit_log_with_origin" ON "audit_log"("at") WHERE "origin" IS NOT NULL;

ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_undoes_fkey"
  FOREIGN KEY ("undoes") REFERENCES "audit_log"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_part_of_fkey"
  FOREIGN KEY ("part_of") REFERENCES "audit_log"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Counts of an act that takes several transactions: they grow, the log does not change.
CREATE TABLE "act_counts" (
  "act_id" BIGINT NOT NULL,
  "name" TEXT NOT NULL,
  "count" BIGINT NOT NULL,
  CONSTRAINT "act_counts_pkey" PRIMARY KEY ("act_id", "name")
);
ALTER TABLE "act_counts" ADD CONSTRAINT "act_counts_act_id_fkey"
  FOREIGN KEY ("act_id") REFERENCES "audit_log"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The log is added to and nothing else. Two things may leave it: where an act was done from, which retention drops, and
-- what stood before and after acts on a person who is gone, which goes with them.
CREATE FUNCTION keep_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
    AND (NEW.id, NEW.at, NEW.actor, NEW.action) = (OLD.id, OLD.at, OLD.actor, OLD.action)
    AND (NEW.subject, NEW.detail, NEW.undoes, NEW.part_of) IS NOT DISTINCT FROM (OLD.subject, OLD.detail, OLD.undoes, OLD.part_of)
    AND (NEW.origin IS NULL OR NEW.origin = OLD.origin)
    AND ((NEW.before, NEW.after) IS NOT DISTINCT FROM (OLD.before, OLD.after)
      OR (NEW.before IS NULL AND NEW.after IS NULL AND NOT EXISTS (SELECT FROM subscribers WHERE public_id = OLD.subject)))
  THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the audit log is added to, never changed: % of entry % refused', lower(TG_OP), OLD.id;
END $$;
CREATE TRIGGER keep_audit_log BEFORE UPDATE OR DELETE ON "audit_log" FOR EACH ROW EXECUTE FUNCTION keep_audit_log();
