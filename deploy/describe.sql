-- Writes for each table a file into :folder/tables: a line for each row, its key, a tab, its checksum.
-- The values of sequences go into :folder/sequences.
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET intervalstyle = 'postgres';
SET extra_float_digits = 1;
SET bytea_output = 'hex';

SELECT format($$
    COPY (
        SELECT * FROM (SELECT %s AS key, md5(the_row::text) AS checksum FROM %s AS the_row) AS lines
        ORDER BY key COLLATE "C", checksum
    ) TO %L
    $$, coalesce(key, 'md5(the_row::text)'), of_table, :'folder' || '/tables/' || of_table)
FROM (
    SELECT c.oid::regclass AS of_table, (
        SELECT string_agg(format('%I::text', a.attname), '||'',''||' ORDER BY n)
        FROM pg_index AS i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, n), pg_attribute AS a
        WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = k.attnum
    ) AS key
    FROM pg_class AS c
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
) AS tables \gexec

\if :{?sequences_done}
\else
SELECT format($$
    COPY (SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences ORDER BY sequencename COLLATE "C") TO %L
    $$, :'folder' || '/sequences') \gexec
\endif
