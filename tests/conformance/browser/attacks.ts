/** How a page makes a browser ask for an address: JavaScript that runs in the page, where `address` is that address. */

const element = (name: string, properties: string): string =>
  `document.body.append(Object.assign(document.createElement('${name}'), ${properties}))`

const click = (properties: string): string =>
  `Object.assign(document.createElement('a'), ${properties}).click()`

const form = (enctype: string): string =>
  `const form = Object.assign(document.createElement('form'), { method: 'POST', action: address, enctype: '${enctype}' })
  document.body.append(form)
  form.submit()`

/** A page without an origin. */
const sandboxed = (method: string): string => `
  const options = '{ method: "${method}", mode: "no-cors" }'
  const srcdoc = '<script>fetch(' + JSON.stringify(address) + ', ' + options + ')</script>'
  ${element('iframe', `{ sandbox: 'allow-scripts', srcdoc }`)}`

export const gets: Readonly<Record<string, string>> = {
  'an image': 'new Image().src = address',
  'an image without a referrer': `Object.assign(new Image(), { referrerPolicy: 'no-referrer', src: address })`,
  'a redirected image': `new Image().src = '/to?' + encodeURIComponent(address)`,
  'a script': element('script', '{ src: address }'),
  'a style sheet': element('link', `{ rel: 'stylesheet', href: address }`),
  'a prefetched page': element('link', `{ rel: 'prefetch', href: address }`),
  'a video': element('video', '{ src: address }'),
  'a frame': element('iframe', '{ src: address }'),
  'a sandboxed frame': sandboxed('GET'),
  'fetch without CORS': `fetch(address, { mode: 'no-cors' }).catch(() => {})`,
  'fetch with CORS': 'fetch(address).catch(() => {})',
  'events from a server': 'new EventSource(address)',
  'a worker': `
    const text = 'importScripts(' + JSON.stringify(address) + ')'
    new Worker(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })))`,
  'a WebSocket': `new WebSocket(address.replace('http:', 'ws:'))`,
  'a link': click('{ href: address }'),
  'a link without a referrer': click(`{ href: address, rel: 'noreferrer', target: '_blank' }`),
  'a new window': 'window.open(address)',
  'another page in its place': 'location.replace(address)',
}

export const posts: Readonly<Record<string, string>> = {
  'a form': form('application/x-www-form-urlencoded'),
  'a form of plain text': form('text/plain'),
  'fetch without CORS': `fetch(address, { method: 'POST', mode: 'no-cors' }).catch(() => {})`,
  'fetch with CORS': `fetch(address, { method: 'POST' }).catch(() => {})`,
  'a sandboxed frame': sandboxed('POST'),
  'a beacon': 'navigator.sendBeacon(address)',
  'the ping of a link': click(`{ href: '#here', ping: address }`),
}
