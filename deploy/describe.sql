-- Writes for each table of the portal a line for each row: tables/ and the table's name, the row's key,
-- its checksum; and for each sequence `sequences`, its name, its value. Run it by the reader: names are
-- looked up in the catalogue alone, and values become texts by their types' own functions, as neither
-- a function nor a cast that somebody planted is to run.
SET search_path = pg_catalog;
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET intervalstyle = 'postgres';
SET extra_float_digits = 1;
SET bytea_output = 'hex';

SELECT format($$
    COPY (
        SELECT %1$L, NULL, NULL UNION ALL
        (SELECT %1$L, * FROM (SELECT %2$s AS key, md5(concat(the_row)) AS checksum FROM public.%3$I AS the_row)
        AS lines ORDER BY key COLLATE "C", checksum)
    ) TO STDOUT
    $$, 'tables/' || of_table, coalesce(key, 'md5(concat(the_row))'), of_table)
FROM (
    SELECT c.relname AS of_table, (
        SELECT format('concat_ws('','', %s)', string_agg(format('%I', a.attname), ', ' ORDER BY n))
        FROM pg_index AS i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, n), pg_attribute AS a
        WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = k.attnum
    ) AS key
    FROM pg_class AS c
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
) AS tables \gexec

\if :{?sequences_done}
\else
COPY (SELECT 'sequences', sequencename, coalesce(last_value, 0) FROM pg_sequences ORDER BY sequencename COLLATE "C") TO STDOUT;
\endif
