DROP TABLE decisions;
DROP TABLE fund_years;
DROP TABLE calendars;
DROP TABLE packs;
