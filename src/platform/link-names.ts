/** The addresses of a link as clients see them: `ip:port`, `[ip6]:port`, `path:0`. */

export interface LinkNames {
  readonly kind: 'tcp' | 'unix'
  readonly remote: string
  readonly local: string
  /** The peer's address alone. */
  readonly host: string
}

export function unixNames(path: string): LinkNames {
  return { kind: 'unix', remote: `${path}:0`, local: `${path}:0`, host: '' }
}

export interface Endpoint {
  readonly address?: string | undefined
  readonly port?: number | undefined
}

export function tcpNames(remote: Endpoint, local: Endpoint): LinkNames {
  return { kind: 'tcp', remote: shown(remote), local: shown(local), host: plainHost(remote.address) }
}

function shown(endpoint: Endpoint): string {
  const host = plainHost(endpoint.address)
  return host.includes(':') ? `[${host}]:${endpoint.port ?? 0}` : `${host}:${endpoint.port ?? 0}`
}

/** IPv4 addresses that came in over an IPv6 socket, as IPv4. */
function plainHost(address: string | undefined): string {
  if (address === undefined) return '?'
  return address.startsWith('::ffff:') ? address.slice(7) : address
}
