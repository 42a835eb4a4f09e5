"""The pool's plans, without any connection."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aiohttp_core._client.pool import Pool, Ticket, TicketState


class Fake:
    """A connection that is good until it is not."""

    def __init__(self) -> None:
        self.good = True

    def is_connected(self) -> bool:
        return self.good


def queue(pool: Pool[str, Fake], key: str, order: list[str], name: str) -> Ticket[str]:
    return pool.queue(key, lambda: order.append(name))


def test_no_limit() -> None:
    """Without limits a slot is always free."""
    pool: Pool[str, Fake] = Pool(0, 0)
    assert all(pool.try_acquire("a") for _ in range(1000))


def test_first_come_first_served() -> None:
    """Slots go to those that wait, in their order, and nobody overtakes."""
    pool: Pool[str, Fake] = Pool(1, 0)
    order: list[str] = []
    assert pool.try_acquire("a")
    assert not pool.try_acquire("b")
    queue(pool, "b", order, "first")
    queue(pool, "a", order, "second")
    pool.release("a")
    assert order == ["first"]
    assert not pool.try_acquire("c")
    pool.release("b")
    assert order == ["first", "second"]
    pool.release("a")
    assert pool.used == 0


def test_host_limit_blocks_only_its_host() -> None:
    """A host at its limit does not keep others waiting."""
    pool: Pool[str, Fake] = Pool(10, 1)
    order: list[str] = []
    assert pool.try_acquire("a")
    assert not pool.try_acquire("a")
    queue(pool, "a", order, "a2")
    assert pool.try_acquire("b")
    pool.release("b")
    assert order == []
    pool.release("a")
    assert order == ["a2"]


def test_leaving_after_the_grant_gives_the_slot_on() -> None:
    """A ticket that was granted a slot and is cancelled hands it to the next."""
    pool: Pool[str, Fake] = Pool(1, 0)
    order: list[str] = []
    pool.try_acquire("a")
    first = queue(pool, "a", order, "first")
    queue(pool, "a", order, "second")
    pool.release("a")
    assert first.state is TicketState.GRANTED
    pool.leave(first)
    assert order == ["first", "second"]


def test_idle_connections_expire() -> None:
    """What idled too long, or was closed meanwhile, is removed; the rest stays in order."""
    pool: Pool[str, Fake] = Pool(0, 0)
    old, gone, young = Fake(), Fake(), Fake()
    for connection, since in ((old, 1.0), (gone, 5.0), (young, 6.0)):
        pool.used += 1
        pool.give_back("a", connection, since)
    gone.good = False
    assert set(pool.expire(3.0)) == {old, gone}
    assert [connection for connection, _ in pool.idle["a"]] == [young]


@given(
    st.integers(0, 3),
    st.integers(0, 2),
    st.lists(st.tuples(st.sampled_from("aqlr"), st.sampled_from("xyz"), st.integers(0, 9)), max_size=60),
)
def test_slots_are_never_lost(limit: int, per_host: int, steps: list[tuple[str, str, int]]) -> None:
    """Whatever the order of acquiring, waiting, leaving and releasing: limits hold, and no slot is lost."""
    pool: Pool[str, Fake] = Pool(limit, per_host)
    held: list[str] = []
    tickets: list[Ticket[str]] = []
    for step, key, index in steps:
        if step in "aq":
            if pool.try_acquire(key):
                held.append(key)
            elif step == "q":
                tickets.append(pool.queue(key, lambda: None))
        elif step == "l" and tickets:
            pool.leave(tickets.pop(index % len(tickets)))
        elif step == "r" and held:
            pool.release(held.pop(index % len(held)))
        for ticket in [each for each in tickets if each.state is TicketState.GRANTED]:
            tickets.remove(ticket)
            held.append(ticket.key)
        assert pool.used == len(held)
        assert not limit or pool.used <= limit
        assert not per_host or all(held.count(each) <= per_host for each in "xyz")
    while held:
        pool.release(held.pop())
        for ticket in [each for each in tickets if each.state is TicketState.GRANTED]:
            tickets.remove(ticket)
            held.append(ticket.key)
    assert (pool.used, pool.waiting, tickets) == (0, 0, [])
