#!/bin/sh
# Serves, for an engine that starts again whatever ends badly. Wrong settings or a rejected token (status 2) do not
# mend themselves: then the container ends well, its log says why, and it stays as it is until somebody looks.
zhiwen serve &
service=$!
trap 'kill -TERM $service' TERM INT
wait $service
status=$?
while kill -0 $service 2>/dev/null; do  # a signal ends the wait before the service has ended
  wait $service
  status=$?
done
[ $status -ne 2 ] || exit 0
exit $status
