"""Charts for pages, the same as in reports."""

from winloss.report.charts import bars, sparkline, verdict_timeline

__all__ = ["bars", "sparkline", "verdict_timeline"]
