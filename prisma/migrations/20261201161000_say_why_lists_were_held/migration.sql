-- runs with: >= 0.1.0
-- Why a list was held, a source failed, a capture was no digest and long work failed, by names and values, so that pages say it in the
-- language of whoever reads them.
ALTER TABLE "digests" ADD COLUMN "said" JSONB;
ALTER TABLE "sources" ADD COLUMN "said" JSONB;
ALTER TABLE "captures" ADD COLUMN "said" JSONB;
ALTER TABLE "errands" ADD COLUMN "said" JSONB;
