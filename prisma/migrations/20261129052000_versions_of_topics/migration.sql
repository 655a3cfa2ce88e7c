-- What an operator makes of a topic. The one in force is named by its topic; without one the topic is the release's own.
CREATE TABLE "topic_versions" (
  "id" SERIAL PRIMARY KEY,
  "slug" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "description" TEXT NOT NULL,
  "terms" TEXT[],
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "published_at" TIMESTAMPTZ(3)
);
ALTER TABLE "topic_versions" ADD CONSTRAINT "topic_versions_slug_fkey"
  FOREIGN KEY ("slug") REFERENCES "topics"("slug") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX "topic_versions_slug_id_idx" ON "topic_versions"("slug", "id");
-- One draft a topic.
CREATE UNIQUE INDEX "topic_versions_draft" ON "topic_versions"("slug") WHERE "published_at" IS NULL;

ALTER TABLE "topics" ADD COLUMN "version_id" INTEGER;
CREATE UNIQUE INDEX "topics_version_id_key" ON "topics"("version_id");
ALTER TABLE "topics" ADD CONSTRAINT "topics_version_id_fkey"
  FOREIGN KEY ("version_id") REFERENCES "topic_versions"("id") ON DELETE SET NULL ON UPDATE CASCADE;
