-- runs with: >= 0.1.0
-- A database that is older than its journal is put on hold, too, whoever brought it back.
ALTER TABLE "sending_holds" DROP CONSTRAINT "sending_holds_kind",
    ADD CONSTRAINT "sending_holds_kind" CHECK ("kind" IN ('restored', 'moved', 'behind'));
