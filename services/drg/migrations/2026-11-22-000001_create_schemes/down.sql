DROP TABLE adoptions;
DROP TABLE schemes;
