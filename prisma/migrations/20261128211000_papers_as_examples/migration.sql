-- Papers that a reader gives as examples of what they want: an interest of its own kind, whose key is a hash of them.
ALTER TYPE "interest_kind" ADD VALUE 'like';

-- Names of concepts that the examples are not examples of.
ALTER TABLE "interests" ADD COLUMN "left_out" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];

CREATE TABLE "interest_examples" (
    "interest_id" INTEGER NOT NULL,
    "place" INTEGER NOT NULL,
    "arxiv_id" TEXT,
    "doi" TEXT,
    "title" TEXT NOT NULL,
    "abstract" TEXT NOT NULL,
    "paper_id" INTEGER,

    CONSTRAINT "interest_examples_pkey" PRIMARY KEY ("interest_id","place")
);

ALTER TABLE "interest_examples" ADD CONSTRAINT "interest_examples_interest_id_fkey" FOREIGN KEY ("interest_id") REFERENCES "interests"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "interest_examples" ADD CONSTRAINT "interest_examples_paper_id_fkey" FOREIGN KEY ("paper_id") REFERENCES "papers"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What is not known yet is looked for with each match run.
CREATE INDEX "interest_examples_unknown" ON "interest_examples"("interest_id") WHERE "paper_id" IS NULL;
CREATE INDEX "interest_examples_paper_id_idx" ON "interest_examples"("paper_id");
