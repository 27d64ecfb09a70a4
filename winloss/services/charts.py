"""Charts for pages, the same as in reports."""

from winloss.report.charts import bars, sight, sparkline, verdict_timeline

__all__ = ["bars", "sight", "sparkline", "verdict_timeline"]
