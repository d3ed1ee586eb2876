DROP TABLE bills;
DROP TABLE upload_errors;
DROP TABLE uploads;
DROP TABLE bill_months;
