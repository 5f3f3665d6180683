/**
 * Leads TLS connections of a Node process to AWS's host names to the cloud: the one function that every HTTP library ends
 * at is replaced. The cloud's authority is trusted for these names alone, and nothing else changes. A few names are led
 * there without TLS too, at port 80.
 */
const { syncBuiltinESMExports } = require('node:module')
const net = require('node:net')
const tls = require('node:tls')

const ruleFor = (hosts) => {
  const rule = new RegExp(`^(?:${hosts})$`)
  return (host) =>
    typeof host === 'string' && host.length <= 255 && rule.test(host.toLowerCase().replace(/\.$/, ''))
}

module.exports = ({ port, authority, hosts, plain }) => {
  leadPlainly(plain)
  const isCaught = ruleFor(hosts)
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

/** Every connection without TLS ends at the socket's own function, which is given what was asked for as a list or one by one. */
function leadPlainly({ port, hosts }) {
  const isCaught = ruleFor(hosts)
  const { connect } = net.Socket.prototype
  net.Socket.prototype.connect = function connectOrLead(...given) {
    const list = Array.isArray(given[0]) ? given[0] : given
    const [first, second] = list
    const asked = typeof first === 'object' && first !== null ? first : { port: first, host: second }
    if (Number(asked.port) === 80 && isCaught(asked.host)) {
      const rest = list.slice(1).filter((one) => typeof one !== 'string')
      // The list that the net module makes is marked as such, so that it is kept.
      list.splice(0, list.length, { ...asked, host: '127.0.0.1', port, lookup: undefined, family: 4 }, ...rest)
    }
    return connect.apply(this, given)
  }
}
