#!/bin/sh
# talk.sh PORT LINE...: send the lines one by one, as a person does, and print the answers.
port=$1; shift
{ sleep 0.5; for line; do printf '%s\r\n' "$line"; sleep 0.3; done; } | nc -q 1 127.0.0.1 "$port"
