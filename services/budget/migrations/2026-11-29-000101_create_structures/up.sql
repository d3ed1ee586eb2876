-- What a target leaves for each kind of care: a quota for each institution, or a pool that they share.

CREATE TABLE structures (
    area text NOT NULL,
    fund_year integer NOT NULL,
    fund_line text NOT NULL,
    district text NOT NULL,
    target_fen bigint NOT NULL CONSTRAINT structures_target_positive CHECK (target_fen > 0),
    cares jsonb NOT NULL,
    state text NOT NULL CONSTRAINT structures_state_known CHECK (state IN ('proposed', 'decided')),
    decision uuid,
    maker text NOT NULL,
    version bigint NOT NULL,
    update_time timestamptz NOT NULL,
    CONSTRAINT structures_key PRIMARY KEY (area, fund_year, fund_line, district)
);
COMMENT ON COLUMN structures.cares IS 'Kinds of care in the pack''s order, each with its share, its amount in fen and, if it is one, its pool.';
ALTER TABLE structures ENABLE ROW LEVEL SECURITY;
ALTER TABLE structures FORCE ROW LEVEL SECURITY;
CREATE POLICY structures_area ON structures USING (
    area = (SELECT required_setting('medfund.area'))
);

CREATE TABLE execution_pools (
    area text NOT NULL,
    fund_year integer NOT NULL,
    fund_line text NOT NULL,
    institution_code text NOT NULL,
    settlement_month date NOT NULL CONSTRAINT execution_pools_on_the_first CHECK (date_part('day', settlement_month) = 1),
    kind_of_care text NOT NULL,
    district text NOT NULL,
    n_admissions bigint NOT NULL,
    cost_fen bigint NOT NULL,
    refused_fen bigint NOT NULL,
    payable_fen bigint NOT NULL,
    CONSTRAINT execution_pools_key PRIMARY KEY (area, fund_year, fund_line, institution_code, settlement_month, kind_of_care)
);
COMMENT ON COLUMN execution_pools.payable_fen IS 'Fen payable by the month''s provisional value; none of it is in execution_months.';
ALTER TABLE execution_pools ENABLE ROW LEVEL SECURITY;
ALTER TABLE execution_pools FORCE ROW LEVEL SECURITY;
CREATE POLICY execution_pools_institution ON execution_pools USING (
    area = (SELECT required_setting('medfund.area'))
    AND (SELECT required_setting('medfund.institution')) IN ('*', institution_code)
);

ALTER TABLE payments ADD COLUMN pooled_fen bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN payments.pooled_fen IS 'Of amount_fen, fen for care that pools pay.';

ALTER TABLE cleared_institutions ADD COLUMN pools jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN cleared_institutions.pools IS 'Of final_fen, the shares of pools, each with its kind of care and its amount in fen.';

ALTER TABLE final_accounts ADD COLUMN pools jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN final_accounts.pools IS 'Pools by kind of care, each with its amount, what adjusts it and what was received of both, in fen.';
