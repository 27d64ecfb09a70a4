"""Charts for pages, the same as in reports."""

from winloss.report.charts import bars, compared, differences, sparkline, trend
from winloss.report.timelines import lives, sight, verdict_timeline
from winloss.report.vega import scripts

__all__ = ["bars", "compared", "differences", "lives", "scripts", "sight", "sparkline", "trend", "verdict_timeline"]
