-- What an operator types into the one search box. Words of an address stand in a table of their own, since the readers' rows move with every newsletter
-- and each index on them would be written then; a trigger keeps them, whoever writes an address.
CREATE TABLE "address_words" (
    "word" TEXT COLLATE "C" NOT NULL,
    "subscriber_id" INTEGER NOT NULL,
    CONSTRAINT "address_words_pkey" PRIMARY KEY ("word", "subscriber_id"),
    CONSTRAINT "address_words_subscriber_id_fkey" FOREIGN KEY ("subscriber_id") REFERENCES "subscribers"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "address_words_subscriber_id_idx" ON "address_words"("subscriber_id");

-- The words before the @, and behind one the domain with each domain it lies in (its ends of two labels or more).
CREATE FUNCTION words_of_address(address TEXT) RETURNS SETOF TEXT LANGUAGE sql IMMUTABLE AS $$
  SELECT DISTINCT word FROM (
    SELECT part AS word FROM regexp_split_to_table(split_part(address, '@', 1), '[^a-z0-9]+') AS part
    UNION ALL
    SELECT '@' || array_to_string(labels[n:], '.') FROM (SELECT string_to_array(split_part(address, '@', 2), '.') AS labels) AS l,
      generate_series(1, greatest(1, cardinality(labels) - 1)) AS n
  ) AS words WHERE word <> '' AND word <> '@' AND length(word) <= 300
$$;

CREATE FUNCTION add_address_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO address_words (word, subscriber_id) SELECT words_of_address(email), id FROM added;
  RETURN NULL;
END $$;

CREATE FUNCTION change_address_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM address_words WHERE subscriber_id = NEW.id;
  INSERT INTO address_words (word, subscriber_id) SELECT words_of_address(NEW.email), NEW.id;
  RETURN NULL;
END $$;

CREATE TRIGGER subscribers_new_address AFTER INSERT ON "subscribers" REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION add_address_words();
CREATE TRIGGER subscribers_other_address AFTER UPDATE OF "email" ON "subscribers" FOR EACH ROW WHEN (OLD."email" <> NEW."email") EXECUTE FUNCTION change_address_words();

INSERT INTO "address_words" ("word", "subscriber_id") SELECT words_of_address("email"), "id" FROM "subscribers";

-- Words of titles; «simple» knows no language and drops none.
CREATE INDEX "papers_title_words" ON "papers" USING GIN (to_tsvector('simple', "title"));
