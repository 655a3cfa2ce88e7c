/**
 * Lets a test empty tables, those that refer to them and what is counted of them, as TRUNCATE … CASCADE does, in a
 * hundredth of its time: it writes a new file for each table and index, where most tests leave a dozen rows.
 * `empty_anew` lets their ids begin at 1 again. Takes a superuser, as making databases for tests mostly is; who is none
 * truncates. Nothing is vacuumed or analysed on its own meanwhile.
 */
export const EMPTY_SQL = `
CREATE FUNCTION tables_emptied(names text) RETURNS SETOF regclass LANGUAGE sql STABLE AS $$
  WITH RECURSIVE emptied AS (
    SELECT name::regclass::oid AS oid FROM regexp_split_to_table(names, ', ') AS name
    UNION SELECT conrelid FROM pg_constraint JOIN emptied ON confrelid = emptied.oid AND contype = 'f')
  SELECT oid::regclass FROM emptied
$$;
CREATE PROCEDURE empty_tables(names text) LANGUAGE plpgsql AS $$
DECLARE emptied regclass[] := ARRAY(SELECT tables_emptied(names)); one regclass;
BEGIN
  SET LOCAL session_replication_role = replica; -- neither triggers nor foreign keys ask
  IF 'deliveries'::regclass = ANY (emptied) THEN
    emptied := emptied || ARRAY['edition_sums', 'address_standings', 'destination_outages', 'destination_days', 'feedback_reports', 'feedback_places']::regclass[];
  END IF;
  IF 'subscribers'::regclass = ANY (emptied) THEN emptied := emptied || ARRAY['reader_sums', 'reader_days']::regclass[]; END IF;
  IF 'subscriber_interests'::regclass = ANY (emptied) THEN emptied := emptied || 'topic_sums'::regclass; END IF;
  FOREACH one IN ARRAY emptied LOOP EXECUTE format('DELETE FROM %s', one); END LOOP;
EXCEPTION WHEN insufficient_privilege THEN EXECUTE format('TRUNCATE %s CASCADE', names);
END $$;
CREATE PROCEDURE empty_anew(names text) LANGUAGE plpgsql AS $$
BEGIN
  CALL empty_tables(names);
  PERFORM setval(d.objid::regclass, 1, false) FROM pg_depend d JOIN tables_emptied(names) t ON d.refobjid = t::oid
    WHERE d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND EXISTS (SELECT FROM pg_class WHERE oid = d.objid AND relkind = 'S');
END $$;
-- An empty table that is analysed meanwhile is taken for empty when the next test fills it, by plans that take minutes.
DO $$
DECLARE one regclass;
BEGIN
  FOR one IN SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  LOOP EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', one); END LOOP;
END $$`;
