#!/bin/sh
# aiosmtpd, at PORT: from the virtual environment in the cache, whose interpreter may lie anywhere on this machine
exec "$CACHE/venv/bin/python" "$CONF/aiosmtpd_server.py"
