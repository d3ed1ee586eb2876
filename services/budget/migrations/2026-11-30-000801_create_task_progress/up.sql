-- What was recorded of the tasks of a notice; what they are stands in its pack alone.

CREATE TABLE task_progress (
    area text NOT NULL,
    pack_id text NOT NULL,
    task_number integer NOT NULL CONSTRAINT task_progress_number_positive CHECK (task_number > 0),
    item integer NOT NULL CONSTRAINT task_progress_item_not_negative CHECK (item >= 0),
    sequence integer NOT NULL CONSTRAINT task_progress_sequence_positive CHECK (sequence > 0),
    step text NOT NULL CONSTRAINT task_progress_step_known CHECK (step IN ('under_way', 'done', 'reopened')),
    report_date date NOT NULL,
    body text CONSTRAINT task_progress_body_reports CHECK ((body IS NULL) = (step = 'reopened')),
    report text NOT NULL,
    evidence_reference text NOT NULL,
    maker text NOT NULL,
    create_time timestamptz NOT NULL,
    CONSTRAINT task_progress_key PRIMARY KEY (area, pack_id, task_number, item, sequence)
);
COMMENT ON COLUMN task_progress.item IS 'The item among the tasks of one number; 0 where the number has one task.';
COMMENT ON COLUMN task_progress.report_date IS 'The business date, Asia/Shanghai.';
ALTER TABLE task_progress ENABLE ROW LEVEL SECURITY;
ALTER TABLE task_progress FORCE ROW LEVEL SECURITY;
CREATE POLICY task_progress_area ON task_progress USING (
    area = (SELECT required_setting('medfund.area'))
);
CREATE TRIGGER task_progress_append_only BEFORE UPDATE OR DELETE ON task_progress
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER task_progress_append_only_whole BEFORE TRUNCATE ON task_progress
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
