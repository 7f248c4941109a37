/** Encrypted connections. */

import { integer } from '../number-types.js'
import { ParameterFlag as Flag, parameter } from '../parameter.js'
import { bool, oneOf, optionalString } from '../simple-types.js'

/** The name may stay while the file behind it changes, hence `volatile`. */
const file = (since: string, doc: string) =>
  parameter(optionalString(), '', { flags: Flag.volatile, since, generation: 'tls', doc })

const text = (since: string, doc: string) => parameter(optionalString(), '', { since, generation: 'tls', doc })

export const tls = {
  'tls-port': parameter(integer(0, 65535), 0, {
    since: '6.0.0',
    generation: 'tls',
    doc: 'Port for encrypted connections of clients; 0 opens none.',
  }),
  'tls-cert-file': file('6.0.0', 'Certificate of the server (PEM).'),
  'tls-key-file': file('6.0.0', 'Private key that belongs to it (PEM).'),
  'tls-key-file-pass': text('6.2.0', 'Password of that key.'),
  'tls-client-cert-file': file('6.2.0', 'Certificate for outgoing connections, if it is to be another one.'),
  'tls-client-key-file': file('6.2.0', 'Private key that belongs to it.'),
  'tls-client-key-file-pass': text('6.2.0', 'Password of that key.'),
  'tls-dh-params-file': file('6.0.0', 'Parameters for Diffie-Hellman key exchange, for old versions of OpenSSL.'),
  'tls-ca-cert-file': file('6.0.0', 'Certificates of the authorities that are trusted.'),
  'tls-ca-cert-dir': file('6.0.0', 'Directory with such certificates.'),
  'tls-auth-clients': parameter(oneOf(['no', 'yes', 'optional']), 'yes', {
    since: '6.0.0',
    generation: 'tls',
    doc: 'Whether clients must show a certificate; "optional" checks one that is shown.',
  }),
  'tls-replication': parameter(bool, false, {
    since: '6.0.0',
    generation: 'tls',
    doc: 'Encrypt the link to the primary.',
  }),
  'tls-cluster': parameter(bool, false, {
    since: '6.0.0',
    generation: 'tls',
    doc: 'Encrypt the cluster bus.',
  }),
  'tls-protocols': text('6.0.0', 'Versions of TLS that are spoken, separated by blanks; empty for those of OpenSSL.'),
  'tls-ciphers': text('6.0.0', 'Ciphers up to TLS 1.2, in the notation of OpenSSL.'),
  'tls-ciphersuites': text('6.0.0', 'Cipher suites of TLS 1.3, in the notation of OpenSSL.'),
  'tls-prefer-server-ciphers': parameter(bool, false, {
    since: '6.0.0',
    generation: 'tls',
    doc: 'Follow the order of the server when choosing a cipher, not that of the client.',
  }),
  'tls-session-caching': parameter(bool, true, {
    since: '6.0.6',
    generation: 'tls',
    doc: 'Let clients resume a session, which saves most of the handshake.',
  }),
  'tls-session-cache-size': parameter(integer(0), 20 * 1024, {
    unit: 'entries',
    since: '6.0.6',
    generation: 'tls',
    doc: 'How many sessions are remembered; 0 is no limit.',
  }),
  'tls-session-cache-timeout': parameter(integer(0), 300, {
    unit: 'seconds',
    since: '6.0.6',
    generation: 'tls',
    doc: 'How long a session can be resumed.',
  }),
}
