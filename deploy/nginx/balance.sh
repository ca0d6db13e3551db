#!/bin/sh
# Runs nginx over all gateways that DNS knows, and tells it when they change: nginx itself looks names up only when it starts.
set -eu
name=gateway
port=8080
list=/tmp/gateways.conf

# Writes the gateways that DNS knows now; fails where there are none, and leaves the last list as it is.
look_up() {
  addresses=$(getent ahostsv4 "$name" | awk '{ print $1 }' | sort -u)
  [ -n "$addresses" ] || return 1
  for address in $addresses; do
    echo "server $address:$port max_fails=1 fail_timeout=1s;"
  done >"$list.new"
}

until look_up; do sleep 1; done
mv "$list.new" "$list"
echo "balancer: $(wc -l <"$list") gateways"

nginx -c /etc/nginx/nginx.conf -g 'daemon off;' &
nginx=$!
# QUIT lets running requests end.
trap 'kill -QUIT $nginx' TERM INT QUIT

while kill -0 "$nginx" 2>/dev/null; do
  sleep 1 &
  wait $! || true
  if look_up && ! cmp -s "$list" "$list.new"; then
    mv "$list.new" "$list"
    echo "balancer: $(wc -l <"$list") gateways"
    nginx -c /etc/nginx/nginx.conf -s reload
  fi
done
wait "$nginx"
