-- What stands inside a word of an address or a title is found by its trigrams. The extension comes with the embedded
-- server and with nearly every PostgreSQL, and whoever owns a database may add it; where it is not there, only what
-- begins a word is found, and nothing else is different.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN RETURN; END IF;
  BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
  EXCEPTION WHEN insufficient_privilege THEN RETURN;
  END;
  EXECUTE 'CREATE INDEX address_words_inside ON address_words USING GIN (lower(word) gin_trgm_ops)';
  EXECUTE 'CREATE INDEX papers_title_inside ON papers USING GIN (lower(title) gin_trgm_ops)';
END $$;
