DROP TABLE disclosures;
DROP TABLE monthly_reports;
DROP TABLE clean_records;
DROP TABLE conducts;
DROP TABLE indicator_assessments;
DROP TABLE reviews;
DROP TABLE inspections;
DROP TABLE violations;
