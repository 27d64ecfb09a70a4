"""Charts for pages, the same as in reports."""

from winloss.report.charts import bars, compared, differences, sparkline, trend
from winloss.report.timelines import lives, sight, verdict_timeline

__all__ = ["bars", "compared", "differences", "lives", "sight", "sparkline", "trend", "verdict_timeline"]
