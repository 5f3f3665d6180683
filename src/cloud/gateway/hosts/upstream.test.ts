/** The user's own proxy is taken as the usual clients take it. */
import { expect, test } from 'vitest'
import { proxyFor } from './upstream.ts'

const HTTPS_PROXY = 'http://proxy.example:3128'

test.each([
  [{}, 'a.example', undefined],
  [{ HTTPS_PROXY }, 'a.example', HTTPS_PROXY],
  [{ https_proxy: 'other.example:1', HTTPS_PROXY }, 'a.example', 'http://other.example:1'],
  [{ ALL_PROXY: HTTPS_PROXY }, 'a.example', HTTPS_PROXY],
  [{ HTTPS_PROXY: 'socks5://proxy.example' }, 'a.example', undefined],
  [{ HTTPS_PROXY, NO_PROXY: '*' }, 'a.example', undefined],
  [{ HTTPS_PROXY, NO_PROXY: 'b.example, a.example' }, 'a.example', undefined],
  [{ HTTPS_PROXY, NO_PROXY: 'b.example a.example' }, 'A.example.', undefined],
  [{ HTTPS_PROXY, no_proxy: '.example' }, 'a.example', undefined],
  [{ HTTPS_PROXY, no_proxy: '*.example' }, 'a.example', undefined],
  [{ HTTPS_PROXY, NO_PROXY: 'a.example:443' }, 'a.example', undefined],
  [{ HTTPS_PROXY, NO_PROXY: 'a.example:8443' }, 'a.example', HTTPS_PROXY],
  [{ HTTPS_PROXY, NO_PROXY: 'ample' }, 'a.example', HTTPS_PROXY],
  [{ HTTPS_PROXY, NO_PROXY: '10.0.0.0/8' }, '10.1.2.3', undefined],
  [{ HTTPS_PROXY, NO_PROXY: '10.0.0.0/8,x/y,1.2.3.4/99' }, '11.1.2.3', HTTPS_PROXY],
  [{ HTTPS_PROXY, NO_PROXY: 'fd00::/8' }, '[fd12::1]', undefined],
  // Never asked for what is on this machine.
  [{ HTTPS_PROXY }, 'localhost', undefined],
  [{ HTTPS_PROXY }, '127.0.0.2', undefined],
  [{ HTTPS_PROXY }, '[::1]', undefined],
] as const)('%o for %s: %s', (environment, host, proxy) => {
  expect(proxyFor(host, 443, environment)?.origin).toBe(proxy)
})
