"""What a text of a configuration calls, and what only looks like it."""

import time

import pytest

from meshlint.mesh.mentions import mentions


@pytest.mark.parametrize(
    ("variable", "text", "expected"),
    [
        ("STOCK", "http://stock.shop:8080/api", [("stock.shop", 8080)]),
        ("STOCK", "http://stock/api", [("stock", 80)]),
        ("STOCK", "grpc://stock", [("stock", None)]),
        ("DSN", "postgres://user:secret@db.data/main", [("db.data", 5432)]),
        ("DSN", "jdbc:postgresql://db:5433/main", [("db", 5433)]),
        ("KAFKA", "k-0.k:9092,k-1.k:9092", [("k-0.k", 9092), ("k-1.k", 9092)]),
        ("X", "see stock.shop.svc.cluster.local now", [("stock.shop.svc.cluster.local", None)]),
        # A bare word is a host only as the whole value of what is called an address
        ("DB_HOST", "db", [("db", None)]),
        ("db.host", "db", [("db", None)]),
        ("DB_NAME", "db", []),
        ("DB_HOST", "the db", []),
        ("DB_HOST", "5432", []),
        # No calls
        ("ALLOWED_ORIGINS", "http://web.shop", []),
        ("NO_PROXY", "stock:80", []),
        ("LISTEN_ADDRESS", "stock:80", []),
        ("STARTED", "2026-01-01T10:20:30", []),
        ("IMAGE", "registry:5000/stock:1.0", []),
        ("X", "registry.example/stock:80", []),
        ("X", "http://Stock", []),
        ("X", "", []),
    ],
)
def test_mentions(variable, text, expected):
    assert [(item.host, item.port) for item in mentions(text, variable)] == expected


@pytest.mark.parametrize("piece", ["a", "a-", "a.", "a:", "a://", "http://a@", "x:80,"])
def test_long_texts_cost_their_length(piece):
    started = time.perf_counter()
    for _ in mentions(piece * (400_000 // len(piece)), "X"):
        pass
    assert time.perf_counter() - started < 5
