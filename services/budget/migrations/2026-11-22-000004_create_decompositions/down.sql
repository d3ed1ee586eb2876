DROP TABLE derivations;
DROP TABLE quota_adjustments;
DROP TABLE quotas;
DROP TABLE decompositions;
DROP TABLE negotiation_rounds;
DROP TABLE coefficients;
DROP TABLE applications;
DROP TABLE histories;
