DROP TABLE crosswalks;
