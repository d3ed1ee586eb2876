DROP TABLE history_errors;
DROP TABLE history_cases;
DROP TABLE histories;
