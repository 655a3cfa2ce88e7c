-- runs with: >= 0.1.0
-- Why a row was refused by name and values, so that a report says it in the language of whoever reads it.
ALTER TABLE "import_problems" ADD COLUMN "said" JSONB;
