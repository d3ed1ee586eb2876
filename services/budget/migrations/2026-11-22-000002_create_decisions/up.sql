CREATE TABLE decisions (
    area text NOT NULL,
    decision_id uuid NOT NULL,
    body text NOT NULL,
    matter text NOT NULL,
    district text,
    fund_year integer NOT NULL,
    subject text NOT NULL,
    approved boolean NOT NULL,
    meeting_date date NOT NULL,
    members_present text[] NOT NULL,
    votes integer[] NOT NULL CONSTRAINT decisions_votes_are_three CHECK (cardinality(votes) = 3),
    minutes_reference text NOT NULL,
    state text NOT NULL CONSTRAINT decisions_state_known CHECK (state IN ('recorded', 'confirmed')),
    maker text NOT NULL,
    checker text CONSTRAINT decisions_checker_is_another CHECK (checker <> maker),
    create_time timestamptz NOT NULL,
    CONSTRAINT decisions_key PRIMARY KEY (area, decision_id)
);
COMMENT ON COLUMN decisions.votes IS 'Votes for, votes against, abstentions.';
ALTER TABLE decisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE decisions FORCE ROW LEVEL SECURITY;
CREATE POLICY decisions_area ON decisions USING (
    area = (SELECT required_setting('medfund.area'))
);
