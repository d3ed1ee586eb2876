DROP TABLE agreements;
DROP TABLE inpatient_methods;
DROP TABLE institution_changes;
DROP TABLE institutions;
