-- What hung on a risk point is asked for by the point; the history's own index begins with the event or measure.
CREATE INDEX risk_event_history_point ON risk_event_history (risk_point_id, recorded_to);
CREATE INDEX measure_history_point ON measure_history (risk_point_id, recorded_to);
