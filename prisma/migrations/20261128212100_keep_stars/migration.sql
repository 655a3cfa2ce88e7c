-- Stars of a paper's code as its source had them when the paper was first listed. Null where the source does not say.
ALTER TABLE "entries" ADD COLUMN "stars" INTEGER;
