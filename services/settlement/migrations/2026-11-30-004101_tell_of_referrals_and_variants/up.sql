-- Who referred a patient, and which cases left their pathway.

ALTER TABLE bills
    ADD COLUMN reflout_medins_no text NOT NULL DEFAULT '',
    ADD COLUMN vari_exit_flag integer NOT NULL DEFAULT 0
        CONSTRAINT bills_vari_exit_flag_known CHECK (vari_exit_flag IN (0, 1));
COMMENT ON COLUMN bills.reflout_medins_no IS 'The institution that referred the patient; empty for none.';
COMMENT ON COLUMN bills.vari_exit_flag IS '1: the institution declares that the case left its pathway.';
CREATE INDEX bills_referred ON bills (area, settlement_month) WHERE reflout_medins_no <> '';
