#!/bin/sh
# Runs nginx over the gateways that DNS knows and that say they are ready, and tells it when these change: nginx itself
# looks names up only when it starts, and sees that a gateway is stopping or hangs only when a request has suffered from it.
set -eu
name=${GATEWAY_NAME:-gateway}
port=${GATEWAY_PORT:-8080}
list=/tmp/gateways.conf

if command -v wget >/dev/null; then
  is_ready() { wget -q -T 2 -O /dev/null "http://$1:$port/health/ready" 2>/dev/null; }
else
  # Debian's images have no wget, but bash.
  is_ready() {
    timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/$1" && printf "GET /health/ready HTTP/1.0\r\nHost: $0\r\n\r\n" >&3 &&
      read -r _ status _ <&3 && [ "$status" = 200 ]' "$1" "$port" 2>/dev/null
  }
fi

# Writes the list anew: the gateways that are ready; all that DNS knows where none is, so that what can be served without
# PostgreSQL is; fails where DNS knows none, and leaves the list as it is.
look_up() {
  addresses=$(getent ahostsv4 "$name" | awk '{ print $1 }' | sort -u)
  [ -n "$addresses" ] || return 1
  rm -f /tmp/ready.*
  probes=
  for address in $addresses; do
    { is_ready "$address" && : >"/tmp/ready.$address"; } &
    probes="$probes $!"
  done
  # Not nginx, which is a child as well.
  for probe in $probes; do wait "$probe" || true; done
  ready=
  for address in $addresses; do
    [ ! -e "/tmp/ready.$address" ] || ready="$ready $address"
  done
  for address in ${ready:-$addresses}; do
    echo "server $address:$port max_fails=1 fail_timeout=1s;"
  done >"$list.new"
}

say() { echo "balancer: $(sed -n 's/^server \([^ ]*\) .*/\1/p' "$list" | tr '\n' ' ')"; }

until look_up; do sleep 1; done
mv "$list.new" "$list"
say

# A change of the list closes connections that clients keep, and a request that is just coming in on one is lost with it:
# from 1.27.4 on nginx can let them run out, before it keeps none.
echo 'keepalive_min_timeout 10s;' >/tmp/options.conf
nginx -t -c /etc/nginx/nginx.conf >/dev/null 2>&1 || echo 'keepalive_timeout 0;' >/tmp/options.conf

nginx -c /etc/nginx/nginx.conf -g 'daemon off;' &
nginx=$!
# QUIT lets running requests end.
trap 'kill -QUIT "$nginx" 2>/dev/null || true' TERM INT QUIT

while kill -0 "$nginx" 2>/dev/null; do
  sleep 0.5 &
  wait $! || true
  if look_up && ! cmp -s "$list" "$list.new"; then
    mv "$list.new" "$list"
    say
    nginx -c /etc/nginx/nginx.conf -s reload
  fi
done
wait "$nginx"
