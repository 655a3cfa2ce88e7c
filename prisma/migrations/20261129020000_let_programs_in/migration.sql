-- Programs that may ask the API: each has a token of its own, of which only the SHA-256 is kept, with what it may do.
CREATE TABLE "api_tokens" (
  "id" SERIAL PRIMARY KEY,
  "name" TEXT NOT NULL,
  "token_hash" BYTEA NOT NULL,
  "scopes" TEXT[],
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "last_used_at" TIMESTAMPTZ(3),
  "revoked_at" TIMESTAMPTZ(3)
);
CREATE UNIQUE INDEX "api_tokens_name_key" ON "api_tokens"("name");
CREATE UNIQUE INDEX "api_tokens_token_hash_key" ON "api_tokens"("token_hash");

-- What a POST with an Idempotency-Key was answered, for a day: asking again gives the same answer and does nothing.
CREATE TABLE "api_answers" (
  "token_id" INTEGER NOT NULL REFERENCES "api_tokens"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "key" TEXT NOT NULL,
  "request_hash" BYTEA NOT NULL,
  "begun_at" TIMESTAMPTZ(3) NOT NULL,
  "status" INTEGER,
  "headers" JSONB,
  "body" TEXT,
  PRIMARY KEY ("token_id", "key")
);
CREATE INDEX "api_answers_begun_at_idx" ON "api_answers"("begun_at");
