-- Run once by the image of PostgreSQL (compose.yaml), as its superuser: the roles of the portal.
\getenv pages DATABASE_PASSWORD
\getenv owner DATABASE_OWNER_PASSWORD
CREATE ROLE sscnet LOGIN PASSWORD :'pages';
CREATE ROLE sscnet_owner LOGIN PASSWORD :'owner';
CREATE DATABASE sscnet OWNER sscnet_owner;
\connect sscnet
CREATE EXTENSION btree_gist;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION unaccent;
