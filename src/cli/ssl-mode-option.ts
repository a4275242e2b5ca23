import { Option } from 'commander'
import { SSL_MODES } from '../domain/mysql-server.ts'

/** How connections to another MySQL are protected: by the name and the words that MySQL's own clients have for it. */
export function sslModeOption(): Option {
  return new Option('--ssl-mode <mode>', 'whether by TLS; by default PREFERRED').choices(SSL_MODES)
}
