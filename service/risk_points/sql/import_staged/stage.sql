-- Makes room for risk points that are to be written (migrations/sql/0006/20_staging.sql); it goes with the transaction.
SELECT risk_points_stage()
