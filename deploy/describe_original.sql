-- describe.sql of a database at work, as it is at the restore point :point. Writing rests for as long as
-- the point and the snapshot take, a few milliseconds, so that both hold the same rows; waiting writers
-- go on when the savepoint gives the locks back, and the snapshot stays.
SET search_path = pg_catalog;
SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') AS tables
FROM pg_tables WHERE schemaname = 'public' \gset
\set sequences_done yes

BEGIN ISOLATION LEVEL REPEATABLE READ;
SET LOCAL lock_timeout = '5s';
SAVEPOINT writing_rests;
LOCK TABLE :tables IN SHARE MODE;
COPY (SELECT 'sequences', sequencename, coalesce(last_value, 0) FROM pg_sequences ORDER BY sequencename COLLATE "C") TO STDOUT;
SELECT pg_create_restore_point(:'point') \gset
ROLLBACK TO SAVEPOINT writing_rests;
\ir describe.sql
COMMIT;
