-- What a source adds to a paper, which is no word of its authors: its project's page, pictures and films, and the keywords and the sentence that a model made.
ALTER TABLE "entries" ADD COLUMN "project_url" TEXT,
  ADD COLUMN "media_urls" TEXT[] NOT NULL DEFAULT '{}',
  ADD COLUMN "model_keywords" TEXT[] NOT NULL DEFAULT '{}',
  ADD COLUMN "model_summary" TEXT;

-- Matching hears the keywords a little.
ALTER TABLE "papers" ADD COLUMN "model_keywords" TEXT[] NOT NULL DEFAULT '{}';
