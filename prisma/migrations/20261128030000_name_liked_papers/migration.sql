-- Why reactions put a paper into a newsletter, frozen like the rest: the entry of the liked paper that each paper is like, 0 where none
-- lifted it. Null for most: nobody reacted, or it does not show.
ALTER TABLE "newsletters" ADD COLUMN "liked_ids" INTEGER[];
