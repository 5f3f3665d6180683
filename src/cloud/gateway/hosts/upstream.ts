/** Connections to the world outside: through the proxy that the user's environment names, where it names one. */
import { request } from 'node:http'
import { request as requestSecurely } from 'node:https'
import { BlockList, connect, isIP, type Socket } from 'node:net'

type Environment = Readonly<Record<string, string | undefined>>

/** Milliseconds until a connection has to be there. */
const PATIENCE = 30_000

/**
 * Gives the proxy for TLS to a host, or undefined where there is none or `NO_PROXY` excepts the host. Names of one letter
 * case win over the others as in curl: the lower one.
 */
export function proxyFor(host: string, port: number, environment: Environment): URL | undefined {
  const read = (name: string) => environment[name.toLowerCase()] || environment[name]
  const proxy = read('HTTPS_PROXY') || read('ALL_PROXY')
  if (!proxy || isExcepted(host, port, `localhost,127.0.0.0/8,::1,${read('NO_PROXY') ?? ''}`))
    return undefined
  const url = new URL(proxy.includes('://') ? proxy : `http://${proxy}`)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined
}

/** `*`, names with all below them (`.example.com`, `*.example.com` are the same), addresses, blocks of addresses. */
function isExcepted(host: string, port: number, list: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$|\.$/g, '')
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true
      if (entry.includes('/')) return isInBlock(name, entry)
      const [, only = '', onlyPort] =
        /^(.*?)(?::(\d+))?$/.exec(isIP(entry) ? `${entry}:${port}` : entry) ?? []
      const domain = only.replace(/^\*?\./, '')
      if (onlyPort !== undefined && Number(onlyPort) !== port) return false
      return name === domain || (isIP(name) === 0 && name.endsWith(`.${domain}`))
    })
}

function isInBlock(address: string, block: string): boolean {
  const [base = '', length = ''] = block.split('/')
  const kind = isIP(base) === 6 ? 'ipv6' : 'ipv4'
  if (isIP(address) !== isIP(base) || isIP(base) === 0) return false
  try {
    const list = new BlockList()
    list.addSubnet(base, Number(length), kind)
    return list.check(address, kind)
  } catch {
    return false
  }
}

/** Gives a connection to a host. Errors: plain ones of the network, or what the proxy said. */
export function connectOut(host: string, port: number, environment: Environment): Promise<Socket> {
  const proxy = proxyFor(host, port, environment)
  return proxy ? throughProxy(proxy, host, port) : directly(host, port)
}

function directly(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port })
    const timer = setTimeout(() => socket.destroy(new Error(`${host}:${port} does not answer`)), PATIENCE)
    socket.once('error', reject)
    socket.once('close', () => clearTimeout(timer))
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.removeListener('error', reject)
      resolve(socket)
    })
  })
}

function throughProxy(proxy: URL, host: string, port: number): Promise<Socket> {
  const user = decodeURIComponent(proxy.username)
  const credentials = Buffer.from(`${user}:${decodeURIComponent(proxy.password)}`).toString('base64')
  return new Promise((resolve, reject) => {
    const asking = (proxy.protocol === 'https:' ? requestSecurely : request)({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: `${host}:${port}`,
      headers: {
        host: `${host}:${port}`,
        ...(user === '' ? {} : { 'proxy-authorization': `Basic ${credentials}` }),
      },
      timeout: PATIENCE,
      agent: false,
    })
    asking.once('timeout', () => asking.destroy(new Error(`the proxy ${proxy.host} does not answer`)))
    asking.once('error', reject)
    asking.once('response', (response) => {
      response.destroy()
      reject(new Error(`the proxy ${proxy.host} answers ${response.statusCode}`))
    })
    asking.once('connect', (response, socket, head) => {
      if (response.statusCode !== 200) {
        socket.destroy()
        return reject(new Error(`the proxy ${proxy.host} answers ${response.statusCode}`))
      }
      socket.setTimeout(0)
      if (head.length) socket.unshift(head)
      resolve(socket as Socket)
    })
    asking.end()
  })
}
