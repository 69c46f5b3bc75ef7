"""How the product is started, tested and checked on one machine; docs/operations.md explains it."""
