/** Why a request is not let in, in words for whoever sent it and for the terminal. */
import type { RefusedRequest } from '../../kernel/refused-requests.ts'
import { readOrigin } from './web-origin.ts'

const ADDRESS_IT = 'address the cloud as 127.0.0.1 or localhost'

export const noHost: RefusedRequest = {
  from: 'no host',
  message: 'This request does not say which host it is for.',
  fix: `send a Host header: ${ADDRESS_IT}`,
}

export const foreignHost = (host: string): RefusedRequest => ({
  from: `host ${printable(host)}`,
  message: `The host "${printable(host)}" is not this machine: only loopback and AWS's own host names are answered.`,
  fix: ADDRESS_IT,
})

export const severalHosts = (hosts: readonly string[]): RefusedRequest => ({
  from: `hosts ${printable(hosts.join(', '))}`,
  message: `This request names several hosts: ${printable(hosts.join(', '))}.`,
  fix: 'send one Host header, the host of the address',
})

/** `sent` is the Origin header. */
export function foreignOrigin(sent: string): RefusedRequest {
  const shown = printable(sent)
  return {
    from: `origin ${shown}`,
    message:
      sent === 'null'
        ? 'A web page without an origin (a file, a sandboxed frame, a redirect) made this request.'
        : `A web page of ${shown} made this request; pages of other origins are refused.`,
    fix:
      readOrigin(sent) === undefined
        ? 'serve the page under an origin of its own, and allow that with --allow-origin'
        : `if it is an application of yours, start the cloud with --allow-origin ${shown}`,
  }
}

/** `site` is the Sec-Fetch-Site header. */
export const otherSite = (site: string): RefusedRequest => ({
  from: `Sec-Fetch-Site ${printable(site)}`,
  message: `A web page of another origin made this request (Sec-Fetch-Site: ${printable(site)}).`,
  fix: 'if it is an application of yours, start the cloud with --allow-origin and its origin; its Referer must tell it',
})

export const browserUnderAwsName: RefusedRequest = {
  from: "a browser, under a name of AWS's",
  message:
    "A browser made this request under a name of AWS's, where it does not say which page asked for it.",
  fix: ADDRESS_IT,
}

export const silentBrowser: RefusedRequest = {
  from: 'a browser that does not say which page asked',
  message: 'A browser made this request, and does not say which page asked for it.',
  fix: 'use a browser that sends Sec-Fetch-Site',
}

export const notForPeople: RefusedRequest = {
  from: 'an address opened in a browser',
  message:
    'This address was opened in a browser, where it could have been planted, and it may change things.',
  fix: 'make the call with an AWS client, git, or the client of an image registry',
}

/** Header values come from strangers and are shown on terminals. */
function printable(text: string): string {
  const shown = text.replace(/[^ -~]/g, '?')
  return shown.length > 200 ? `${shown.slice(0, 200)}…` : shown
}
