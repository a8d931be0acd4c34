#!/bin/sh
# chasquid, at PORT; it wants a port for submission too, PORT2
exec "$SERVERS/jail.sh" libraries,chasquid sh -ec '
c=/etc/chasquid; m=$c/certs/mta.example.org; mkdir -p $m $c/domains/example.org /var/lib/chasquid
sed "s/@PORT@/$PORT/; s/@PORT2@/$PORT2/" conf/chasquid.conf >$c/chasquid.conf
cp /etc/mta/cert.pem $m/fullchain.pem; cp /etc/mta/key.pem $m/privkey.pem; rm -f $c/hooks/*
for u in user alice bob carol; do chasquid-util user-add $u@example.org --password=pass; done
exec chasquid'
