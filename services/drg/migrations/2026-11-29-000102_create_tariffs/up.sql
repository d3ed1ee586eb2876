CREATE TABLE tariffs (
    area         text        NOT NULL,
    tariff_id    uuid        NOT NULL,
    fund_year    integer     NOT NULL,
    scheme_hash  text        NOT NULL,
    base_points  numeric     NOT NULL CONSTRAINT tariffs_base_positive CHECK (base_points > 0),
    origin       jsonb       NOT NULL,
    n_groups     integer     NOT NULL,
    round        integer     NOT NULL CONSTRAINT tariffs_round_not_negative CHECK (round >= 0),
    maker        text        NOT NULL,
    create_time  timestamptz NOT NULL,
    version      bigint      NOT NULL,
    checker      text CONSTRAINT tariffs_two_persons CHECK (checker <> maker),
    publish_time timestamptz,
    tariff_hash  text CONSTRAINT tariffs_hash_is_sha256 CHECK (tariff_hash ~ '^[0-9a-f]{64}$'),
    content      bytea,
    CONSTRAINT tariffs_key PRIMARY KEY (area, tariff_id),
    CONSTRAINT tariffs_scheme FOREIGN KEY (area, scheme_hash) REFERENCES schemes (area, scheme_hash),
    CONSTRAINT tariffs_published_whole CHECK (
        (publish_time IS NULL) = (checker IS NULL) AND (tariff_hash IS NULL) = (checker IS NULL)
        AND (content IS NULL) = (checker IS NULL) AND (checker IS NULL OR round > 0)
    )
);
COMMENT ON TABLE tariffs IS 'Tariffs from their maker to their checker; a published one''s bytes are never changed.';
COMMENT ON COLUMN tariffs.origin IS 'What it was made of: a history and parameters, a file, or a published tariff.';
COMMENT ON COLUMN tariffs.round IS 'The round of its negotiation; 0: none has begun.';
COMMENT ON COLUMN tariffs.content IS 'Its bytes as they were published; tariff_hash is their SHA-256.';
CREATE UNIQUE INDEX tariffs_published ON tariffs (area, tariff_hash) WHERE tariff_hash IS NOT NULL;
CREATE INDEX tariffs_by_time ON tariffs (area, create_time, tariff_id);
ALTER TABLE tariffs ENABLE ROW LEVEL SECURITY;
ALTER TABLE tariffs FORCE ROW LEVEL SECURITY;
CREATE POLICY tariffs_area ON tariffs USING (area = required_setting('medfund.area'));

CREATE TABLE tariff_groups (
    area       text  NOT NULL,
    tariff_id  uuid  NOT NULL,
    drg        text  NOT NULL,
    entry      jsonb NOT NULL,
    made       jsonb,
    derivation jsonb,
    CONSTRAINT tariff_groups_key PRIMARY KEY (area, tariff_id, drg),
    CONSTRAINT tariff_groups_tariff FOREIGN KEY (area, tariff_id) REFERENCES tariffs (area, tariff_id)
);
COMMENT ON TABLE tariff_groups IS 'The groups of tariffs, as they stand.';
COMMENT ON COLUMN tariff_groups.entry IS 'Name, price, standards in fen and coefficients, as the tariff''s bytes have them.';
COMMENT ON COLUMN tariff_groups.made IS 'How a computed weight came about; NULL: it was not computed.';
COMMENT ON COLUMN tariff_groups.derivation IS 'The weight''s tree, negotiated changes among it; NULL: it has none.';
ALTER TABLE tariff_groups ENABLE ROW LEVEL SECURITY;
ALTER TABLE tariff_groups FORCE ROW LEVEL SECURITY;
CREATE POLICY tariff_groups_area ON tariff_groups USING (area = required_setting('medfund.area'));

CREATE TABLE tariff_proposals (
    area             text        NOT NULL,
    tariff_id        uuid        NOT NULL,
    proposal_id      uuid        NOT NULL,
    round            integer     NOT NULL,
    institution_code text        NOT NULL,
    drg              text        NOT NULL,
    change           jsonb       NOT NULL,
    before           jsonb,
    reason           text        NOT NULL,
    proposer         text        NOT NULL,
    create_time      timestamptz NOT NULL,
    accepted         boolean,
    decider          text CONSTRAINT tariff_proposals_two_persons CHECK (decider <> proposer),
    note             text,
    decide_time      timestamptz,
    CONSTRAINT tariff_proposals_key PRIMARY KEY (area, tariff_id, proposal_id),
    CONSTRAINT tariff_proposals_group FOREIGN KEY (area, tariff_id, drg)
        REFERENCES tariff_groups (area, tariff_id, drg),
    CONSTRAINT tariff_proposals_decided_whole CHECK (
        (decider IS NULL) = (accepted IS NULL) AND (decider IS NULL) = (note IS NULL)
        AND (decider IS NULL) = (decide_time IS NULL)
    )
);
COMMENT ON TABLE tariff_proposals IS 'What was proposed in which round, and what became of it.';
COMMENT ON COLUMN tariff_proposals.institution_code IS 'The institution for which it was made; empty: the agency.';
COMMENT ON COLUMN tariff_proposals.before IS 'What stood there when it was proposed; NULL: nothing did.';
CREATE INDEX tariff_proposals_open ON tariff_proposals (area, tariff_id) WHERE decider IS NULL;
CREATE INDEX tariff_proposals_by_time ON tariff_proposals (area, tariff_id, create_time, proposal_id);
ALTER TABLE tariff_proposals ENABLE ROW LEVEL SECURITY;
ALTER TABLE tariff_proposals FORCE ROW LEVEL SECURITY;
CREATE POLICY tariff_proposals_institution ON tariff_proposals USING (
    area = required_setting('medfund.area')
    AND required_setting('medfund.institution') IN (institution_code, '*')
);

-- Adoptions are of a scheme or of a tariff: of each kind one is in force a day.
-- Whether the new key holds is asked under the guard as well; no row has a tariff yet.
SET LOCAL medfund.area = '*';
ALTER TABLE adoptions
    ALTER COLUMN scheme_hash DROP NOT NULL,
    ADD COLUMN tariff_id uuid,
    ADD CONSTRAINT adoptions_of_one_thing CHECK ((scheme_hash IS NULL) <> (tariff_id IS NULL)),
    ADD CONSTRAINT adoptions_tariff FOREIGN KEY (area, tariff_id) REFERENCES tariffs (area, tariff_id);
COMMENT ON TABLE adoptions IS 'Since when which scheme or tariff is in force.';
DROP INDEX adoptions_confirmed;
CREATE UNIQUE INDEX adoptions_confirmed ON adoptions (area, effective_date)
    WHERE checker IS NOT NULL AND scheme_hash IS NOT NULL;
CREATE UNIQUE INDEX adoptions_confirmed_tariff ON adoptions (area, effective_date)
    WHERE checker IS NOT NULL AND tariff_id IS NOT NULL;
