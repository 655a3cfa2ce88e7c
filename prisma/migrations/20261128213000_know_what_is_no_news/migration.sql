-- A stream's old papers, and those of any announced list, are kept and never come to readers as news.
ALTER TABLE "entries" ADD COLUMN "known" BOOLEAN NOT NULL DEFAULT false;
