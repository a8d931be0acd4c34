#!/bin/sh
# Haraka, at PORT. The plugin queue/discard does nothing without that variable.
exec "$SERVERS/jail.sh" libraries sh -ec '
cp -r conf/haraka /run/haraka; cd /run/haraka; sed -i "s/@PORT@/$PORT/" config/smtp.ini; cp /srv/cache/node/node_modules/Haraka/config/connection.ini /etc/mta/*.pem config/
YES_REALLY_DO_DISCARD=1 exec "$NODE" /srv/cache/node/node_modules/Haraka/bin/haraka -c /run/haraka'
