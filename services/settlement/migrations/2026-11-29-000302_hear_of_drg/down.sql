DROP TABLE drg_adoptions;
DROP TABLE drg_contents;
