"""Every metric there is: its name, its labels, and what it tells. The table in docs/DEPLOYMENT.md is made of this.

Labels are bounded: no id of a server, a person or a message is ever one (`utils/metrics/bounded.py`).
"""

from dataclasses import dataclass
from typing import Final, Literal

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

Kind = Literal["counter", "gauge", "histogram", "summary"]
Family = CounterMetricFamily | GaugeMetricFamily


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. `buckets` are the upper limits of a histogram's, in its unit."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    def family(self) -> Family:
        """An empty counter or gauge of it, to be filled with what is read at this moment."""
        if self.kind == "counter":
            return CounterMetricFamily(self.name, self.help, labels=self.labels)
        return GaugeMetricFamily(self.name, self.help, labels=self.labels)


# --- the program
BUILD: Final = Metric("hearth_build_info", "gauge", "1; the labels are the versions that run.",
                      ("version", "python", "discord_py", "database"))  # fmt: skip
STARTED: Final = Metric("hearth_start_time_seconds", "gauge", "When the bot started, in seconds since 1970.")
STATE: Final = Metric("hearth_state", "gauge", "1 for the state it is in, 0 for the others.", ("state",))
LOOP_LAG: Final = Metric("hearth_event_loop_lag_seconds", "histogram",
                         "How much later than asked the event loop woke, looked at once a second.",
                         buckets=(0.005, 0.02, 0.1, 0.5, 2, 10))  # fmt: skip
ERRORS: Final = Metric("hearth_errors_total", "counter", "Unexpected errors, by the exception's class.", ("error",))
LOG_LINES: Final = Metric("hearth_log_lines_total", "counter", "Lines in the log, from warnings upwards.", ("level",))

# --- Discord
SHARDS: Final = Metric("hearth_shards", "gauge", "Shards that this process runs.")
CONNECTED: Final = Metric("hearth_shards_connected", "gauge", "Shards whose gateway is connected.")
LATENCY: Final = Metric("hearth_gateway_latency_seconds", "gauge",
                        "From the last heartbeat to its answer; missing before the first.", ("shard",))  # fmt: skip
EVENTS: Final = Metric("hearth_events_total", "counter",
                       "Events handed out, by name: Discord's as discord.py calls them, and the bot's own.",
                       ("event",))  # fmt: skip
REST: Final = Metric("hearth_rest_requests_total", "counter",
                     "Answers of Discord's REST API: ok, refused, rate_limited, server_error, no_answer.",
                     ("method", "outcome"))  # fmt: skip
REST_SECONDS: Final = Metric("hearth_rest_seconds", "histogram", "How long a request to the REST API took.",
                             ("method",), (0.1, 0.25, 0.5, 1, 3, 10))  # fmt: skip
RATE_LIMITS: Final = Metric("hearth_rate_limits_total", "counter",
                            "Rate limits met: user, shared, global or other for a 429, gateway for what waited to "
                            "be sent.", ("scope",))  # fmt: skip
GUILDS: Final = Metric("hearth_guilds", "gauge", "Servers it is in.")
UNAVAILABLE: Final = Metric("hearth_guilds_unavailable", "gauge", "Servers that Discord can't show at the moment.")
MEMBERS: Final = Metric("hearth_members", "gauge", "Members of all servers, as Discord counts them.")
MEMBERS_KEPT: Final = Metric("hearth_members_in_memory", "gauge", "Members that are in memory.")

# --- commands
COMMANDS: Final = Metric("hearth_commands_total", "counter",
                         "Commands that ended: done, refused, error, cancelled; those that servers made are custom.",
                         ("command", "outcome"))  # fmt: skip
COMMAND_SECONDS: Final = Metric("hearth_command_seconds", "histogram", "How long a command took, with its answer.",
                                ("command",), (0.03, 0.1, 0.3, 1, 3, 10))  # fmt: skip
RUNNING: Final = Metric("hearth_commands_running", "gauge", "Commands under way.")

# --- database
QUERY_SECONDS: Final = Metric("hearth_database_seconds", "histogram",
                              "How long a statement took, waiting for a connection included.",
                              ("verb",), (0.001, 0.005, 0.02, 0.1, 0.5, 2))  # fmt: skip
STATEMENT_SECONDS: Final = Metric("hearth_database_statement_seconds", "summary",
                                  "The same by the table that is named first.", ("verb", "table"))  # fmt: skip
QUERY_ERRORS: Final = Metric("hearth_database_errors_total", "counter",
                             "Statements that failed: unavailable, constraint, other.", ("kind",))  # fmt: skip
OPEN: Final = Metric("hearth_database_connections", "gauge", "Open connections to the database.")
MOST: Final = Metric("hearth_database_connections_most", "gauge", "How many connections there can be.")
IN_USE: Final = Metric("hearth_database_connections_in_use", "gauge", "Connections that something runs on.")
WAITING: Final = Metric("hearth_database_waiting", "gauge", "Calls that wait for a connection, or for their turn.")

# --- work for later, and what is gathered
TIMER_LAG: Final = Metric("hearth_timer_lag_seconds", "histogram",
                          "How long after its due time a timer was first handed out.",
                          buckets=(0.1, 0.5, 2, 10, 60, 600))  # fmt: skip
TIMERS: Final = Metric("hearth_timers", "gauge", "Timers that wait in the database, of all processes.")
TIMERS_OVERDUE: Final = Metric("hearth_timers_overdue", "gauge",
                               "Timers that are due, and that nobody has in hand.")  # fmt: skip
TIMERS_OLDEST: Final = Metric("hearth_timers_overdue_seconds", "gauge",
                              "How long the first of those has been due; 0 if there is none.")  # fmt: skip
BATCHES: Final = Metric("hearth_batch_size", "histogram",
                        "What was gathered in memory and written together, by the writer's name.",
                        ("writer",), (1, 3, 10, 30, 100, 1000))  # fmt: skip

# --- several processes, backups
LEADS: Final = Metric("hearth_leads", "gauge", "1 if this process does what only one may do.")
BACKUP: Final = Metric("hearth_backup_newest_time_seconds", "gauge",
                       "When the newest backup was made, in seconds since 1970; missing without one.")  # fmt: skip
BACKUP_DUE: Final = Metric("hearth_backup_due_time_seconds", "gauge",
                           "When the next backup is due, in seconds since 1970; missing without BACKUP_EVERY."
                           )  # fmt: skip
BUS: Final = Metric("hearth_bus_healthy", "gauge", "1 while it hears of the other processes, or is the only one.")

# --- caches
CACHE_SIZE: Final = Metric("hearth_cache_entries", "gauge", "What a cache holds.", ("cache",))
CACHE_MOST: Final = Metric("hearth_cache_entries_most", "gauge", "The most it can hold.", ("cache",))
CACHE_HITS: Final = Metric("hearth_cache_hits_total", "counter", "What was asked for and there.", ("cache",))
CACHE_MISSES: Final = Metric("hearth_cache_misses_total", "counter", "What was asked for and not there.", ("cache",))

OBSERVED: Final = (LOOP_LAG, LOG_LINES, REST, REST_SECONDS, RATE_LIMITS, COMMANDS, COMMAND_SECONDS, QUERY_SECONDS,
                   STATEMENT_SECONDS, QUERY_ERRORS, TIMER_LAG, BATCHES)  # fmt: skip
"""Noted as it happens; the others are read when somebody asks."""

ALL: Final = tuple(value for value in globals().values() if isinstance(value, Metric))
"""In the order above."""
