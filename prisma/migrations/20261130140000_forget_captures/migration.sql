-- runs with: >= 0.1.0
-- What was received is let go of after CAPTURE_DAYS; that it was received, and by which bytes, stays known.
ALTER TABLE "captures" ADD COLUMN "forgotten_at" TIMESTAMPTZ(3);
