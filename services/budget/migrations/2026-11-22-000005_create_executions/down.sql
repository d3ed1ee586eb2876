DROP TABLE disclosures;
DROP TABLE final_accounts;
DROP TABLE primary_care_allotments;
DROP TABLE cleared_institutions;
DROP TABLE payments;
DROP TABLE execution_months;
