-- Bills, the uploads that brought them, and the months that take no more of them.
-- The settings are read in sub-selects: once for a statement, not once for a row.

CREATE TABLE bill_months (
    area             text        NOT NULL,
    institution_code text        NOT NULL,
    settlement_month date        NOT NULL,
    close_time       timestamptz,
    CONSTRAINT bill_months_key PRIMARY KEY (area, institution_code, settlement_month)
);
COMMENT ON TABLE bill_months IS 'Months of institutions that send bills; the row is the lock between their uploads and their settlement.';
COMMENT ON COLUMN bill_months.settlement_month IS 'First day of the month.';
COMMENT ON COLUMN bill_months.close_time IS 'When the month was settled: it takes no more bills and gives none back.';
ALTER TABLE bill_months ENABLE ROW LEVEL SECURITY;
ALTER TABLE bill_months FORCE ROW LEVEL SECURITY;
CREATE POLICY bill_months_institution ON bill_months USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);

CREATE TABLE uploads (
    area                  text        NOT NULL,
    upload_id             uuid        NOT NULL,
    institution_code      text        NOT NULL,
    settlement_month      date        NOT NULL,
    file_digest           bytea       NOT NULL,
    n_lines               bigint      NOT NULL CONSTRAINT uploads_lines_positive CHECK (n_lines > 0),
    state                 text        NOT NULL,
    n_accepted            bigint      NOT NULL,
    n_already_there       bigint      NOT NULL,
    n_refused             bigint      NOT NULL,
    n_errors              bigint      NOT NULL,
    accepted_hifp_pay_fen bigint      NOT NULL,
    create_time           timestamptz NOT NULL,
    update_time           timestamptz NOT NULL,
    CONSTRAINT uploads_key PRIMARY KEY (area, upload_id),
    CONSTRAINT uploads_file_key UNIQUE (area, institution_code, settlement_month, file_digest),
    CONSTRAINT uploads_state_known CHECK (state IN ('open', 'finished', 'abandoned')),
    CONSTRAINT uploads_lines_counted CHECK (
        n_accepted >= 0 AND n_already_there >= 0 AND n_refused >= 0
        AND n_accepted + n_already_there + n_refused <= n_lines
    )
);
COMMENT ON TABLE uploads IS 'Files of bills, each of one institution and month, taken in chunk by chunk.';
COMMENT ON COLUMN uploads.file_digest IS 'SHA-256 of the file.';
COMMENT ON COLUMN uploads.accepted_hifp_pay_fen IS 'Fen of fund share of the accepted lines.';
ALTER TABLE uploads ENABLE ROW LEVEL SECURITY;
ALTER TABLE uploads FORCE ROW LEVEL SECURITY;
CREATE POLICY uploads_institution ON uploads USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);

CREATE TABLE upload_errors (
    area             text     NOT NULL,
    upload_id        uuid     NOT NULL,
    line_number      bigint   NOT NULL,
    ordinal          smallint NOT NULL,
    institution_code text     NOT NULL,
    setl_id          text     NOT NULL,
    field            text     NOT NULL,
    reason           text     NOT NULL,
    message          text     NOT NULL,
    CONSTRAINT upload_errors_key PRIMARY KEY (area, upload_id, line_number, ordinal)
);
COMMENT ON TABLE upload_errors IS 'What is wrong with the lines of an upload.';
COMMENT ON COLUMN upload_errors.ordinal IS 'Tells the errors of one line apart, from 1.';
ALTER TABLE upload_errors ENABLE ROW LEVEL SECURITY;
ALTER TABLE upload_errors FORCE ROW LEVEL SECURITY;
CREATE POLICY upload_errors_institution ON upload_errors USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);

-- No foreign key to uploads: its check would cost every bill more than the bill's own row.
CREATE TABLE bills (
    medfee_sumamt_fen     bigint      NOT NULL,
    fulamt_ownpay_amt_fen bigint      NOT NULL,
    inscp_scp_amt_fen     bigint      NOT NULL,
    hifp_pay_fen          bigint      NOT NULL,
    oth_pay_fen           bigint      NOT NULL,
    hosp_part_amt_fen     bigint      NOT NULL,
    acct_pay_fen          bigint      NOT NULL,
    psn_cash_pay_fen      bigint      NOT NULL,
    create_time           timestamptz NOT NULL,
    line_number           bigint      NOT NULL,
    upload_id             uuid        NOT NULL,
    settlement_month      date        NOT NULL,
    begndate              date        NOT NULL,
    enddate               date        NOT NULL,
    setl_time             date        NOT NULL,
    ipt_days              integer     NOT NULL,
    area                  text        NOT NULL,
    institution_code      text        NOT NULL,
    setl_id               text        NOT NULL,
    fund_line             text        NOT NULL,
    kind_of_care          text        NOT NULL,
    mdtrt_id              text        NOT NULL,
    psn_no                text        NOT NULL,
    insutype              text        NOT NULL,
    med_type              text        NOT NULL,
    dscg_way              text        NOT NULL,
    dise_codg             text        NOT NULL,
    dise_name             text        NOT NULL,
    oprn_oprt_code        text        NOT NULL,
    withdraw_time         timestamptz,
    withdraw_reason       text,
    withdrawn_by          text,
    CONSTRAINT bills_key PRIMARY KEY (area, institution_code, setl_id),
    CONSTRAINT bills_amounts_add_up CHECK (
        medfee_sumamt_fen = hifp_pay_fen + oth_pay_fen + hosp_part_amt_fen + acct_pay_fen + psn_cash_pay_fen
    ),
    CONSTRAINT bills_share_not_negative CHECK (hifp_pay_fen >= 0),
    CONSTRAINT bills_withdrawn_whole CHECK (
        (withdraw_time IS NULL) = (withdraw_reason IS NULL) AND (withdraw_time IS NULL) = (withdrawn_by IS NULL)
    )
);
COMMENT ON TABLE bills IS 'Accepted bills, by the field names of the settlement list; amounts in fen. Refunded settlements are not among them.';
COMMENT ON COLUMN bills.institution_code IS 'The list''s fixmedins_code.';
COMMENT ON COLUMN bills.settlement_month IS 'First day of the month of setl_time.';
COMMENT ON COLUMN bills.psn_no IS 'Pseudonymous number of the person.';
COMMENT ON COLUMN bills.hifp_pay_fen IS 'Fen of the basic pooling fund: the fund share.';
COMMENT ON COLUMN bills.ipt_days IS 'Days in hospital; 0 when not an inpatient.';
CREATE INDEX bills_month ON bills (area, settlement_month, institution_code);
ALTER TABLE bills ENABLE ROW LEVEL SECURITY;
ALTER TABLE bills FORCE ROW LEVEL SECURITY;
CREATE POLICY bills_institution ON bills USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN (institution_code, '*')
);
-- A bill may be withdrawn, never deleted.
CREATE TRIGGER bills_kept BEFORE DELETE ON bills FOR EACH ROW EXECUTE FUNCTION refuse_change();
