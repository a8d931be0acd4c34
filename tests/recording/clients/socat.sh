#!/bin/sh
# socat.sh OPTION PORT CLIENT: keep what socat prints while CLIENT speaks through it to the server at PORT.
socat $1 TCP-LISTEN:2699,reuseaddr,bind=127.0.0.1 TCP:127.0.0.1:$2 & socat=$!
sleep 1
$3 --server 127.0.0.1:2699 >/dev/null 2>&1
wait $socat
