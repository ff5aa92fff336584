"""One log line and the counters for every message: how it was answered, never what was said or by whom."""

from __future__ import annotations

import structlog
from prometheus_client import Counter, Histogram

from handlers.model import Kind, Message, Outcome

_log = structlog.get_logger()

ANSWERED = Counter("dvcbot_messages_total", "Messages answered", ["channel", "decision"])
REFUSED = Counter("dvcbot_messages_refused_total", "Messages over the limit", ["channel"])
FAILED = Counter("dvcbot_messages_failed_total", "Messages that ended in an error", ["channel"])
SECONDS = Histogram(
    "dvcbot_answer_seconds",
    "Time to find and write an answer",
    ["channel"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1),
)


class LogRecorder:
    """Implements ``handlers.ports.Recorder``."""

    def answered(self, message: Message, outcome: Outcome, seconds: float) -> None:
        decision = "button" if message.kind is Kind.ACTION else outcome.decision.value
        ANSWERED.labels(message.channel, decision).inc()
        SECONDS.labels(message.channel).observe(seconds)
        _log.info(
            "answered", channel=message.channel, decision=decision, entry=outcome.item, ms=round(seconds * 1000, 1)
        )

    def refused(self, message: Message) -> None:
        REFUSED.labels(message.channel).inc()

    def failed(self, message: Message, error: Exception) -> None:
        FAILED.labels(message.channel).inc()
        _log.error("failed", channel=message.channel, kind=message.kind.value, exc_info=error)


class SilentRecorder:
    """For the console, where the answer is all there is to see; errors still show."""

    def answered(self, message: Message, outcome: Outcome, seconds: float) -> None:
        pass

    def refused(self, message: Message) -> None:
        pass

    def failed(self, message: Message, error: Exception) -> None:
        _log.error("failed", channel=message.channel, kind=message.kind.value, exc_info=error)
