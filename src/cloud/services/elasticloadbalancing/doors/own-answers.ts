/** What a load balancer answers by itself: fixed responses, redirects, errors. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Action, Listener } from '../state.ts'

/** AWS: what the load balancer's own answers call their server. */
const SERVER = 'awselb/2.0'

const TITLES: Readonly<Record<number, string>> = {
  400: '400 Bad Request',
  403: '403 Forbidden',
  405: '405 Not Allowed',
  413: '413 Request Entity Too Large',
  502: '502 Bad Gateway',
  503: '503 Service Temporarily Unavailable',
  504: '504 Gateway Time-out',
}

/** AWS: errors of its own come as a small page. */
export function answerError(response: ServerResponse, status: number): void {
  const title = TITLES[status] ?? `${status} ${STATUS_CODES[status] ?? ''}`
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
  send(response, status, { 'content-type': 'text/html' }, page)
}

/** AWS: a fixed response has no content type of its own where it has no text. */
export function answerFixed(response: ServerResponse, { FixedResponseConfig: config }: Action): number {
  const { StatusCode = '200', ContentType = 'text/plain', MessageBody = '' } = config ?? {}
  const status = Number(StatusCode)
  send(response, status, { 'content-type': `${ContentType}; charset=utf-8` }, MessageBody)
  return status
}

/** AWS: parts of the request's own address stand for themselves: #{protocol}, #{host}, #{port}, #{path}, #{query}. */
export function answerRedirect(
  { response, request }: { readonly response: ServerResponse; readonly request: IncomingMessage },
  listener: Pick<Listener, 'protocol' | 'port'>,
  { RedirectConfig: config }: Action,
): number {
  const status = config?.StatusCode === 'HTTP_301' ? 301 : 302
  const location = redirectTarget(
    { url: request.url ?? '/', host: request.headers.host ?? '' },
    listener,
    config,
  )
  send(response, status, { 'content-type': 'text/html', location }, '')
  return status
}

/** Gives the address that a request is sent on to. */
export function redirectTarget(
  { url, host }: { readonly url: string; readonly host: string },
  { protocol, port }: Pick<Listener, 'protocol' | 'port'>,
  config: Action['RedirectConfig'],
): string {
  const mark = url.indexOf('?')
  const own: Readonly<Record<string, string>> = {
    protocol: protocol.toLowerCase(),
    host: host.replace(/:\d*$/, ''),
    port: /:(\d+)$/.exec(host)?.[1] ?? String(port),
    path: (mark < 0 ? url : url.slice(0, mark)).replace(/^\//, ''),
    query: mark < 0 ? '' : url.slice(mark + 1),
  }
  const filled = (text = ''): string =>
    text.replace(/#\{(protocol|host|port|path|query)\}/g, (_, name) => own[name]!)
  const { Protocol, Port, Host, Path, Query } = config ?? {}
  const query = filled(Query)
  const scheme = filled(Protocol).toLowerCase()
  return `${scheme}://${filled(Host)}:${filled(Port)}${filled(Path)}${query ? `?${query}` : ''}`
}

function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  const length = Buffer.byteLength(body)
  response.writeHead(status, { server: SERVER, ...headers, 'content-length': length })
  response.end(body)
}
