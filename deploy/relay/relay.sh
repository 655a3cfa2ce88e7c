#!/bin/sh
# Starts Postfix in the foreground as a relay for private networks. MAIL_HOSTNAME is its name in EHLO, whose PTR should agree;
# RELAYHOST a server that everything goes to, [mail.example.org]:587, with RELAYHOST_LOGIN, user:password, where it wants one.
set -eu
postconf -e \
  "myhostname=${MAIL_HOSTNAME:?the name that this machine's address resolves to}" \
  'mydestination=' 'local_recipient_maps=' 'alias_maps=' 'relay_domains=' \
  'mynetworks=127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16' \
  'smtpd_relay_restrictions=permit_mynetworks,reject' 'smtpd_tls_security_level=none' \
  'smtp_tls_security_level=may' 'smtp_tls_CAfile=/etc/ssl/certs/ca-certificates.crt' 'smtp_address_preference=ipv4' \
  "relayhost=${RELAYHOST:-}" 'maillog_file=/dev/stdout' 'compatibility_level=3.6'
if [ -n "${RELAYHOST_LOGIN:-}" ]; then
  postconf -e 'smtp_sasl_auth_enable=yes' "smtp_sasl_password_maps=inline:{ {${RELAYHOST} = ${RELAYHOST_LOGIN}} }" \
    'smtp_sasl_security_options=noanonymous' 'smtp_tls_security_level=encrypt'
fi
# One door, above 1024; none at 25, and no chroot, which the files of a container lack.
postconf -M# smtp/inet
postconf -M '2525/inet=2525 inet n - n - - smtpd'
postconf -F '*/*/chroot=n'
exec postfix start-fg
