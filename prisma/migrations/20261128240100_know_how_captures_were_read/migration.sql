-- A file that an admin handed in waits as received until the job reads it.
ALTER TYPE "capture_state" ADD VALUE 'received';

-- How a capture was read, so that it can be read again: by which parsers (null: before they were counted), with which list day given, and whether as a past day.
ALTER TABLE "captures" ADD COLUMN "parser_version" INTEGER,
  ADD COLUMN "told_on" DATE,
  ADD COLUMN "past" BOOLEAN NOT NULL DEFAULT false;
