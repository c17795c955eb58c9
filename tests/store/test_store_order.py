"""Order under concurrency: several workers, documents of one key handled in the order their source delivered them."""

from __future__ import annotations

import random
import threading
from collections import defaultdict

from gateway.store import Changes, Claim, Database, Step, claim, commit, sweep
from tests.store.making import AT, column, received, translated

TRANSMISSIONS, KEYS, WORKERS = 60, 5, 3


def test_keys_keep_their_order_with_several_workers(database: Database) -> None:
    for endpoint in ("acme", "globex"):
        received(database, *(f"{n}.edi" for n in range(TRANSMISSIONS)), endpoint=endpoint)
    errors: list[Exception] = []
    handled: list[tuple[str, int]] = []  # appended while the row is leased: the order of handling
    guard = threading.Lock()

    def work(number: int) -> None:
        dice = random.Random(number)
        owner = f"worker {number}"
        try:
            idle = 0
            while idle < 20:
                steps = [Step.TRANSLATE, Step.HANDLE]
                dice.shuffle(steps)
                items = claim(database, owner, Claim(tuple(steps), limit=dice.choice((1, 3, 8))))
                idle = 0 if items else idle + 1
                if not items:
                    threading.Event().wait(0.005)
                elif items[0].step is Step.TRANSLATE:
                    dice.shuffle(items)  # translators finish out of order
                    for item in items:
                        threading.Event().wait(dice.random() * 0.004)
                        translated(database, item, [f"{item.source}|{dice.randrange(KEYS)}"], owner)
                else:
                    with guard:
                        handled.extend((item.lane or "", item.turn) for item in items)
                    commit(database, Changes(AT), owner=owner, finished=items)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    sweep(database)  # a wake that was lost between two commits costs one sweep, and no document
    work(WORKERS)
    assert errors == []
    assert column(database, "SELECT count(*) FROM work") == [0]
    assert len(handled) == 2 * TRANSMISSIONS
    lanes: dict[str, list[int]] = defaultdict(list)
    for lane, turn in handled:
        lanes[lane].append(turn)
    assert len(lanes) == 2 * KEYS
    for turns in lanes.values():
        assert turns == sorted(turns)
