-- The matcher says whether a paper holds what was asked for as it stands: only that may mute. It was read from the reasons shown, which
-- name no more than three, and call a word found beside others «words» whether all of it stands there or a part. What older versions of
-- the matcher found keeps the old answer until it is compared again, which the raised version of the matcher sees to.
ALTER TABLE "matches" ADD COLUMN "literal" BOOLEAN NOT NULL DEFAULT false;
UPDATE "matches" SET "literal" = true WHERE jsonb_path_exists("reasons", '$[*] ? (@.kind != "words" && @.kind != "related")');
