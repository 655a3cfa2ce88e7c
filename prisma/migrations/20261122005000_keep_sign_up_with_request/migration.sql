-- What was asked for stays with the question until it is answered, so that nobody's form changes somebody else's settings.
ALTER TABLE "confirmation_requests" ADD COLUMN "sign_up" JSONB;

-- Housekeeping looks for unanswered sign-ups by age.
CREATE INDEX "subscribers_pending" ON "subscribers"("created_at") WHERE "status" = 'pending';
