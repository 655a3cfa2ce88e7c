-- Whether a reader wants papers somewhat below their line too, one line each. A constant default: no row is written.
ALTER TABLE "subscribers" ADD COLUMN "perhaps" BOOLEAN NOT NULL DEFAULT false;
-- What such a newsletter shows, as entries and their matches, and the sentence of the day with the names and numbers it was made of. Frozen
-- like the rest, so that composing again gives the same bytes. Null where there is none.
ALTER TABLE "newsletters" ADD COLUMN "perhaps_ids" INTEGER[], ADD COLUMN "perhaps_match_ids" INTEGER[], ADD COLUMN "day_line" JSONB;
