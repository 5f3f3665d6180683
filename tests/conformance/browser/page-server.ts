/** The web servers whose pages a developer visits, good and evil: one on this machine under every name. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { afterAll } from 'vitest'

/** The application as its developer's tools bundle it, SDKs and all. */
async function bundledApplication(): Promise<string> {
  const input = fileURLToPath(new URL('application.js', import.meta.url))
  const build = await rolldown({ input, platform: 'browser', logLevel: 'silent' })
  const { output } = await build.generate({ format: 'iife', codeSplitting: false })
  await build.close()
  return output[0].code
}

/** Serves an empty page, the application at `/application`, and `/to?<address>`, which redirects. Gives the port. */
export async function servePages(): Promise<number> {
  const application = await bundledApplication()
  const server = createServer(({ url = '/' }, response) => {
    if (url.startsWith('/to?')) {
      response.writeHead(302, { location: decodeURIComponent(url.slice('/to?'.length)) }).end()
      return
    }
    const script = url === '/application' ? application.replaceAll('</script', '<\\/script') : ''
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    response.end(`<!doctype html><title>page</title><link rel=icon href=data:><script>${script}</script>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}
