-- runs with: >= 0.1.0
-- Where no backup can be tried (no embedded PostgreSQL), that was noted as a fault of the backup, which no trial could lift again.
UPDATE "backups" SET "verified_at" = NULL, "problem" = NULL WHERE "problem" LIKE 'No database: DATABASE_URL is unset, and the embedded%';
