#!/bin/sh
# A CA of your own, and what it signs: a certificate for each node and one for the cluster's admin, below ./certificates.
#   deploy/opensearch/certificates.sh NODE...        run it again to renew what the CA signs; the CA stays
set -eu
umask 077
mkdir -p certificates && cd certificates
[ -f ca.key ] || openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj "/O=zhiwen/CN=zhiwen CA" \
  -keyout ca.key -out ca.pem
for name in "$@" admin; do
  case $name in
    admin) usage=clientAuth names=DNS:admin ;;
    *) usage=serverAuth,clientAuth names="DNS:$name,DNS:$name.opensearch,DNS:localhost,IP:127.0.0.1" ;;
  esac
  openssl req -newkey rsa:3072 -nodes -subj "/O=zhiwen/CN=$name" -keyout "$name.key" -out "$name.csr"
  printf 'subjectAltName=%s\nextendedKeyUsage=%s\n' "$names" "$usage" > "$name.extensions"
  openssl x509 -req -in "$name.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 365 \
    -extfile "$name.extensions" -out "$name.pem"
  rm "$name.csr" "$name.extensions"
done
chmod 644 ./*.pem
