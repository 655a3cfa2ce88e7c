-- Upvotes when an entry was first seen, so that later captures of its list tell how far it rose.
ALTER TABLE "entries" ADD COLUMN "first_upvotes" INTEGER;
UPDATE "entries" SET "first_upvotes" = "upvotes";
-- The week's movers of a weekly newsletter, frozen like its papers: entries, and the upvotes each had gained.
ALTER TABLE "newsletters" ADD COLUMN "mover_ids" INTEGER[] NOT NULL DEFAULT '{}', ADD COLUMN "mover_rises" INTEGER[] NOT NULL DEFAULT '{}';
