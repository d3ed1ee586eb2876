DROP TABLE reserves;
DROP TABLE targets;
DROP TABLE budgets;
DROP TABLE institutions;
