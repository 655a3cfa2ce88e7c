-- runs with: >= 0.1.0
-- When the tries of an edition's mails that were sent were let go of (ATTEMPT_DAYS).
ALTER TABLE "editions" ADD COLUMN "tries_forgotten_at" TIMESTAMPTZ(3);
