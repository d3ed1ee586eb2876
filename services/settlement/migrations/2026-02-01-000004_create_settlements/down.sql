DROP TABLE cleared_institutions;
DROP TABLE clearings;
DROP TABLE bank_files;
DROP TABLE payment_orders;
DROP TABLE deposits;
DROP TABLE statements;
DROP TABLE month_settlements;
DROP TABLE prepayments;
