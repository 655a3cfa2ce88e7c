-- How sure a paper must be before a reader gets it: LINES in src/model/match.ts has the probabilities.
CREATE TYPE "selectivity" AS ENUM ('sure', 'normal', 'more');
-- A constant default: no row is written.
ALTER TABLE "subscribers" ADD COLUMN "selectivity" "selectivity" NOT NULL DEFAULT 'normal';
