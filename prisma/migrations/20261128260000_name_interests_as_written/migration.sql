-- How the reader wrote the interests that a newsletter names, by kind and key, where the key has other letters:
-- composing it again gives the same bytes, whatever they write later. Null where the keys say it, and in newsletters
-- from before.
ALTER TABLE "newsletters" ADD COLUMN "wordings" JSONB;
