-- Scores are probabilities now, and 0.5 decides where 0.25 did: planning waits until interests are compared anew, as it does for new ones.
UPDATE "interests" SET "matcher_version" = NULL WHERE "matcher_version" IS NOT NULL;
