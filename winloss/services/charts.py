"""Charts for pages, the same as in reports."""

from winloss.report.charts import bars, compared, sparkline, trend
from winloss.report.timelines import lives, sight, verdict_timeline

__all__ = ["bars", "compared", "lives", "sight", "sparkline", "trend", "verdict_timeline"]
