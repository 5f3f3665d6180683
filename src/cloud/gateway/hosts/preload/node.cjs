/**
 * Leads TLS connections of a Node process to AWS's host names to the cloud: the one function that every HTTP library ends
 * at is replaced. The cloud's authority is trusted for these names alone, and nothing else changes.
 */
const { syncBuiltinESMExports } = require('node:module')
const tls = require('node:tls')

module.exports = ({ port, authority, hosts }) => {
  const rule = new RegExp(`^(?:${hosts})$`)
  const isCaught = (host) =>
    typeof host === 'string' && host.length <= 255 && rule.test(host.toLowerCase().replace(/\.$/, ''))
  const { connect } = tls

  /** Gives the options with which a connection is made, or undefined where it is none of the cloud's. */
  const ledHere = (options) => {
    const host = options.servername || options.host || options.hostname
    if (options.path || !isCaught(host)) return undefined
    // A tunnel through a proxy is there already; the cloud is at its end where the proxy is the cloud.
    const trusting = { ...options, secureContext: undefined, ca: authority }
    if (options.socket) return trusting
    if (Number(options.port || 443) !== 443) return undefined
    const own = { host: '127.0.0.1', port, servername: host, lookup: undefined, localAddress: undefined }
    return { ...trusting, ...own, hostname: undefined, family: 4 }
  }

  tls.connect = function connectOrLead(...given) {
    const options = { ...given.find((one) => typeof one === 'object' && one !== null) }
    if (typeof given[0] !== 'object') {
      options.port = given[0]
      if (typeof given[1] === 'string') options.host = given[1]
    }
    const led = ledHere(options)
    return led ? connect.call(this, led, ...given.filter((one) => typeof one === 'function')) : connect.apply(this, given)
  }
  syncBuiltinESMExports()
}
