"""How much of everything: the full form, and a quick one that says the same with fewer messages. Every part ends by itself."""
from __future__ import annotations

from dataclasses import dataclass, replace

#: Turns at which the time per message is read off.
TURNS = (1, 10, 50, 100, 150, 200, 300, 400, 500)


@dataclass(frozen=True)
class Plan:
    """Counts, and limits in seconds."""

    quick: bool = False
    starts: int = 3
    stock_starts: int = 2
    stock_epochs: int = 2                   # of Rasa's 100, which take hours
    stock_every: int = 1                    # one training phrase in so many
    stock_train_limit_s: float = 1500.0
    rounds: int = 3                         # how often both are measured in turn
    warm_up_s: float = 12.0                 # Twitchwise compiles its phrases in the first seconds after its start
    settle_s: float = 180.0
    one_client_s: float = 20.0
    many_clients_s: float = 20.0
    clients: int = 16
    most: int = 3000
    first_messages: int = 40
    parses: int = 100
    long_turns: int = 500
    long_people: int = 3
    long_limit_s: float = 120.0
    stock_long_people: int = 1
    stock_long_limit_s: float = 420.0
    long_many_turns: int = 40
    long_many_limit_s: float = 120.0
    stored: tuple[int, ...] = (0, 10_000, 100_000)
    stored_rounds: int = 4
    stored_s: float = 10.0
    processes_rounds: int = 2
    processes_s: float = 15.0
    floor_s: float = 8.0
    setup_limit_s: float = 900.0
    profile_s: float = 20.0


FULL = Plan()
QUICK = replace(
    FULL, quick=True, starts=1, stock_starts=1, stock_epochs=1, stock_every=10, stock_train_limit_s=600.0, rounds=1, warm_up_s=3.0,
    settle_s=60.0, one_client_s=8.0, many_clients_s=8.0, first_messages=12, parses=30, long_people=1, long_limit_s=40.0,
    stock_long_limit_s=45.0, long_many_turns=12, long_many_limit_s=30.0, stored=(0, 10_000), stored_rounds=2, stored_s=4.0,
    processes_rounds=1, processes_s=6.0, floor_s=3.0, profile_s=8.0,
)
