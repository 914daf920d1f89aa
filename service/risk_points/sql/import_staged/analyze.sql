-- Tells the planner how many rows are staged.
SELECT risk_points_analyze_staged()
