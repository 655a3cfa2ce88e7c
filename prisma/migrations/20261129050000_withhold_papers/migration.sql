-- A paper that an operator keeps back: nobody is given it from that instant on. Kept on the root of its merges.
ALTER TABLE "papers" ADD COLUMN "withheld_at" TIMESTAMPTZ(3);
-- What is withheld is looked up by every page that shows papers.
CREATE INDEX "papers_withheld" ON "papers"("withheld_at") WHERE "withheld_at" IS NOT NULL;
