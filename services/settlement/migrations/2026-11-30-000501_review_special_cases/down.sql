DROP TABLE special_cases;
DROP TABLE experts;
